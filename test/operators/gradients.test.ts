import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountingAlu } from '../../src/core/alu.ts';
import { countOf, type Shape } from '../../src/core/shape.ts';
import type { Tensor, Values } from '../../src/core/tensor.ts';
import { countMacs, countOperations } from '../../src/core/work.ts';
import type { Gradient, Pass } from '../../src/operators/kit/gradient.ts';
import { type OperatorName, operatorNames, operatorOf } from '../../src/operators/registry.ts';
import { DRAWN, type Drawn, drawnNames, isRefused } from './drawn.ts';

// Every backward kernel, on random shapes: its gradients are those of central differences in float64, and it executes what is predicted.

/** Keeps every element in double precision. */
class DoubleAlu extends CountingAlu {
  override zeros(shape: Shape): Tensor {
    return { shape, data: new Float64Array(countOf(shape)) as unknown as Values };
  }
}

const numbers = ({ data }: Tensor): Float64Array => data as unknown as Float64Array;

/** Numbers from a seed, all apart from each other and from the bends of activations. */
function random(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x9e37_79b9) | 0;
    const unit = ((state >>> 0) + 0.5) / 2 ** 32;
    return 0.137 + 1.7 * (unit - 0.5);
  };
}

const filled = (shape: Shape, next: () => number): Tensor => ({
  shape,
  data: Float64Array.from({ length: countOf(shape) }, next) as unknown as Values,
});

const executed = (name: OperatorName): Gradient<unknown> | undefined => {
  const { gradient } = operatorOf(name);
  return 'none' in gradient || gradient.run === 'not executed yet' ? undefined : gradient;
};

/** The operators whose gradients are executed; these only become more. */
const EXECUTED: readonly OperatorName[] = [
  'conv',
  'linear',
  'matmul',
  'layernorm',
  'relu',
  'relu6',
  'leakyrelu',
  'elu',
  'gelu',
  'silu',
  'sigmoid',
  'tanh',
  'softmax',
  'hardsigmoid',
  'hardswish',
  'add',
  'multiply',
  'concat',
  'split',
  'slice',
  'shuffle',
  'flatten',
  'reshape',
  'permute',
  'pad',
  'roll',
  'embedding',
  'splitheads',
  'mergeheads',
  'identity',
];

function check(name: OperatorName, { attributes, inputs }: Drawn, seed: number): void {
  const operator = operatorOf(name);
  const gradient = executed(name) as Gradient<unknown>;
  const parsed = operator.attributes.parse(attributes);
  const next = random(seed);
  const rows = operator.ids?.(parsed);
  const id = () => Math.floor(Math.abs(next()) * 1000) % (rows as number);
  const tensors = inputs.map((shape, index) => filled(shape, index === 0 && rows !== undefined ? id : next));
  const held = operator.weights(parsed, inputs);
  const weights = Object.fromEntries(Object.entries(held).map(([role, { shape }]) => [role, filled(shape, next)]));
  const run = () => operator.run(parsed, tensors, operator.prepare(parsed, weights, new DoubleAlu()), new DoubleAlu());
  const outputs = run();
  const gradients = outputs.map(({ shape }) => filled(shape, next));
  const pass: Pass = { inputs: tensors, outputs, weights, gradients };
  const alu = new DoubleAlu();
  const result = (gradient.run as Exclude<typeof gradient.run, string>)(parsed, pass, alu, new DoubleAlu());

  const learned = Object.keys(held).filter((role) => held[role]?.learned === true);
  const needs = { inputs: inputs.map(() => true), weights: Object.fromEntries(learned.map((role) => [role, true])) };
  const flows = gradient.inputs(parsed, inputs);
  const work = [
    ...gradient.between(parsed, inputs, needs),
    ...flows.flatMap((one) => (one === 'none' ? [] : one)),
    ...Object.values(gradient.weights(parsed, inputs)).flat(),
  ];
  const counts = alu.counts();
  expect({ macs: counts.macs, operations: counts.operations }).toEqual({ macs: countMacs(work), operations: countOperations(work) });

  /** The sum of all outputs, each times its gradient: what the gradients are the slope of. */
  const loss = (): number =>
    run().reduce(
      (sum, output, i) => sum + numbers(output).reduce((part, y, j) => part + y * (numbers(gradients[i] as Tensor)[j] as number), 0),
      0,
    );
  const STEP = 1e-6;
  const compare = (of: Tensor, computed: Tensor): void => {
    const elements = numbers(of);
    expect(computed.shape).toEqual(of.shape);
    for (let i = 0; i < elements.length; i += Math.max(1, Math.floor(elements.length / 8))) {
      const before = elements[i] as number;
      elements[i] = before + STEP;
      const above = loss();
      elements[i] = before - STEP;
      const below = loss();
      elements[i] = before;
      const slope = (above - below) / (2 * STEP);
      expect(Math.abs((numbers(computed)[i] as number) - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
    }
  };
  for (const [index, tensor] of tensors.entries()) if (flows[index] !== 'none') compare(tensor, result.inputs[index] as Tensor);
  for (const role of learned) compare(weights[role] as Tensor, result.weights[role] as Tensor);
}

describe('on random shapes, gradients are the slopes of the outputs, and cost what is predicted', () => {
  const names = drawnNames.filter((name) => executed(name) !== undefined);

  it.each(names)('%s', (name) => {
    fc.assert(
      fc.property(DRAWN[name], fc.nat(), (drawn, seed) => {
        // Nothing flows back through statistics that are outputs too.
        fc.pre(!isRefused(name, drawn) && !('statistics' in drawn.attributes && drawn.attributes.statistics === true));
        check(name, drawn, seed);
      }),
      { numRuns: 25 },
    );
  });

  it('executes the gradients of all these', () => {
    const all = operatorNames.filter((name) => executed(name) !== undefined);
    expect(EXECUTED.filter((name) => !all.includes(name))).toEqual([]);
    console.info(`gradients executed: ${all.join(', ')}`);
  });
});
