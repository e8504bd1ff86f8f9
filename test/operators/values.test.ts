import { describe, expect, it } from 'vitest';
import { CountingAlu } from '../../src/core/alu.ts';
import type { Shape } from '../../src/core/shape.ts';
import { numbersOf, type Tensor, tensorOf } from '../../src/core/tensor.ts';
import { type OperatorName, operatorNames, operatorOf } from '../../src/operators/index.ts';

/** Inputs, and outputs that were worked out by hand. */
interface Example {
  readonly what: string;
  readonly attributes?: object;
  readonly inputs: readonly Tensor[];
  readonly weights?: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
}

/** A tensor, the last axis innermost. */
const of = (shape: Shape, ...numbers: readonly number[]): Tensor => tensorOf(shape, numbers);

/** A vector of a batch of one, and a line of one channel. */
const row = (...numbers: readonly number[]): Tensor => of([1, numbers.length], ...numbers);
const line = (...numbers: readonly number[]): Tensor => of([1, 1, numbers.length], ...numbers);
const vector = (...numbers: readonly number[]): Tensor => of([numbers.length], ...numbers);

const { E } = Math;
const sigmoid = (x: number) => 1 / (1 + E ** -x);
/** The normal distribution up to 1 and up to −2, from tables. */
const [UP_TO_1, UP_TO_MINUS_2] = [0.8413447461, 0.0227501319];

const upTo9 = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const EXAMPLES: { readonly [O in OperatorName]: readonly Example[] } = {
  conv: [
    {
      what: 'a kernel of 2×2 with a bias',
      attributes: { out: 1, kernel: 2 },
      inputs: [of([1, 1, 3, 3], ...upTo9)],
      weights: { kernel: of([1, 1, 2, 2], 1, 2, 3, 4), bias: vector(10) },
      outputs: [of([1, 1, 2, 2], 47, 57, 77, 87)],
    },
    {
      what: 'padding and stride; the kernel is not turned around',
      attributes: { out: 1, kernel: 3, padding: 1, stride: 2, bias: false },
      inputs: [of([1, 1, 3, 3], ...upTo9)],
      weights: { kernel: of([1, 1, 3, 3], ...upTo9) },
      outputs: [of([1, 1, 2, 2], 94, 106, 106, 94)],
    },
    {
      what: 'groups and dilation along one axis',
      attributes: { out: 2, kernel: 2, dilation: 2, groups: 2, bias: false },
      inputs: [of([1, 2, 3], 1, 2, 3, 4, 5, 6)],
      weights: { kernel: of([2, 1, 2], 1, 10, 100, 1000) },
      outputs: [of([1, 2, 1], 31, 6400)],
    },
    {
      what: 'channels add up, and each filter has its own output',
      attributes: { out: 2, kernel: 1, bias: false },
      inputs: [of([1, 2, 2], 1, 2, 3, 4)],
      weights: { kernel: of([2, 2, 1], 1, 10, 100, 1000) },
      outputs: [of([1, 2, 2], 31, 42, 3100, 4200)],
    },
    {
      what: 'a volume',
      attributes: { out: 1, kernel: 2, bias: false },
      inputs: [of([1, 1, 2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8)],
      weights: { kernel: of([1, 1, 2, 2, 2], 1, 0, 0, 0, 0, 0, 0, 10) },
      outputs: [of([1, 1, 1, 1, 1], 81)],
    },
  ],
  convtranspose: [
    {
      what: 'spreads each element, and adds where they overlap',
      attributes: { out: 1, kernel: 3, stride: 2, bias: false },
      inputs: [line(1, 2)],
      weights: { kernel: of([1, 1, 3], 1, 10, 100) },
      outputs: [line(1, 10, 102, 20, 200)],
    },
    {
      what: 'crops by the padding, keeps output padding, adds a bias',
      attributes: { out: 1, kernel: 3, stride: 2, padding: 1, outputpadding: 1 },
      inputs: [line(1, 2)],
      weights: { kernel: of([1, 1, 3], 1, 10, 100), bias: vector(0.5) },
      outputs: [line(10.5, 102.5, 20.5, 200.5)],
    },
    {
      what: 'groups',
      attributes: { out: 2, kernel: 1, groups: 2, bias: false },
      inputs: [of([1, 2, 1], 3, 5)],
      weights: { kernel: of([2, 1, 1], 10, 100) },
      outputs: [of([1, 2, 1], 30, 500)],
    },
  ],
  linear: [
    {
      what: 'x·Wᵀ + b',
      attributes: { out: 2 },
      inputs: [row(1, 2, 3)],
      weights: { matrix: of([2, 3], 1, 0, 0, 1, 1, 1), bias: vector(10, 20) },
      outputs: [row(11, 26)],
    },
  ],
  matmul: [
    {
      what: 'two matrices',
      inputs: [of([2, 2], 1, 2, 3, 4), of([2, 2], 1, 10, 100, 1000)],
      outputs: [of([2, 2], 201, 2010, 403, 4030)],
    },
    {
      what: 'the second transposed, and one for the whole stack',
      attributes: { transpose: true },
      inputs: [of([2, 1, 2], 1, 2, 3, 4), of([1, 1, 2], 1, 10)],
      outputs: [of([2, 1, 1], 21, 43)],
    },
  ],
  attention: [
    {
      what: 'equal scores give the mean of the values',
      attributes: { heads: 1, bias: false },
      inputs: [of([1, 2, 1], 3, 5)],
      weights: { in: of([3, 1], 0, 0, 1), out: of([1, 1], 2) },
      outputs: [of([1, 2, 1], 8, 8)],
    },
    {
      what: 'scores are scaled by the root of the width; keys and values apart',
      attributes: { heads: 1, dim: 4, bias: false },
      inputs: [of([1, 1, 1], 1), of([1, 2, 1], 0, Math.log(3)), of([1, 2, 1], 1, 5)],
      weights: { query: of([4, 1], 2, 0, 0, 0), key: of([4, 1], 1, 0, 0, 0), value: of([4, 1], 1, 0, 0, 0), out: of([1, 4], 1, 0, 0, 0) },
      outputs: [of([1, 1, 1], 0.25 * 1 + 0.75 * 5)],
    },
    {
      what: 'heads see their own features only; biases are added',
      attributes: { heads: 2 },
      inputs: [of([1, 1, 2], 1, 2)],
      weights: {
        in: of([6, 2], 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1),
        'in bias': vector(0, 0, 0, 0, 10, 20),
        out: of([2, 2], 1, 0, 0, 1),
        'out bias': vector(100, 200),
      },
      outputs: [of([1, 1, 2], 111, 222)],
    },
  ],
  batchnorm: [
    {
      what: '(x − mean) / √variance · scale + shift, by channel',
      inputs: [row(3, 10)],
      weights: { scale: vector(2, 1), shift: vector(1, 0), mean: vector(1, 10), variance: vector(4, 1) },
      outputs: [row(3, 0)],
    },
    {
      what: 'without scale and shift',
      attributes: { affine: false },
      inputs: [row(3)],
      weights: { mean: vector(1), variance: vector(4) },
      outputs: [row(1)],
    },
  ],
  layernorm: [
    { what: 'over the last axis', inputs: [row(1, 3)], weights: { scale: vector(1, 2), shift: vector(0, 1) }, outputs: [row(-1, 3)] },
    {
      what: 'over channels',
      attributes: { axis: 1, affine: false },
      inputs: [of([1, 2, 2], 1, 10, 3, 30)],
      outputs: [of([1, 2, 2], -1, -1, 1, 1)],
    },
  ],
  groupnorm: [
    {
      what: 'two channels in each of two groups, scaled by channel',
      attributes: { groups: 2 },
      inputs: [of([1, 4, 1], 1, 3, 20, 40)],
      weights: { scale: vector(1, 2, 3, 4), shift: vector(0, 1, 0, 1) },
      outputs: [of([1, 4, 1], -1, 3, -3, 5)],
    },
  ],
  instancenorm: [
    {
      what: 'over positions',
      attributes: { affine: true },
      inputs: [of([1, 2, 2], 1, 3, 10, 30)],
      weights: { scale: vector(1, 2), shift: vector(0, 1) },
      outputs: [of([1, 2, 2], -1, 1, -1, 3)],
    },
  ],
  l2norm: [{ what: 'a length of 5', inputs: [row(3, 4)], outputs: [row(0.6, 0.8)] }],
  relu: [{ what: 'cuts at 0', inputs: [row(-1, 0, 2)], outputs: [row(0, 0, 2)] }],
  relu6: [{ what: 'cuts at 0 and 6', inputs: [row(-1, 2, 7)], outputs: [row(0, 2, 6)] }],
  leakyrelu: [{ what: 'a slope of ½', attributes: { slope: 0.5 }, inputs: [row(-1, 2)], outputs: [row(-0.5, 2)] }],
  prelu: [
    { what: 'one slope', inputs: [row(-1, 2)], weights: { slope: vector(0.25) }, outputs: [row(-0.25, 2)] },
    {
      what: 'a slope for each channel',
      attributes: { shared: false },
      inputs: [row(-1, -1)],
      weights: { slope: vector(2, 3) },
      outputs: [row(-2, -3)],
    },
  ],
  elu: [{ what: 'alpha 2', attributes: { alpha: 2 }, inputs: [row(-1, 3)], outputs: [row(2 / E - 2, 3)] }],
  gelu: [
    { what: 'exact', inputs: [row(0, 1, -2)], outputs: [row(0, UP_TO_1, -2 * UP_TO_MINUS_2)] },
    { what: 'by tanh', attributes: { approximate: 'tanh' }, inputs: [row(0, 1, -2)], outputs: [row(0, 0.841192, -0.0454023)] },
  ],
  silu: [{ what: 'x · sigmoid(x)', inputs: [row(0, 1)], outputs: [row(0, sigmoid(1))] }],
  sigmoid: [{ what: 'from 0 to 1', inputs: [row(0, 1, -100)], outputs: [row(0.5, sigmoid(1), 0)] }],
  tanh: [{ what: 'from −1 to 1', inputs: [row(0, 1)], outputs: [row(0, (E - 1 / E) / (E + 1 / E))] }],
  softmax: [
    { what: 'shares of 1', inputs: [row(0, Math.log(3))], outputs: [row(0.25, 0.75)] },
    {
      what: 'of large numbers, along the first axis',
      attributes: { axis: 0 },
      inputs: [of([2, 1], 1000, 1000)],
      outputs: [of([2, 1], 0.5, 0.5)],
    },
  ],
  hardsigmoid: [{ what: 'straight between −3 and 3', inputs: [row(-4, 0, 1.5, 5)], outputs: [row(0, 0.5, 0.75, 1)] }],
  hardswish: [{ what: 'x · hardsigmoid(x)', inputs: [row(-4, 0, 1.5, 5)], outputs: [row(0, 0, 1.125, 5)] }],
  maxpool: [
    {
      what: 'all negative: padding never wins',
      attributes: { kernel: 2, padding: 1 },
      inputs: [of([1, 1, 2, 2], -1, -2, -3, -4)],
      outputs: [of([1, 1, 2, 2], -1, -2, -3, -4)],
    },
    { what: 'dilated', attributes: { kernel: 2, dilation: 2, stride: 1 }, inputs: [line(1, 5, 2, 4)], outputs: [line(2, 5)] },
  ],
  avgpool: [
    {
      what: 'counts padding',
      attributes: { kernel: 2, padding: 1 },
      inputs: [of([1, 1, 2, 2], 4, 8, 12, 16)],
      outputs: [of([1, 1, 2, 2], 1, 2, 3, 4)],
    },
    {
      what: 'leaves padding out',
      attributes: { kernel: 2, padding: 1, countpad: false },
      inputs: [of([1, 1, 2, 2], 4, 8, 12, 16)],
      outputs: [of([1, 1, 2, 2], 4, 8, 12, 16)],
    },
    {
      what: 'a window that hangs over is divided by what it holds',
      attributes: { kernel: 2, ceil: true },
      inputs: [line(1, 3, 5)],
      outputs: [line(2, 5)],
    },
  ],
  globalavgpool: [{ what: 'the mean of a channel', inputs: [of([1, 2, 2], 1, 2, 3, 6)], outputs: [of([1, 2, 1], 1.5, 4.5)] }],
  globalmaxpool: [{ what: 'the greatest of a channel', inputs: [of([1, 2, 2], -4, -2, -3, -6)], outputs: [of([1, 2, 1], -2, -3)] }],
  adaptiveavgpool: [{ what: 'windows that overlap', attributes: { size: 2 }, inputs: [line(1, 2, 6)], outputs: [line(1.5, 4)] }],
  adaptivemaxpool: [{ what: 'windows that overlap', attributes: { size: 2 }, inputs: [line(1, 2, 6)], outputs: [line(2, 6)] }],
  add: [{ what: 'broadcasts a row', inputs: [of([2, 2], 1, 2, 3, 4), vector(10, 20)], outputs: [of([2, 2], 11, 22, 13, 24)] }],
  multiply: [
    {
      what: 'three, one of them a column',
      inputs: [of([2, 2], 1, 2, 3, 4), of([2, 1], 2, 3), of([1, 1], 10)],
      outputs: [of([2, 2], 20, 40, 90, 120)],
    },
  ],
  concat: [{ what: 'end to end', inputs: [of([2, 1], 1, 2), of([2, 2], 3, 4, 5, 6)], outputs: [of([2, 3], 1, 3, 4, 2, 5, 6)] }],
  split: [{ what: 'into one and two', attributes: { sizes: [1, 2] }, inputs: [row(1, 2, 3)], outputs: [row(1), row(2, 3)] }],
  slice: [
    {
      what: 'every other one from the second',
      attributes: { axis: -1, start: 1, step: 2 },
      inputs: [row(0, 1, 2, 3)],
      outputs: [row(1, 3)],
    },
  ],
  shuffle: [{ what: 'two groups of three', attributes: { groups: 2 }, inputs: [row(1, 2, 3, 4, 5, 6)], outputs: [row(1, 4, 2, 5, 3, 6)] }],
  flatten: [{ what: 'keeps the order', inputs: [of([1, 2, 2], 1, 2, 3, 4)], outputs: [row(1, 2, 3, 4)] }],
  reshape: [{ what: 'keeps the order', attributes: { to: [2, -1] }, inputs: [row(1, 2, 3, 4)], outputs: [of([2, 2], 1, 2, 3, 4)] }],
  permute: [
    {
      what: 'three axes turned round',
      attributes: { order: [2, 0, 1] },
      inputs: [of([1, 3, 2], 1, 2, 3, 4, 5, 6)],
      outputs: [of([2, 1, 3], 1, 3, 5, 2, 4, 6)],
    },
  ],
  pad: [{ what: 'one before, two after', attributes: { amount: [[1, 2]] }, inputs: [row(7)], outputs: [row(0, 7, 0, 0)] }],
  upsample: [
    { what: 'nearest', attributes: { scale: 2 }, inputs: [line(1, 2)], outputs: [line(1, 1, 2, 2)] },
    { what: 'linear', attributes: { scale: 2, mode: 'linear' }, inputs: [line(0, 4)], outputs: [line(0, 1, 3, 4)] },
    {
      what: 'bilinear to a size',
      attributes: { size: 1, mode: 'linear' },
      inputs: [of([1, 1, 2, 2], 1, 2, 3, 6)],
      outputs: [of([1, 1, 1, 1], 3)],
    },
    { what: 'cubic, halfway between', attributes: { size: 1, mode: 'cubic' }, inputs: [line(0, 8)], outputs: [line(4)] },
    // Keys' curve at ¼: −0.10546875, 0.87890625, 0.26171875, −0.03515625.
    {
      what: 'cubic, a quarter on',
      attributes: { scale: 2, mode: 'cubic' },
      inputs: [line(0, 0, 128, 0, 0)],
      outputs: [line(0, -4.5, -13.5, 33.5, 112.5, 112.5, 33.5, -13.5, -4.5, 0)],
    },
  ],
  roll: [{ what: 'by one and around', attributes: { axis: 1, shift: 1 }, inputs: [row(1, 2, 3)], outputs: [row(3, 1, 2)] }],
  parameter: [
    {
      what: 'for each of the batch',
      attributes: { shape: [2] },
      inputs: [of([2, 1], 0, 0)],
      weights: { value: vector(5, 6) },
      outputs: [of([2, 2], 5, 6, 5, 6)],
    },
  ],
  constant: [{ what: 'ones', attributes: { shape: [2], expand: false }, inputs: [of([2, 1], 0, 0)], outputs: [row(1, 1)] }],
  relativeposition: [
    {
      what: 'by the offset of the first from the second',
      attributes: { window: [1, 2], heads: 2 },
      inputs: [row(0)],
      weights: { table: of([3, 2], 1, 10, 2, 20, 3, 30) },
      outputs: [of([1, 2, 2, 2], 2, 1, 3, 2, 20, 10, 30, 20)],
    },
  ],
  dropout: [{ what: 'nothing at inference', inputs: [row(1, 2)], outputs: [row(1, 2)] }],
  stochasticdepth: [{ what: 'nothing at inference', attributes: { rate: 0.5 }, inputs: [row(1, 2)], outputs: [row(1, 2)] }],
  identity: [{ what: 'nothing', inputs: [row(1, 2)], outputs: [row(1, 2)] }],
};

const examples = operatorNames.flatMap((name) => EXAMPLES[name].map((example) => ({ name, ...example })));

/** ε in norms and the precision of erf show in the fifth decimal. */
const TOLERANCE = 2e-5;

describe('a kernel computes', () => {
  it.each(examples)('$name: $what', ({ name, attributes = {}, inputs, weights = {}, outputs }) => {
    const operator = operatorOf(name);
    const alu = new CountingAlu();
    const computed = operator.run(operator.attributes.parse(attributes), inputs, operator.prepare(weights, alu), alu);
    expect(computed.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
    for (const [index, output] of outputs.entries()) {
      const [expected, actual] = [numbersOf(output), numbersOf(computed[index] as Tensor)];
      const far = expected.findIndex(
        (number, i) => !(Math.abs(number - (actual[i] as number)) <= TOLERANCE * Math.max(1, Math.abs(number))),
      );
      expect(far === -1 ? 'equal' : { expected: [...expected], actual: [...actual] }).toBe('equal');
    }
  });
});
