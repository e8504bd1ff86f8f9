import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../src/core/tensor.ts';
import { type Executed, execute } from '../../src/execute/interpreter.ts';
import { syntheticInputs, syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { type OperatorName, operatorOf } from '../../src/operators/index.ts';
import { DRAWN, type Drawn, drawnNames, isRefused } from '../operators/drawn.ts';
import { differenceOf, modelOf, runIn } from './onnxruntime.ts';

// Every operator, with shapes and attributes that nobody thought of: the exported file, run by onnxruntime, gives what the
// reference kernel gives. All that is drawn for an operator is one file, side by side, since to load one takes long.

const RUNS = 30;
const SEED = 1;

/** Layers that have nothing to do with each other: each with inputs and outputs of its own. */
function sideBySide(name: OperatorName, drawn: readonly Drawn[]): Graph {
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

describe('exported and run by onnxruntime, every operator gives what its kernel gives', () => {
  it.each(drawnNames)('%s', async (name) => {
    const fitting = (DRAWN[name] as fc.Arbitrary<Drawn>).filter((drawn) => !isRefused(name, drawn));
    const drawn = fc.sample(fitting, { numRuns: RUNS, seed: SEED });
    const graph = sideBySide(name, drawn);
    const executed: Executed[] = [...execute(graph, { seed: SEED })];
    const expected = executed.flatMap(({ outputs }) => outputs);
    const cases = executed.flatMap(({ outputs }, i) => outputs.map(() => JSON.stringify(drawn[i])));
    const actual = await runIn(modelOf(graph, syntheticWeights(graph, SEED)), syntheticInputs(graph, SEED));
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    const wrong = actual.map(({ numbers }, i) => differenceOf(numbers, numbersOf(expected[i] as (typeof expected)[number])));
    expect(cases.filter((_, i) => (wrong[i] as number) > 1e-3)).toEqual([]);
  });
});
