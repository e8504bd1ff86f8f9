import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountingAlu } from '../../src/core/alu.ts';
import { elementCount, type Shape } from '../../src/core/shape.ts';
import type { Elements, Tensor } from '../../src/core/tensor.ts';
import { countMacs, countOperations, type Work } from '../../src/core/work.ts';
import type { Gradient, Pass } from '../../src/operators/kit/gradient.ts';
import { type OperatorName, operatorNames, operatorOf } from '../../src/operators/registry.ts';
import { DRAWN, type Drawn, drawnNames, isRefused } from './drawn.ts';

// Every backward kernel, on random shapes: its gradients are those of central differences in float64, and it executes what is predicted.

/** Keeps every element in double precision. */
class DoubleAlu extends CountingAlu {
  override zeros(shape: Shape): Tensor {
    return { shape, data: new Float64Array(elementCount(shape)) as unknown as Elements };
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
  data: Float64Array.from({ length: elementCount(shape) }, next) as unknown as Elements,
});

const gradientOf = (name: OperatorName): Gradient<unknown> | undefined => {
  const { gradient } = operatorOf(name);
  return 'none' in gradient ? undefined : gradient;
};

/** Nothing flows back through these. */
const WITHOUT: readonly OperatorName[] = ['deltarule', 'nms', 'unknown'];

/** Where a function has a slope, if not everywhere. */
const POSITIVE = ['log', 'sqrt', 'power', 'divide', 'logsum', 'prod', 'reciprocal'];
const ABOVE_ONE = ['acosh'];
const shifted = (attributes: object): number => {
  const names = Object.values(attributes);
  if (names.some((name) => ABOVE_ONE.includes(name))) return 2;
  return names.some((name) => POSITIVE.includes(name)) ? 1 : 0;
};

interface Setting {
  readonly pass: Pass;
  /** Computes the outputs again, from the elements as they are now. */
  readonly run: () => readonly Tensor[];
  readonly parsed: unknown;
}

/** A layer with random elements, and random gradients of its outputs. */
function settingOf(name: OperatorName, { attributes, inputs }: Drawn, seed: number): Setting {
  const operator = operatorOf(name);
  const gradient = gradientOf(name) as Gradient<unknown>;
  const parsed = operator.attributes.parse(attributes);
  const next = random(seed);
  const shift = shifted(attributes);
  const rows = operator.ids?.(parsed);
  const id = () => Math.floor(Math.abs(next()) * 1000) % (rows as number);
  const tensors = inputs.map((shape, index) => filled(shape, index === 0 && rows !== undefined ? id : () => next() + shift));
  const held = operator.weights(parsed, inputs);
  const weights = Object.fromEntries(
    Object.entries(held).map(([role, { shape, around }]) => [role, filled(shape, () => next() + (around === 1 ? 2 : 0))]),
  );
  const training = gradient.training;
  const run = () =>
    training === undefined
      ? operator.run(parsed, tensors, operator.prepare(parsed, weights, new DoubleAlu()), new DoubleAlu())
      : [training.run(parsed, tensors, weights, new DoubleAlu())];
  const outputs = run();
  const gradients = outputs.map(({ shape }, index) => (isPassedBack(name, index) ? filled(shape, next) : filled(shape, () => 0)));
  const flows = gradient.inputs(parsed, inputs);
  const learned = Object.keys(held).filter((role) => held[role]?.learned === true);
  const isAsked = () => next() > 0.137;
  const needs = {
    inputs: flows.map((flow) => flow !== 'none' && isAsked()),
    weights: Object.fromEntries(learned.map((role) => [role, isAsked()])),
  };
  return { pass: { inputs: tensors, outputs, weights, gradients, needs }, run, parsed };
}

/** Of the second output of some there is no slope: places. */
const isPassedBack = (name: OperatorName, output: number): boolean => output === 0 || !(name === 'topk' || name === 'maxpool');

const isAsking = ({ needs }: Pass): boolean => needs.inputs.includes(true) || Object.values(needs.weights).includes(true);

function check(name: OperatorName, drawn: Drawn, seed: number): void {
  const gradient = gradientOf(name) as Gradient<unknown>;
  const { pass, run, parsed } = settingOf(name, drawn, seed);
  const { inputs: tensors, weights, gradients, needs } = pass;
  if (!isAsking(pass)) return;
  const alus = { inputs: new DoubleAlu(), weights: new DoubleAlu(), kept: new DoubleAlu() };
  const result = gradient.run(parsed, pass, alus);

  const shapes = tensors.map(({ shape }) => shape);
  const flows = gradient.inputs(parsed, shapes);
  const toInputs = [
    ...gradient.between(parsed, shapes, needs),
    ...flows.flatMap((one, index) => (one === 'none' || needs.inputs[index] !== true ? [] : one)),
  ];
  const toWeights = Object.entries(gradient.weights(parsed, shapes)).flatMap(([role, work]) => (needs.weights[role] === true ? work : []));
  const counted = (alu: DoubleAlu) => ({ macs: alu.counts().macs, operations: alu.counts().operations });
  const predicted = (work: Work) => ({ macs: countMacs(work), operations: countOperations(work) });
  expect({ inputs: counted(alus.inputs), weights: counted(alus.weights) }).toEqual({
    inputs: predicted(toInputs),
    weights: predicted(toWeights),
  });

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
      // Nothing is said where the function itself is not there.
      if (Number.isNaN(slope)) continue;
      expect(Math.abs((numbers(computed)[i] as number) - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
    }
  };
  for (const [index, tensor] of tensors.entries())
    if (needs.inputs[index] === true) compare(tensor, result.inputs[index] as Tensor);
    else expect(result.inputs[index]).toBeUndefined();
  for (const [role, isNeeded] of Object.entries(needs.weights))
    if (isNeeded) compare(weights[role] as Tensor, result.weights[role] as Tensor);
    else expect(result.weights[role]).toBeUndefined();
}

describe('on random shapes, gradients are the slopes of the outputs, and cost what is predicted', () => {
  const names = drawnNames.filter((name) => gradientOf(name) !== undefined);

  it.each(names)('%s', (name) => {
    fc.assert(
      fc.property(DRAWN[name], fc.nat(), (drawn, seed) => {
        // Nothing flows back through statistics that are outputs too.
        fc.pre(!isRefused(name, drawn) && !('statistics' in drawn.attributes && drawn.attributes.statistics === true));
        // For what earlier steps left, which is fixed, the input stands in: it has no gradient from there.
        fc.pre(!(name === 'cache' && (drawn.attributes as { readonly past: number }).past > 0));
        check(name, drawn, seed);
      }),
      { numRuns: 20 },
    );
  });

  it('is added up where compress keeps an element twice', () => {
    check('move', { attributes: { by: 'compress', axis: 0, indices: [0, -1] }, inputs: [[1, 1, 3, 3]] }, 12);
  });

  it('leaves only these without', () => {
    expect(operatorNames.filter((name) => gradientOf(name) === undefined).toSorted()).toEqual([...WITHOUT].toSorted());
  });
});
