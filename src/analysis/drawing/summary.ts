import type { Vertex } from './drawing.ts';
import { figureText, type Label } from './look.ts';

/** Labels in a row that belong together, so many times. */
export interface LabelRun {
  readonly labels: readonly Label[];
  readonly times: number;
  /** Whether all of them are the same in everything, not only in what counted as alike. */
  readonly isUniform: boolean;
}

const stepAt = (path: string, depth: number): string => path.split('/', depth + 1).join('/');

/** Runs of what has the same key. */
export function runs<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const found: T[][] = [];
  let last: string | undefined;
  for (const one of all) {
    const key = keyOf(one);
    if (key === last) found.at(-1)?.push(one);
    else found.push([one]);
    last = key;
  }
  return found;
}

/** The depth at which paths first part. */
function commonDepth(vertices: readonly Vertex[], from: number): number {
  const [first] = vertices;
  if (first === undefined) return from;
  const most = first.path.split('/').length;
  for (let depth = from; depth < most; depth++) {
    const step = stepAt(first.path, depth);
    if (!vertices.every(({ path }) => stepAt(path, depth) === step)) return depth;
  }
  return most;
}

/**
 * What a part of a network consists of, as in Table 1 of He et al. 2015: layers, and blocks in brackets with how many there are of them.
 * `keyOf` tells what counts as alike.
 */
export function partsOf(vertices: readonly Vertex[], depth: number, keyOf: (label: Label) => string): LabelRun[] {
  const labelled = vertices.filter(({ label }) => label !== undefined);
  const at = commonDepth(labelled, depth);
  const units = runs(labelled, ({ path }) => stepAt(path, at));
  const labelsOf = (unit: readonly Vertex[]): Label[] => unit.map(({ label }) => label as Label);
  const alike = (unit: readonly Vertex[]): string => labelsOf(unit).map(keyOf).join('\n');
  return runs(units, alike).flatMap((same): LabelRun[] => {
    const unit = same[0] as Vertex[];
    const inner = same.length === 1 && unit.length > 1 ? partsOf(unit, at + 1, keyOf) : [];
    if (inner.some(({ times }) => times > 1)) return inner;
    const texts = new Set(same.map((one) => labelsOf(one).map(figureText).join('\n')));
    return [{ labels: labelsOf(unit), times: same.length, isUniform: texts.size === 1 }];
  });
}
