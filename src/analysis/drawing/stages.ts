import type { Analysis } from '../cost.ts';
import { stageOf } from '../group.ts';
import { layersOf } from './layers.ts';
import { type Label, tableText } from './look.ts';
import { type LabelRun, partsOf } from './summary.ts';

/** A stage of some models, as a row of Table 1 of He et al. 2015. */
export interface Stage {
  readonly name: string;
  /** By model: the size of what comes out; `undefined` where a model has no such stage. */
  readonly sizes: readonly (string | undefined)[];
  /** By model: what it consists of. */
  readonly parts: readonly (readonly LabelRun[])[];
}

/** Blocks that differ in nothing but where they stride are alike. */
const withoutStride = (label: Label): string => tableText({ ...label, stride: '' });

/** Names in an order in which each list has its own: what is new comes after what it follows. */
function merged(lists: readonly (readonly string[])[]): string[] {
  const all: string[] = [];
  for (const list of lists) {
    let at = 0;
    for (const name of list) {
      const found = all.indexOf(name);
      if (found < 0) all.splice(at, 0, name);
      at = (found < 0 ? at : found) + 1;
    }
  }
  return all;
}

/** The stages of models side by side. A model without stages has rows of its layers or blocks. */
export function stagesOf(analyses: readonly Analysis[]): Stage[] {
  const models = analyses.map((analysis) => {
    const { vertices } = layersOf(analysis);
    const stages = new Map<string, typeof vertices>();
    for (const vertex of vertices) {
      if (vertex.kind === 'input') continue;
      const name = stageOf(vertex.path).replace(/\[\d+\]$/, '');
      stages.set(name, [...(stages.get(name) ?? []), vertex]);
    }
    return stages;
  });
  return merged(models.map((stages) => [...stages.keys()]))
    .map((name) => ({
      name,
      sizes: models.map((stages) => stages.get(name)?.at(-1)?.size),
      parts: models.map((stages) => partsOf(stages.get(name) ?? [], 1, withoutStride)),
    }))
    .filter(({ parts }) => parts.some((own) => own.length > 0));
}
