import { describe, expect, it } from 'vitest';
import { CountingAlu } from '../../src/core/alu.ts';
import type { Shape } from '../../src/core/shape.ts';
import { numbersOf, type Tensor, tensorOf } from '../../src/core/tensor.ts';
import { everyOperator, type OperatorName, operatorNames, operatorOf } from '../../src/operators/registry.ts';

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

const ones = (count: number): number[] => new Array<number>(count).fill(1);
const upTo9 = [1, 2, 3, 4, 5, 6, 7, 8, 9];

type Examples = { readonly [O in OperatorName]: readonly Example[] };

const EXAMPLES: Examples = everyOperator<Examples>()({
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
  dynamicconv: [
    {
      what: 'one kernel for all, with a bias',
      inputs: [of([2, 1, 3], 1, 2, 3, 4, 5, 6), of([1, 1, 2], 1, 10), vector(100)],
      outputs: [of([2, 1, 2], 121, 132, 154, 165)],
    },
    {
      what: 'each of the batch has its own, channel by channel',
      attributes: { groups: 2 },
      inputs: [of([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8), of([2, 2, 1, 2], 1, 0, 0, 1, 10, 1, 1, 100)],
      outputs: [of([2, 2, 1], 1, 4, 56, 807)],
    },
  ],
  deformconv: [
    {
      what: 'taps moved by half a column and by a row, and a bias',
      attributes: { out: 1, kernel: [1, 2] },
      inputs: [of([1, 1, 2, 3], 1, 2, 4, 10, 20, 40), of([1, 4, 2, 2], 0, 0, 0, 0, 0.5, 0.5, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0)],
      weights: { kernel: of([1, 1, 1, 2], 1, 100), bias: vector(1000) },
      outputs: [of([1, 1, 2, 2], 1000 + 1.5 + 2000, 1000 + 3 + 4000, 1000 + 10 + 2000, 1000 + 20 + 4000)],
    },
    {
      what: 'zeros beyond the edge, a mask, and offsets for each half of the channels',
      attributes: { out: 1, kernel: 1, offsetgroups: 2, bias: false },
      inputs: [of([1, 2, 1, 2], 2, 4, 8, 16), of([1, 4, 1, 2], 0, 0, -0.5, 0.5, 0.25, 0.25, 0, 0), of([1, 2, 1, 2], 0.5, 1, 1, 0.5)],
      weights: { kernel: of([1, 2, 1, 1], 1, 10) },
      outputs: [of([1, 1, 1, 2], 0.5 * 1 + 10 * 6, 2 + 10 * 0.5 * 12)],
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
  einsum: [
    {
      what: 'a matrix product',
      attributes: { equation: 'nij,njk->nik' },
      inputs: [of([1, 1, 2], 1, 2), of([1, 2, 2], 3, 4, 5, 6)],
      outputs: [of([1, 1, 2], 13, 16)],
    },
    {
      what: 'three at a time, without an arrow',
      attributes: { equation: 'ij,j,i' },
      inputs: [of([2, 2], 1, 2, 3, 4), vector(1, 10), vector(1, 100)],
      outputs: [vector(21 + 4300)],
    },
    { what: 'a diagonal', attributes: { equation: 'nii->ni' }, inputs: [of([1, 2, 2], 1, 2, 3, 4)], outputs: [row(1, 4)] },
    {
      what: 'an ellipsis that repeats, and no sum',
      attributes: { equation: '...i,...j->...ij' },
      inputs: [of([2, 2], 1, 2, 3, 4), of([1, 1], 10)],
      outputs: [of([2, 2, 1], 10, 20, 30, 40)],
    },
  ],
  sdpa: [
    {
      what: 'two queries, two keys, no scale: shares of e and 1',
      attributes: { scale: 1 },
      inputs: [of([1, 1, 2, 1], 1, 0), of([1, 1, 2, 1], 1, 0), of([1, 1, 2, 1], 10, 20)],
      outputs: [of([1, 1, 2, 1], (10 * E + 20) / (E + 1), 15)],
    },
    {
      what: 'the scale is one over the root of the width, the last query at the last key: the first sees two of three',
      attributes: { causal: true },
      inputs: [of([1, 1, 2, 4], ...ones(8)), of([1, 1, 3, 4], ...ones(4), ...ones(4), 0, 0, 0, 0), of([1, 1, 3, 1], 1, 2, 4)],
      // Scores 4/2 = 2, 2 and 0.
      outputs: [of([1, 1, 2, 1], 1.5, (3 * E ** 2 + 4) / (2 * E ** 2 + 1))],
    },
    {
      what: 'a window of two keys, of one key head for two query heads',
      attributes: { causal: true, window: 2 },
      inputs: [of([1, 2, 3, 1], ...ones(6)), of([1, 1, 3, 1], ...ones(3)), of([1, 1, 3, 1], 1, 2, 4)],
      outputs: [of([1, 2, 3, 1], 1, 1.5, 3, 1, 1.5, 3)],
    },
    {
      what: 'a window on both sides',
      attributes: { window: 2 },
      inputs: [of([1, 1, 3, 1], ...ones(3)), of([1, 1, 3, 1], ...ones(3)), of([1, 1, 3, 1], 1, 2, 6)],
      outputs: [of([1, 1, 3, 1], 1.5, 3, 4)],
    },
    {
      what: 'less with the distance: the first of two heads by 1/16, the second by 1/256',
      attributes: { scale: 1, alibi: true },
      inputs: [of([1, 2, 1, 1], 0, 0), of([1, 1, 2, 1], 0, 0), of([1, 1, 2, 1], 1, 0)],
      outputs: [of([1, 2, 1, 1], 1 / (1 + E ** (1 / 16)), 1 / (1 + E ** (1 / 256)))],
    },
    {
      what: 'a soft cap, then a bias, and a sink that takes its share',
      attributes: { scale: 1, softcap: 2, sinks: true },
      inputs: [of([1, 1, 1, 1], 1), of([1, 1, 2, 1], 1000, -1000), of([1, 1, 2, 1], 1, 3), of([1, 1, 1, 2], -2, 2)],
      weights: { sinks: vector(0) },
      // 2 − 2 = 0, −2 + 2 = 0 and 0.
      outputs: [of([1, 1, 1, 1], 4 / 3)],
    },
  ],
  recurrent: [
    {
      what: 'an lstm of one unit with open gates of a half',
      attributes: { cell: 'lstm', hidden: 1, bias: false },
      inputs: [of([1, 1, 1], 0.5)],
      weights: { matrix: of([1, 4, 1], 0, 0, 0, 1), recurrent: of([1, 4, 1], 0, 0, 0, 0) },
      outputs: [
        of([1, 1, 1, 1], 0.5 * Math.tanh(0.5 * Math.tanh(0.5))),
        of([1, 1, 1], 0.5 * Math.tanh(0.5 * Math.tanh(0.5))),
        of([1, 1, 1], 0.5 * Math.tanh(0.5)),
      ],
    },
    {
      what: 'a gru that keeps half of its state',
      attributes: { cell: 'gru', hidden: 1 },
      inputs: [of([1, 1, 1], 0.5), of([1, 1, 1], 2)],
      weights: { matrix: of([1, 3, 1], 0, 0, 1), recurrent: of([1, 3, 1], 0, 0, 1), bias: of([1, 6], 0, 0, 0.25, 0, 0, 0.25) },
      outputs: [of([1, 1, 1, 1], 0.5 * Math.tanh(2) + 1), of([1, 1, 1], 0.5 * Math.tanh(2) + 1)],
    },
    {
      what: 'a plain cell, forwards and backwards, steps first',
      attributes: { cell: 'rnn', hidden: 1, bias: false, both: true, batchfirst: false },
      inputs: [of([2, 1, 1], 0.5, 0.25)],
      weights: { matrix: of([2, 1, 1], 1, 1), recurrent: of([2, 1, 1], 2, 2) },
      outputs: [
        of([2, 2, 1, 1], Math.tanh(0.5), Math.tanh(0.5 + 2 * Math.tanh(0.25)), Math.tanh(0.25 + 2 * Math.tanh(0.5)), Math.tanh(0.25)),
        of([2, 1, 1], Math.tanh(0.25 + 2 * Math.tanh(0.5)), Math.tanh(0.5 + 2 * Math.tanh(0.25))),
      ],
    },
    {
      what: 'an lstm that projects its output to two features',
      attributes: { cell: 'lstm', hidden: 1, projection: 2, bias: false },
      inputs: [of([1, 1, 1], 0.5)],
      weights: {
        matrix: of([1, 4, 1], 0, 0, 0, 1),
        recurrent: of([1, 4, 2], 0, 0, 0, 0, 0, 0, 0, 0),
        projection: of([1, 2, 1], 2, -4),
      },
      outputs: [
        of([1, 1, 1, 2], Math.tanh(0.5 * Math.tanh(0.5)), -2 * Math.tanh(0.5 * Math.tanh(0.5))),
        of([1, 1, 2], Math.tanh(0.5 * Math.tanh(0.5)), -2 * Math.tanh(0.5 * Math.tanh(0.5))),
        of([1, 1, 1], 0.5 * Math.tanh(0.5)),
      ],
    },
    {
      what: 'a second layer on both directions of a first',
      attributes: { cell: 'rnn', hidden: 1, layers: 2, bias: false, both: true },
      inputs: [of([1, 1, 1], 0.5)],
      weights: {
        matrix: of([2, 1, 1], 1, 2),
        recurrent: of([2, 1, 1], 0, 0),
        'layer2 matrix': of([2, 1, 2], 1, 0, 0, 3),
        'layer2 recurrent': of([2, 1, 1], 0, 0),
      },
      outputs: [
        of([1, 1, 2, 1], Math.tanh(Math.tanh(0.5)), Math.tanh(3 * Math.tanh(1))),
        of([1, 4, 1], Math.tanh(0.5), Math.tanh(1), Math.tanh(Math.tanh(0.5)), Math.tanh(3 * Math.tanh(1))),
      ],
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
  fft: [
    {
      what: 'four samples: their sum, their differences',
      inputs: [row(1, 2, 3, 5)],
      outputs: [of([1, 4, 2], 11, 0, -2, 3, -3, 0, -2, -3)],
    },
    {
      what: 'half of that tells all',
      attributes: { onesided: true },
      inputs: [row(1, 2, 3, 5)],
      outputs: [of([1, 3, 2], 11, 0, -2, 3, -3, 0)],
    },
    {
      what: 'and back, of what half is known',
      attributes: { inverse: true, onesided: true },
      inputs: [of([1, 3, 2], 11, 0, -2, 3, -3, 0)],
      outputs: [row(1, 2, 3, 5)],
    },
    {
      what: 'back to complex numbers',
      attributes: { inverse: true },
      inputs: [of([1, 4, 2], 11, 0, -2, 3, -3, 0, -2, -3)],
      outputs: [of([1, 4, 2], 1, 0, 2, 0, 3, 0, 5, 0)],
    },
    {
      what: 'an odd length, cut from more bins',
      attributes: { inverse: true, onesided: true, length: 3 },
      inputs: [of([1, 3, 2], 6, 0, -1.5, Math.sqrt(3) / 2, 9, 9)],
      outputs: [row(1, 2, 3)],
    },
    {
      what: 'the real part of a transform along two axes, each divided by its root',
      attributes: { axes: [1, 2], gives: 'real', norm: 'ortho' },
      inputs: [of([1, 2, 2], 1, 2, 3, 4)],
      outputs: [of([1, 2, 2], 5, -1, -2, 0)],
    },
    {
      what: 'zeros behind what is there',
      attributes: { length: 4 },
      inputs: [row(1, 2)],
      outputs: [of([1, 4, 2], 3, 0, 1, -2, -1, 0, 1, 2)],
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
    {
      what: 'and tells the mean and one over the deviation',
      attributes: { affine: false, epsilon: 3, statistics: true },
      inputs: [row(1, 3)],
      outputs: [row(-0.5, 0.5), of([1, 1], 2), of([1, 1], 0.5)],
    },
    { what: 'over the last axis', inputs: [row(1, 3)], weights: { scale: vector(1, 2), shift: vector(0, 1) }, outputs: [row(-1, 3)] },
    {
      what: 'over channels',
      attributes: { axis: 1, affine: false },
      inputs: [of([1, 2, 2], 1, 10, 3, 30)],
      outputs: [of([1, 2, 2], -1, -1, 1, 1)],
    },
  ],
  rmsnorm: [
    {
      what: 'a vector by its root mean square, and a scale',
      inputs: [row(1, 7)],
      weights: { scale: vector(1, 2) },
      outputs: [row(0.2, 2.8)],
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
  lrn: [
    {
      what: 'neighbours on both sides',
      attributes: { size: 3 },
      inputs: [row(100, 200)],
      // 1 + 1e-4 / 3 · (100² + 200²)
      outputs: [row(100 / (8 / 3) ** 0.75, 200 / (8 / 3) ** 0.75)],
    },
  ],
  relu: [{ what: 'cuts at 0', inputs: [row(-1, 0, 2)], outputs: [row(0, 0, 2)] }],
  relu6: [{ what: 'cuts at 0 and 6', inputs: [row(-1, 2, 7)], outputs: [row(0, 2, 6)] }],
  leakyrelu: [{ what: 'a slope of ½', attributes: { slope: 0.5 }, inputs: [row(-1, 2)], outputs: [row(-0.5, 2)] }],
  prelu: [
    {
      what: 'slopes that are an input',
      inputs: [of([2, 2], -1, 2, -3, -4), vector(0.5, 2)],
      weights: {},
      outputs: [of([2, 2], -0.5, 2, -1.5, -8)],
    },
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
  glu: [
    { what: 'the first half times the sigmoid of the second', inputs: [row(3, 5, 0, 1)], outputs: [row(1.5, 5 * sigmoid(1))] },
    { what: 'halves of the first axis', attributes: { axis: 0 }, inputs: [of([2, 1], 4, 0)], outputs: [of([1, 1], 2)] },
  ],
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
  hardsigmoid: [
    { what: 'straight between −3 and 3', inputs: [row(-4, 0, 1.5, 5)], outputs: [row(0, 0.5, 0.75, 1)] },
    {
      what: 'a line that is given',
      attributes: { slope: 0.5, offset: 0.25 },
      inputs: [row(-4, 0, 1, 5)],
      outputs: [row(0, 0.25, 0.75, 1)],
    },
  ],
  hardswish: [{ what: 'x · hardsigmoid(x)', inputs: [row(-4, 0, 1.5, 5)], outputs: [row(0, 0, 1.125, 5)] }],
  maxpool: [
    {
      what: 'and where it stood, along columns',
      attributes: { kernel: 2, places: true, columns: true },
      inputs: [of([1, 2, 2, 2], 1, 2, 9, 3, 4, 5, 6, 5)],
      outputs: [of([1, 2, 1, 1], 9, 6), of([1, 2, 1, 1], 1, 5)],
    },
    {
      what: 'and where it stood',
      attributes: { kernel: 2, stride: 1, padding: [[1, 0]], places: true },
      inputs: [line(4, 1, 5)],
      outputs: [line(4, 4, 5), line(0, 0, 2)],
    },
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
  arithmetic: [
    { what: 'a difference', attributes: { operation: 'subtract' }, inputs: [row(5, 7), row(2, 9)], outputs: [row(3, -2)] },
    {
      what: 'a number first',
      attributes: { operation: 'divide', number: 1, reversed: true },
      inputs: [row(2, 4)],
      outputs: [row(0.5, 0.25)],
    },
    { what: 'a power', attributes: { operation: 'power', number: 3 }, inputs: [row(2, 0.5)], outputs: [row(8, 0.125)] },
    {
      what: 'a power of what is negative, and of 0',
      attributes: { operation: 'power' },
      inputs: [row(-2, -2, 0, 0), row(3, 2, 0, 2)],
      outputs: [row(-8, 4, 1, 0)],
    },
    { what: 'a quotient', attributes: { operation: 'quotient', number: 3 }, inputs: [row(7, -7)], outputs: [row(2, -2)] },
    { what: 'modulo', attributes: { operation: 'modulo', number: 3 }, inputs: [row(7, -7)], outputs: [row(1, 2)] },
    { what: 'a remainder', attributes: { operation: 'remainder', number: 3 }, inputs: [row(7, -7)], outputs: [row(1, -1)] },
    { what: 'a square', attributes: { operation: 'square', number: 2 }, inputs: [row(-3, 4)], outputs: [row(9, 16)] },
    { what: 'a sum, a product', attributes: { operation: 'add', number: 1.5 }, inputs: [row(1)], outputs: [row(2.5)] },
    { what: 'a multiple', attributes: { operation: 'multiply', number: -2 }, inputs: [row(1, 3)], outputs: [row(-2, -6)] },
    {
      what: 'the greatest of three',
      attributes: { operation: 'maximum' },
      inputs: [row(1, 5), row(3, 2), of([1], 2)],
      outputs: [row(3, 5)],
    },
    { what: 'the least', attributes: { operation: 'minimum' }, inputs: [row(1, 5), row(3, 2)], outputs: [row(1, 2)] },
    { what: 'greater', attributes: { operation: 'greater', number: 2 }, inputs: [row(1, 2, 3)], outputs: [row(0, 0, 1)] },
    { what: 'less', attributes: { operation: 'less', number: 2 }, inputs: [row(1, 2, 3)], outputs: [row(1, 0, 0)] },
    { what: 'at least', attributes: { operation: 'atleast', number: 2 }, inputs: [row(1, 2, 3)], outputs: [row(0, 1, 1)] },
    { what: 'at most', attributes: { operation: 'atmost', number: 2 }, inputs: [row(1, 2, 3)], outputs: [row(1, 1, 0)] },
    { what: 'equal', attributes: { operation: 'equal', number: 2 }, inputs: [row(1, 2, 3)], outputs: [row(0, 1, 0)] },
  ],
  pointwise: [
    { what: 'sqrt', attributes: { function: 'sqrt' }, inputs: [row(9, 2.25)], outputs: [row(3, 1.5)] },
    { what: 'clip at bounds', attributes: { function: 'clip', numbers: [-1, 2] }, inputs: [row(-3, 0.5, 3)], outputs: [row(-1, 0.5, 2)] },
    { what: 'a threshold', attributes: { function: 'threshold', numbers: [1] }, inputs: [row(-3, 0.5, 3)], outputs: [row(0, 0, 3)] },
    { what: 'celu', attributes: { function: 'celu', numbers: [2] }, inputs: [row(-2, 3)], outputs: [row(2 / E - 2, 3)] },
    {
      what: 'shrink',
      attributes: { function: 'shrink', numbers: [-1, 1, 0.25] },
      inputs: [row(-3, 0.5, 3)],
      outputs: [row(-2.75, 0, 2.75)],
    },
    { what: 'exp', attributes: { function: 'exp' }, inputs: [row(0, 1)], outputs: [row(1, E)] },
    { what: 'log', attributes: { function: 'log' }, inputs: [row(1, E)], outputs: [row(0, 1)] },
    { what: 'erf', attributes: { function: 'erf' }, inputs: [row(0, 1)], outputs: [row(0, 0.8427007929)] },
    { what: 'reciprocal', attributes: { function: 'reciprocal' }, inputs: [row(4)], outputs: [row(0.25)] },
    { what: 'negative', attributes: { function: 'negative' }, inputs: [row(4, -1)], outputs: [row(-4, 1)] },
    { what: 'absolute', attributes: { function: 'absolute' }, inputs: [row(4, -1, 0)], outputs: [row(4, 1, 0)] },
    { what: 'sign', attributes: { function: 'sign' }, inputs: [row(4, -3, 0)], outputs: [row(1, -1, 0)] },
    { what: 'round', attributes: { function: 'round' }, inputs: [row(1.4, -1.6, 2.5)], outputs: [row(1, -2, 2)] },
    { what: 'floor', attributes: { function: 'floor' }, inputs: [row(1.4, -1.2, 2)], outputs: [row(1, -2, 2)] },
    { what: 'ceil', attributes: { function: 'ceil' }, inputs: [row(1.4, -1.2, 2)], outputs: [row(2, -1, 2)] },
    {
      what: 'no number',
      attributes: { function: 'isnan' },
      inputs: [row(1, Number.NaN, Number.NEGATIVE_INFINITY)],
      outputs: [row(0, 1, 0)],
    },
    {
      what: 'infinite',
      attributes: { function: 'isinf' },
      inputs: [row(1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)],
      outputs: [row(0, 1, 1)],
    },
    {
      what: 'infinite below',
      attributes: { function: 'isinf', numbers: [1, 0] },
      inputs: [row(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN)],
      outputs: [row(0, 1, 0)],
    },
    {
      what: 'quantize to unsigned',
      attributes: { function: 'quantize', numbers: [0.5, 10, 0, 255] },
      inputs: [row(1, -9, 1000)],
      outputs: [row(12, 0, 255)],
    },
    {
      what: 'each column by a scale of its own',
      attributes: { function: 'quantize' },
      inputs: [of([2, 2], 1, 2, 3, 4), vector(0.5, 2), vector(1)],
      outputs: [of([2, 2], 3, 2, 7, 3)],
    },
    {
      what: 'each column from a scale of its own',
      attributes: { function: 'dequantize' },
      inputs: [row(3, 4), vector(0.5, 2)],
      outputs: [row(1.5, 8)],
    },
    { what: 'dequantize from 10', attributes: { function: 'dequantize', numbers: [0.5, 10] }, inputs: [row(12)], outputs: [row(1)] },
    { what: 'clip to 0 to 1', attributes: { function: 'clip' }, inputs: [row(-1, 0.5, 2)], outputs: [row(0, 0.5, 1)] },
    { what: 'sin', attributes: { function: 'sin' }, inputs: [row(Math.PI / 6)], outputs: [row(0.5)] },
    { what: 'cos', attributes: { function: 'cos' }, inputs: [row(Math.PI / 3)], outputs: [row(0.5)] },
    { what: 'tan', attributes: { function: 'tan' }, inputs: [row(Math.PI / 4)], outputs: [row(1)] },
    { what: 'asin', attributes: { function: 'asin' }, inputs: [row(0.5)], outputs: [row(Math.PI / 6)] },
    { what: 'acos', attributes: { function: 'acos' }, inputs: [row(0.5)], outputs: [row(Math.PI / 3)] },
    { what: 'atan', attributes: { function: 'atan' }, inputs: [row(1)], outputs: [row(Math.PI / 4)] },
    { what: 'sinh', attributes: { function: 'sinh' }, inputs: [row(1)], outputs: [row((E - 1 / E) / 2)] },
    { what: 'cosh', attributes: { function: 'cosh' }, inputs: [row(1)], outputs: [row((E + 1 / E) / 2)] },
    { what: 'asinh', attributes: { function: 'asinh' }, inputs: [row((E - 1 / E) / 2)], outputs: [row(1)] },
    { what: 'acosh', attributes: { function: 'acosh' }, inputs: [row((E + 1 / E) / 2)], outputs: [row(1)] },
    { what: 'atanh', attributes: { function: 'atanh' }, inputs: [row(Math.tanh(1))], outputs: [row(1)] },
    { what: 'softplus', attributes: { function: 'softplus' }, inputs: [row(0)], outputs: [row(Math.log(2))] },
    { what: 'softsign', attributes: { function: 'softsign' }, inputs: [row(3, -1)], outputs: [row(0.75, -0.5)] },
    { what: 'mish', attributes: { function: 'mish' }, inputs: [row(0, 1)], outputs: [row(0, Math.tanh(Math.log(1 + E)))] },
    {
      what: 'selu',
      attributes: { function: 'selu' },
      inputs: [row(1, -1)],
      outputs: [row(1.05070099, 1.05070099 * 1.67326324 * (1 / E - 1))],
    },
    { what: 'celu', attributes: { function: 'celu' }, inputs: [row(1, -1)], outputs: [row(1, 1 / E - 1)] },
    { what: 'shrink', attributes: { function: 'shrink' }, inputs: [row(2, 0.25, -2)], outputs: [row(2, 0, -2)] },
    { what: 'threshold', attributes: { function: 'threshold' }, inputs: [row(2, -1)], outputs: [row(2, 0)] },
    { what: 'quantize', attributes: { function: 'quantize' }, inputs: [row(0.0124, -1)], outputs: [row(12, -128)] },
    { what: 'dequantize', attributes: { function: 'dequantize' }, inputs: [row(12)], outputs: [row(0.012)] },
  ],
  reduce: [
    { what: 'sum', attributes: { by: 'sum', axis: 1 }, inputs: [row(1, 2, 4)], outputs: [row(7)] },
    { what: 'mean of rows', attributes: { by: 'mean', axis: 0, keep: false }, inputs: [of([2, 2], 1, 2, 3, 6)], outputs: [vector(2, 4)] },
    {
      what: 'max and all axes',
      attributes: { by: 'max', axis: [0, 1], keep: false },
      inputs: [of([2, 2], 1, 9, 3, 6)],
      outputs: [vector(9)],
    },
    { what: 'min', attributes: { by: 'min', axis: 1 }, inputs: [row(3, -2, 4)], outputs: [row(-2)] },
    { what: 'prod', attributes: { by: 'prod', axis: 1 }, inputs: [row(3, -2, 4)], outputs: [row(-24)] },
    { what: 'l1', attributes: { by: 'l1', axis: 1 }, inputs: [row(3, -2, 4)], outputs: [row(9)] },
    { what: 'l2', attributes: { by: 'l2', axis: 1 }, inputs: [row(3, -4)], outputs: [row(5)] },
    { what: 'squares', attributes: { by: 'squares', axis: 1 }, inputs: [row(3, -4)], outputs: [row(25)] },
    { what: 'logsum', attributes: { by: 'logsum', axis: 1 }, inputs: [row(1, E - 1)], outputs: [row(1)] },
    { what: 'the place of the greatest', attributes: { by: 'argmax', axis: 1 }, inputs: [row(1, 4, 4)], outputs: [row(1)] },
    { what: 'the last such place', attributes: { by: 'argmax', axis: 1, last: true }, inputs: [row(1, 4, 4)], outputs: [row(2)] },
    { what: 'the place of the least', attributes: { by: 'argmin', axis: 1 }, inputs: [row(2, 1, 4)], outputs: [row(1)] },
    { what: 'logsumexp', attributes: { by: 'logsumexp', axis: 1 }, inputs: [row(0, 0)], outputs: [row(Math.log(2))] },
  ],
  cumsum: [
    { what: 'along an axis', attributes: { axis: 1 }, inputs: [row(1, 2, 4)], outputs: [row(1, 3, 7)] },
    { what: 'of those before', attributes: { exclusive: true }, inputs: [row(1, 2, 4)], outputs: [row(0, 1, 3)] },
    { what: 'from the end', attributes: { reverse: true }, inputs: [row(1, 2, 4)], outputs: [row(7, 6, 4)] },
  ],
  scan: [
    {
      what: 'a factor for each position',
      inputs: [of([1, 3, 1], 9, 2, 3), of([1, 3, 1], 1, 2, 4)],
      outputs: [of([1, 3, 1], 1, 4, 16)],
    },
    {
      what: 'the same factor at all positions',
      inputs: [of([1, 1, 2], 2, 0.5), of([1, 2, 2], 1, 4, 3, 1)],
      outputs: [of([1, 2, 2], 1, 4, 5, 3)],
    },
  ],
  deltarule: [
    // Of states 2·(1/2·3) = 3, then 3/2 + 1·(1·(5 − 3/2)) = 5, then 5/2 + 2·(1/2·(4 − 2·5/2)) = 3/2.
    ...[undefined, 2, 4].map((chunk) => ({
      what: `the value that was there is corrected, in chunks of ${chunk ?? 'none'}`,
      attributes: { chunk },
      inputs: [
        of([1, 1, 3, 1], 1, 10, 100),
        of([1, 1, 3, 1], 2, 1, 2),
        of([1, 1, 3, 1], 3, 5, 4),
        of([1, 1, 3], 0, Math.log(1 / 2), Math.log(1 / 2)),
        of([1, 1, 3], 1 / 2, 1, 1 / 2),
      ],
      outputs: [of([1, 1, 3, 1], 3, 50, 150)],
    })),
    {
      what: 'each value head has a matrix of its own, and keys that it shares',
      inputs: [
        of([1, 1, 2, 2], 1, 0, 0, 1),
        of([1, 1, 2, 2], 1, 0, 0, 1),
        of([1, 2, 2, 1], 7, 8, 9, 6),
        of([1, 2, 2], ...new Array<number>(4).fill(0)),
        of([1, 2, 2], 1, 1, 1, 0),
      ],
      outputs: [of([1, 2, 2, 1], 7, 8, 9, 0)],
    },
  ],
  topk: [
    {
      what: 'the two greatest, and where they stood',
      attributes: { k: 2 },
      inputs: [of([2, 3], 1, 9, 5, 4, 4, 8)],
      outputs: [of([2, 2], 9, 5, 8, 4), of([2, 2], 1, 2, 2, 0)],
    },
    { what: 'the least', attributes: { k: 2, smallest: true }, inputs: [row(7, 1, 5)], outputs: [row(1, 5), row(1, 2)] },
  ],
  nms: [
    {
      what: 'the best, and those that lie apart',
      attributes: { most: 3, rows: 3, overlap: 0.5 },
      inputs: [of([1, 4, 4], 0, 0, 1, 1, 0, 0, 1, 0.75, 3, 3, 2, 2, 0, 0.5, 1, 1.5), of([1, 1, 4], 0.8, 0.9, 0.3, 0.7)],
      // The first covers three quarters of what it and the best do, the last a sixth.
      outputs: [of([3, 3], 0, 0, 1, 0, 0, 3, 0, 0, 2)],
    },
    {
      what: 'none below the score, and the rest −1',
      attributes: { most: 1, rows: 3, score: 0.5, centres: true },
      inputs: [of([1, 2, 4], 1, 1, 2, 2, 5, 5, 2, 2), of([1, 2, 2], 0.1, 0.9, 0.2, 0.3)],
      outputs: [of([3, 3], 0, 0, 1, -1, -1, -1, -1, -1, -1)],
    },
  ],
  scatter: [
    {
      what: 'adds to what is there, twice at one place',
      attributes: { by: 'add', axis: 1 },
      inputs: [row(1, 2, 3), row(2, 2), row(10, 20)],
      outputs: [row(1, 2, 33)],
    },
    {
      what: 'multiplies a row',
      attributes: { by: 'multiply' },
      inputs: [of([2, 2], 1, 2, 3, 4), of([1, 1], -1), row(10, 100)],
      outputs: [of([2, 2], 1, 2, 30, 400)],
    },
    {
      what: 'keeps the greater',
      attributes: { by: 'maximum', axis: 1 },
      inputs: [row(1, 9), row(0, 1), row(5, 5)],
      outputs: [row(5, 9)],
    },
    { what: 'keeps the less', attributes: { by: 'minimum', axis: 1 }, inputs: [row(1, 9), row(0, 1), row(5, 5)], outputs: [row(1, 5)] },
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
  pixelshuffle: [
    {
      what: 'the pixels of a block next to each other',
      attributes: { factor: 2 },
      inputs: [of([1, 8, 1, 1], 1, 2, 3, 4, 5, 6, 7, 8)],
      outputs: [of([1, 2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8)],
    },
    {
      what: 'the channels of a pixel next to each other',
      attributes: { factor: 2, mode: 'DCR' },
      inputs: [of([1, 8, 1, 1], 1, 2, 3, 4, 5, 6, 7, 8)],
      outputs: [of([1, 2, 2, 2], 1, 3, 5, 7, 2, 4, 6, 8)],
    },
    {
      what: 'a line of two positions',
      attributes: { factor: 2 },
      inputs: [of([1, 2, 2], 1, 2, 3, 4)],
      outputs: [line(1, 3, 2, 4)],
    },
  ],
  pixelunshuffle: [
    {
      what: 'two blocks of one channel',
      attributes: { factor: 2 },
      inputs: [of([1, 1, 2, 4], 1, 2, 3, 4, 5, 6, 7, 8)],
      outputs: [of([1, 4, 1, 2], 1, 3, 2, 4, 5, 7, 6, 8)],
    },
    {
      what: 'the channels of a pixel next to each other',
      attributes: { factor: 2, mode: 'DCR' },
      inputs: [of([1, 2, 2], 1, 2, 3, 4)],
      outputs: [of([1, 4, 1], 1, 3, 2, 4)],
    },
  ],
  unfold: [
    {
      what: 'windows of 2×2, a row for each of their places',
      attributes: { kernel: 2 },
      inputs: [of([1, 1, 3, 3], ...upTo9)],
      outputs: [of([1, 4, 4], 1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9)],
    },
    {
      what: 'two channels of a line, with padding, a stride and holes',
      attributes: { kernel: 2, padding: 1, stride: 2, dilation: 2 },
      inputs: [of([1, 2, 3], 1, 2, 3, 4, 5, 6)],
      outputs: [of([1, 4, 2], 0, 2, 2, 0, 0, 5, 5, 0)],
    },
  ],
  fold: [
    {
      what: 'windows of 2×2 overlap: ones count them',
      attributes: { size: [3, 3], kernel: 2 },
      inputs: [of([1, 4, 4], ...new Array<number>(16).fill(1))],
      outputs: [of([1, 1, 3, 3], 1, 2, 1, 2, 4, 2, 1, 2, 1)],
    },
    {
      what: 'what is on padding is cropped',
      attributes: { size: [3], kernel: 2, padding: 1 },
      inputs: [of([1, 2, 4], 1, 2, 3, 4, 10, 20, 30, 40)],
      outputs: [line(12, 23, 34)],
    },
  ],
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
  pad: [
    { what: 'one before, two after', attributes: { amount: [[1, 2]] }, inputs: [row(7)], outputs: [row(0, 7, 0, 0)] },
    { what: 'with ones', attributes: { amount: [[1, 0]], value: 1 }, inputs: [row(7)], outputs: [row(1, 7)] },
  ],
  upsample: [
    {
      what: 'from one end to the other',
      attributes: { size: 3, mode: 'linear', coordinates: 'align_corners' },
      inputs: [line(1, 3)],
      outputs: [line(1, 2, 3)],
    },
    {
      what: 'the nearest, of two the first',
      attributes: { size: 2, coordinates: 'half_pixel', rounding: 'prefer_floor' },
      inputs: [line(1, 2, 3, 4)],
      outputs: [line(1, 3)],
    },
    {
      what: 'a part, and what is beyond',
      attributes: { size: 3, mode: 'linear', coordinates: 'crop', region: [0.5, 1.5], beyond: 9 },
      inputs: [line(1, 2, 3)],
      outputs: [line(2, 3, 9)],
    },
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
  gridsample: [
    {
      what: 'between the centres of the last elements, and beyond',
      attributes: { corners: true },
      inputs: [line(1, 2, 4), of([1, 4, 1], -1, 0.5, 1, 2)],
      outputs: [line(1, 3, 4, 0)],
    },
    {
      what: 'between the outer ends, the edge repeated',
      attributes: { padding: 'border' },
      inputs: [line(1, 3), of([1, 3, 1], -1, 0, 1)],
      outputs: [line(1, 2, 3)],
    },
    {
      what: 'the nearest, the last axis first',
      attributes: { mode: 'nearest', corners: true },
      inputs: [of([1, 1, 2, 2], 1, 2, 3, 4), of([1, 1, 2, 2], 1, -1, -0.9, 0.9)],
      outputs: [of([1, 1, 1, 2], 2, 3)],
    },
    {
      what: 'mirrored at the last element',
      attributes: { padding: 'reflection', corners: true },
      inputs: [line(1, 2, 4), of([1, 2, 1], 2, -1.5)],
      outputs: [line(2, 1.5)],
    },
    {
      what: 'cubic: half way between two',
      attributes: { mode: 'cubic', corners: true, padding: 'border' },
      inputs: [line(0, 0, 32, 0, 0), of([1, 2, 1], 0, -0.25)],
      outputs: [line(32, 19)],
    },
  ],
  roialign: [
    {
      what: 'a region between pixels, of the second image',
      attributes: { size: 1, samples: 1, aligned: false },
      inputs: [of([2, 1, 2, 2], 9, 9, 9, 9, 1, 2, 3, 4), of([1, 4], 0, 0, 1, 1), vector(1)],
      outputs: [of([1, 1, 1, 1], 2.5)],
    },
    {
      what: 'means of four samples, where pixels begin half before',
      attributes: { size: [1, 2], samples: 2, scale: 0.5 },
      inputs: [of([1, 1, 1, 4], 0, 4, 8, 12), of([1, 4], 1, 1, 9, 1), vector(0)],
      // From 0 to 4: samples at 0.5, 1.5, and 2.5, 3.5, the last of which is the last element.
      outputs: [of([1, 1, 1, 2], 4, 11)],
    },
  ],
  roll: [{ what: 'by one and around', attributes: { axis: 1, shift: 1 }, inputs: [row(1, 2, 3)], outputs: [row(3, 1, 2)] }],
  move: [
    {
      what: 'elements in turn',
      attributes: { by: 'Other', to: [[1, 4], [1]] },
      inputs: [row(1, 2, 3)],
      outputs: [row(1, 2, 3, 1), vector(1)],
    },
    { what: 'rows repeated', attributes: { by: 'tile', repeats: [1, 2] }, inputs: [row(1, 2)], outputs: [row(1, 2, 1, 2)] },
    { what: 'a column spread', attributes: { by: 'expand', to: [[2, 2]] }, inputs: [of([2, 1], 1, 2)], outputs: [of([2, 2], 1, 1, 2, 2)] },
    {
      what: 'columns by indices, from the end where negative',
      attributes: { by: 'gather', axis: 1 },
      inputs: [of([2, 3], 1, 2, 3, 4, 5, 6), vector(-1, 0)],
      outputs: [of([2, 2], 3, 1, 6, 4)],
    },
    {
      what: 'columns by known indices',
      attributes: { by: 'gather', axis: 1, indices: [1] },
      inputs: [of([2, 3], 1, 2, 3, 4, 5, 6)],
      outputs: [of([2, 1], 2, 5)],
    },
    {
      what: 'for each place an index',
      attributes: { by: 'gatherelements', axis: 0 },
      inputs: [of([2, 3], 1, 2, 3, 4, 5, 6), row(1, 0, 1)],
      outputs: [row(4, 2, 6)],
    },
    {
      what: 'rows and elements by places of several axes',
      attributes: { by: 'gathernd' },
      inputs: [of([2, 2], 1, 2, 3, 4), of([2, 2], 1, 1, 0, 1)],
      outputs: [vector(4, 2)],
    },
    {
      what: 'in each of a batch another',
      attributes: { by: 'gathernd', batch: 1 },
      inputs: [of([2, 2], 1, 2, 3, 4), of([2, 1], 1, 0)],
      outputs: [vector(2, 3)],
    },
    {
      what: 'elements replaced',
      attributes: { by: 'scatterelements', axis: 1 },
      inputs: [row(1, 2, 3), row(2, 0), row(8, 9)],
      outputs: [row(9, 2, 8)],
    },
    {
      what: 'rows replaced',
      attributes: { by: 'scatternd' },
      inputs: [of([2, 2], 1, 2, 3, 4), of([1, 1], 1), row(8, 9)],
      outputs: [of([2, 2], 1, 2, 8, 9)],
    },
    {
      what: 'one or the other',
      attributes: { by: 'where' },
      inputs: [row(1, 0, 2), row(1, 2, 3), vector(9)],
      outputs: [row(1, 9, 3)],
    },
    {
      what: 'from an element on, by steps',
      attributes: { by: 'slice', to: [[1, 2]], start: [0, 3], step: [1, -2] },
      inputs: [row(1, 2, 3, 4)],
      outputs: [row(4, 2)],
    },
    {
      what: 'channels as pixels',
      attributes: { by: 'depthtospace', block: 2 },
      inputs: [of([1, 4, 1, 2], 1, 2, 3, 4, 5, 6, 7, 8)],
      outputs: [of([1, 1, 2, 4], 1, 3, 2, 4, 5, 7, 6, 8)],
    },
    {
      what: 'pixels as channels',
      attributes: { by: 'spacetodepth', block: 2 },
      inputs: [of([1, 1, 2, 4], 1, 3, 2, 4, 5, 7, 6, 8)],
      outputs: [of([1, 4, 1, 2], 1, 2, 3, 4, 5, 6, 7, 8)],
    },
    {
      what: 'above the diagonal',
      attributes: { by: 'trilu', mode: 'upper', diagonal: 1 },
      inputs: [of([2, 2], 1, 2, 3, 4)],
      outputs: [of([2, 2], 0, 2, 0, 0)],
    },
    {
      what: 'one where the index is',
      attributes: { by: 'onehot', axis: 1, depth: 3 },
      inputs: [vector(-1, 5), vector(7, 8)],
      outputs: [of([2, 3], 7, 7, 8, 7, 7, 7)],
    },
    {
      what: 'those that are kept',
      attributes: { by: 'compress', indices: [2, 3] },
      inputs: [row(1, 2, 3, 4)],
      outputs: [vector(3, 4)],
    },
    {
      what: 'each row as far as it goes',
      attributes: { by: 'reversesequence', axis: 1 },
      inputs: [of([2, 3], 1, 2, 3, 4, 5, 6), vector(2, 3)],
      outputs: [of([2, 3], 2, 1, 3, 6, 5, 4)],
    },
    {
      what: 'as in a mirror',
      attributes: {
        by: 'pad',
        mode: 'reflect',
        amount: [
          [0, 0],
          [2, 1],
        ],
      },
      inputs: [row(1, 2, 3)],
      outputs: [row(3, 2, 1, 2, 3, 2)],
    },
    { what: 'cut on both sides', attributes: { by: 'centercroppad', to: [[1, 2]] }, inputs: [row(1, 2, 3, 4)], outputs: [row(2, 3)] },
    {
      what: 'back to where they were',
      attributes: { by: 'maxunpool', to: [[1, 1, 5]], within: [1, 1, 4] },
      inputs: [line(8, 9), line(1, 2)],
      outputs: [line(0, 8, 9, 0, 0)],
    },
    {
      what: 'rows and columns by their places',
      attributes: {
        by: 'resize',
        indices: [
          [0, 0],
          [1, 0],
        ],
      },
      inputs: [row(1, 2)],
      outputs: [of([2, 2], 2, 1, 2, 1)],
    },
    {
      what: 'for each two places the row of their distance',
      attributes: { by: 'offset' },
      inputs: [of([3, 1], 5, 6, 7)],
      outputs: [of([2, 2, 1], 6, 5, 7, 6)],
    },
    {
      what: 'for each two places what the first has for how far the second is back, or for the farthest',
      attributes: { by: 'distance' },
      inputs: [of([3, 2], 1, 2, 3, 4, 5, 6)],
      outputs: [of([3, 3], 2, 1, 1, 4, 4, 3, 6, 6, 6)],
    },
    {
      what: 'for each two places what the first has for how far the second is ahead, or for the farthest',
      attributes: { by: 'distance', mode: 'ahead' },
      inputs: [of([3, 2], 1, 2, 3, 4, 5, 6)],
      outputs: [of([3, 3], 2, 2, 2, 3, 4, 4, 5, 5, 6)],
    },
    {
      what: 'of each class the label',
      attributes: { by: 'label', ignore: 7 },
      inputs: [of([2, 3], 1, 2, 3, 4, 5, 6), vector(2, 7)],
      outputs: [vector(3, 0)],
    },
    { what: 'whole', attributes: { by: 'cast', mode: 'whole' }, inputs: [row(1.7, -1.7)], outputs: [row(1, -1)] },
    { what: 'whether', attributes: { by: 'cast', mode: 'truth' }, inputs: [row(0, -0.5)], outputs: [row(0, 1)] },
    { what: 'both', attributes: { by: 'and' }, inputs: [row(1, 0, 1), row(1, 1, 0)], outputs: [row(1, 0, 0)] },
    { what: 'bits of both', attributes: { by: 'bitwiseand' }, inputs: [row(6, 5), vector(3)], outputs: [row(2, 1)] },
    {
      what: 'bits moved',
      attributes: { by: 'bitshift', mode: 'RIGHT' },
      inputs: [row(6, 5), vector(1)],
      outputs: [row(3, 2)],
    },
    {
      what: 'end to end',
      attributes: { by: 'stack' },
      inputs: [vector(1, 2), vector(3, 4)],
      outputs: [of([2, 2], 1, 2, 3, 4)],
    },
  ],
  embedding: [
    {
      what: 'the rows of three ids',
      attributes: { rows: 3, out: 2 },
      inputs: [row(2, 0, 2)],
      weights: { table: of([3, 2], 1, 2, 3, 4, 5, 6) },
      outputs: [of([1, 3, 2], 5, 6, 1, 2, 5, 6)],
    },
  ],
  positions: [
    {
      what: 'two rows from the second on, once for the batch',
      attributes: { rows: 4, start: 1 },
      inputs: [of([2, 2, 1], 0, 0, 0, 0)],
      weights: { table: of([4, 1], 1, 2, 3, 4) },
      outputs: [of([1, 2, 1], 2, 3)],
    },
  ],
  rope: [
    {
      what: 'the first position stays, the second is turned by 1 and by 1/10',
      attributes: { theta: 100 },
      inputs: [of([1, 2, 4], 1, 2, 3, 4, 1, 0, 0, 1)],
      outputs: [of([1, 2, 4], 1, 2, 3, 4, Math.cos(1), -Math.sin(0.1), Math.sin(1), Math.cos(0.1))],
    },
    {
      what: 'neighbours, two of three features, from position 1 on',
      attributes: { dim: 2, interleaved: true, start: 1 },
      inputs: [of([1, 1, 3], 1, 0, 5)],
      outputs: [of([1, 1, 3], Math.cos(1), Math.sin(1), 5)],
    },
  ],
  splitheads: [
    {
      what: 'two positions in two heads',
      attributes: { heads: 2 },
      inputs: [of([1, 2, 2], 1, 2, 3, 4)],
      outputs: [of([1, 2, 2, 1], 1, 3, 2, 4)],
    },
  ],
  mergeheads: [{ what: 'two heads of two positions', inputs: [of([1, 2, 2, 1], 1, 3, 2, 4)], outputs: [of([1, 2, 2], 1, 2, 3, 4)] }],
  cache: [
    { what: 'nothing before', inputs: [of([1, 2, 1], 1, 2)], outputs: [of([1, 2, 1], 1, 2)] },
    {
      what: 'as many of those before as a window reaches, made up from those that are there',
      attributes: { past: 9, window: 4 },
      inputs: [of([1, 2, 1], 1, 2)],
      outputs: [of([1, 5, 1], 1, 2, 1, 1, 2)],
    },
  ],
  recall: [{ what: 'ones stand for it', attributes: { shape: [2] }, inputs: [row(5)], outputs: [row(1, 1)] }],
  relativebias: [
    {
      what: 'a bucket for each side: the same place and one before, one behind',
      attributes: { buckets: 4, distance: 4 },
      inputs: [of([1, 1, 2, 1], 0, 0), of([1, 1, 2, 1], 0, 0)],
      weights: { table: of([4, 1], 1, 2, 3, 4) },
      outputs: [of([1, 1, 2, 2], 1, 4, 2, 1)],
    },
    {
      what: 'one side: what is behind is like the same place; far ones share a bucket',
      attributes: { buckets: 4, distance: 4, both: false },
      inputs: [of([1, 1, 1, 1], 0), of([1, 1, 5, 1], ...ones(5))],
      weights: { table: of([4, 1], 1, 2, 3, 4) },
      // Distances 4, 3, 2, 1, 0; exact below 2, then 2 + ⌊log₂(far / 2) · 2⌋.
      outputs: [of([1, 1, 1, 5], 4, 4, 3, 2, 1)],
    },
  ],
  dispatch: [
    {
      what: 'three positions to two of three experts each: 0 and 1, 2 and 0, 1 and 2',
      attributes: { experts: 3 },
      inputs: [of([1, 3, 1], 7, 8, 9), of([1, 3, 2], 0, 0, 0, 0, 0, 0)],
      outputs: [of([6, 1], 7, 8, 7, 9, 8, 9)],
    },
  ],
  combine: [
    {
      what: 'what was dispatched, by its gates',
      attributes: { experts: 3 },
      inputs: [of([6, 1], 7, 8, 7, 9, 8, 9), of([1, 3, 2], 1, 10, 2, 20, 3, 30)],
      outputs: [of([1, 3, 1], 77, 176, 297)],
    },
  ],
  parameter: [
    {
      what: 'as it stands',
      attributes: { shape: [2, 1], whole: true },
      inputs: [of([1, 1], 0)],
      weights: { value: of([2, 1], 5, 6) },
      outputs: [of([2, 1], 5, 6)],
    },
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
  // It has no kernel, as its own test says.
  unknown: [],
});

const examples = operatorNames.flatMap((name) => EXAMPLES[name].map((example) => ({ name, ...example })));

/** ε in norms and the precision of erf show in the fifth decimal. */
const TOLERANCE = 2e-5;

describe('a kernel computes', () => {
  it.each(examples)('$name: $what', ({ name, attributes = {}, inputs, weights = {}, outputs }) => {
    const operator = operatorOf(name);
    const alu = new CountingAlu();
    const parsed = operator.attributes.parse(attributes);
    const computed = operator.run(parsed, inputs, operator.prepare(parsed, weights, alu), alu);
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
