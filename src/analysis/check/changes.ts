import { formatShape } from '../../core/shape.ts';
import { TOTAL_METRICS, type TotalMetric } from '../../language/budget.ts';
import type { Position } from '../../problems/problem.ts';
import { align, type Pair } from '../align.ts';
import type { LayerChange, LayerRecord, ModelChange, ModelRecord } from './result.ts';
import { isTold } from './usual-totals.ts';

/** What changed between a model as it was and as it is. */

/** What a layer is and costs, without where it stands. */
const contentOf = ({ operator, input, output, parameters, macs, activations, operations }: LayerRecord): string =>
  [operator, ...input.map(formatShape), '→', ...output.map(formatShape), parameters, macs, activations, operations].join(' ');

/** A layer with what it is told by. */
interface Known {
  readonly layer: LayerRecord;
  readonly content: string;
  /** The path without the numbers that its steps have where several share a name. */
  readonly unnumbered: string;
  /** Whether the other network has a layer of this path. */
  readonly isInBoth: boolean;
}

const known = (layers: readonly LayerRecord[], others: readonly LayerRecord[]): Known[] => {
  const paths = new Set(others.map(({ path }) => path));
  return layers.map((layer) => ({
    layer,
    content: contentOf(layer),
    unnumbered: layer.path.replace(/\[\d+\]/g, ''),
    isInBoth: paths.has(layer.path),
  }));
};

/**
 * How well two layers correspond: best where path and content are the same; then the same layer whose number moved because
 * one was put in before it, or whose name is gone; then a path that now holds something else.
 */
function likeness(a: Known, b: Known): number {
  const isSamePath = a.layer.path === b.layer.path;
  if (a.content !== b.content) return isSamePath ? 2 : 0;
  if (isSamePath) return 4;
  return a.unnumbered === b.unnumbered || !(a.isInBoth || b.isInBoth) ? 3 : 0;
}

/** The alignment takes the product of both lengths in time and memory; beyond this, layers are paired by their paths alone. */
const MAX_CELLS = 4_000_000;

function byPath(before: readonly Known[], after: readonly Known[]): Pair<Known, Known>[] {
  const old = new Map(before.map((one) => [one.layer.path, one]));
  return [
    ...before.filter(({ isInBoth }) => !isInBoth).map((one): Pair<Known, Known> => [one, undefined]),
    ...after.map((one): Pair<Known, Known> => [old.get(one.layer.path), one]),
  ];
}

/** How many of the first of both lists are the same. */
function commonStart(a: readonly Known[], b: readonly Known[]): number {
  const differs = a.findIndex((one, index) => {
    const other = b[index];
    return other === undefined || likeness(one, other) < 4;
  });
  return differs < 0 ? a.length : differs;
}

/** Pairs the layers of two networks, in order; what is the same at both ends needs no search. */
function pairLayers(before: readonly LayerRecord[], after: readonly LayerRecord[]): Pair<Known, Known>[] {
  const [a, b] = [known(before, after), known(after, before)];
  const start = commonStart(a, b);
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const end = commonStart(restA.toReversed(), restB.toReversed());
  const [middleA, middleB] = [restA.slice(0, restA.length - end), restB.slice(0, restB.length - end)];
  return middleA.length * middleB.length > MAX_CELLS ? byPath(middleA, middleB) : align(middleA, middleB, likeness);
}

/** What became of a layer; nothing where it stayed as it was. */
function changeOf([before, after]: Pair<Known, Known>): LayerChange[] {
  const change = { path: ((after ?? before) as Known).layer.path, before: before?.layer, after: after?.layer };
  if (before === undefined) return [{ kind: 'added', ...change }];
  if (after === undefined) return [{ kind: 'removed', ...change }];
  if (before.content !== after.content) return [{ kind: 'changed', ...change }];
  return before.layer.path === after.layer.path ? [] : [{ kind: 'renamed', ...change }];
}

/** The layers that were added, removed, changed or renamed, in the order of the network; those removed where they were. */
export const layerChanges = (before: readonly LayerRecord[], after: readonly LayerRecord[]): LayerChange[] =>
  pairLayers(before, after).flatMap(changeOf);

/** What changed from a model as it was, `undefined` where it was not there. `positionOf` finds layers in the file. */
export function changeSince(
  before: ModelRecord | undefined,
  after: ModelRecord,
  positionOf: (path: string) => Position | undefined,
): ModelChange {
  if (before === undefined) return { kind: 'added', totals: [], layers: [] };
  const totals = TOTAL_METRICS.map((metric) => ({ metric, before: before.totals[metric], after: after.totals[metric] }));
  const isMeant = (metric: TotalMetric): boolean => isTold(metric, before.totals) || isTold(metric, after.totals);
  const changed = totals.filter((total) => total.before !== total.after && isMeant(total.metric));
  const layers = layerChanges(before.layers, after.layers).map((change) => ({
    ...change,
    position: change.after === undefined ? undefined : positionOf(change.path),
  }));
  return { kind: changed.length + layers.length === 0 ? 'same' : 'changed', totals: changed, layers };
}
