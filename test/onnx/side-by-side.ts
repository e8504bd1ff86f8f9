import fc from 'fast-check';
import { GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';
import { DRAWN, type Drawn, isRefused } from '../operators/drawn.ts';

const RUNS = 30;

/** Attributes and shapes that an operator takes, drawn at random. */
export function fitting(name: keyof typeof DRAWN, seed: number): Drawn[] {
  const drawn = (DRAWN[name] as fc.Arbitrary<Drawn>).filter((one) => !isRefused(name, one));
  return fc.sample(drawn, { numRuns: RUNS, seed });
}

/** Layers of an operator that have nothing to do with each other: each with inputs and outputs of its own. */
export function sideBySide(name: OperatorName, drawn: readonly Drawn[]): Graph {
  const builder = new GraphBuilder();
  const all: { readonly shape: readonly number[] }[] = [];
  const outputs = drawn.flatMap(({ attributes, inputs }) => {
    const tensors = inputs.map((shape) => ({ shape }));
    all.push(...tensors);
    const checked = operatorOf(name).attributes.parse(attributes);
    return builder.add({ operator: name, attributes: checked, inputs: tensors, scope: builder.root, name });
  });
  return builder.finish(
    name,
    '',
    all.map((tensor, i) => ({ name: `x${i}`, tensor })),
    outputs,
  );
}
