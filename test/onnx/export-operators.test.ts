import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../src/core/tensor.ts';
import { type Executed, execute } from '../../src/execute/interpreter.ts';
import { syntheticInputs, syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import { drawnNames } from '../operators/drawn.ts';
import { differenceOf, modelOf, runIn } from './onnxruntime.ts';
import { fitting, sideBySide } from './side-by-side.ts';

// Every operator, with shapes and attributes that nobody thought of: the exported file, run by onnxruntime, gives what the
// reference kernel gives. All that is drawn for an operator is one file, side by side, since to load one takes long.

const SEED = 1;

describe('exported and run by onnxruntime, every operator gives what its kernel gives', () => {
  it.each(drawnNames)('%s', async (name) => {
    const drawn = fitting(name, SEED);
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
