import { elementwise } from '../../src/onnx/families/elementwise/read.ts';
import { losses } from '../../src/onnx/families/losses/read.ts';
import { moving } from '../../src/onnx/families/moving/read.ts';
import { normalisation } from '../../src/onnx/families/normalisation/read.ts';
import { pooling } from '../../src/onnx/families/pooling/read.ts';
import { products } from '../../src/onnx/families/products/read.ts';
import { recurrence } from '../../src/onnx/families/recurrent/read.ts';
import { reductions } from '../../src/onnx/families/reductions/read.ts';
import { sequences } from '../../src/onnx/families/sequences/read.ts';
import { shapes } from '../../src/onnx/families/shapes/read.ts';
import { unknownWork } from '../../src/onnx/families/uncounted/read.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../src/onnx/file/model.ts';
import { graph, node, type Parts, tensor } from '../onnx/nets.ts';
import { type Random, TELLING } from './random.ts';

/** ONNX graphs that are nearly right: every operator, on values that exist, with attributes and constants that tell. */

const OPERATORS = Object.keys({
  ...shapes,
  ...elementwise,
  ...moving,
  ...products,
  ...normalisation,
  ...pooling,
  ...reductions,
  ...recurrence,
  ...losses,
  ...sequences,
  ...unknownWork,
});

/** Attributes that operators have, by their kind. */
const INTS = [
  'axis',
  'keepdims',
  'group',
  'to',
  'allowzero',
  'start',
  'end',
  'num_outputs',
  'block_size',
  'blocksize',
  'batch_dims',
  'new_axis',
  'k',
  'upper',
  'hidden_size',
  'num_groups',
  'num_scan_inputs',
  'ceil_mode',
  'exclusive',
  'p',
  'size',
  'dtype',
  'fmod',
  'layout',
];
const LISTS = [
  'axes',
  'perm',
  'kernel_shape',
  'strides',
  'pads',
  'dilations',
  'output_shape',
  'output_padding',
  'split',
  'shape',
  'starts',
  'ends',
  'value_ints',
  'scan_input_axes',
];
const TEXTS: readonly (readonly [string, readonly string[]])[] = [
  ['mode', ['nearest', 'linear', 'cubic', 'constant', 'reflect', 'wrap', 'edge', 'CRD', 'x']],
  ['auto_pad', ['SAME_UPPER', 'VALID', 'NOTSET']],
  ['equation', ['ij,jk->ik', '...a,...b->...ab', 'ab', 'a->', '->', 'ii']],
  ['reduction', ['none', 'add', 'mul', 'mean']],
  ['coordinate_transformation_mode', ['half_pixel', 'tf_crop_and_resize', 'asymmetric']],
  ['direction', ['bidirectional', 'forward']],
  ['keep_aspect_ratio_policy', ['not_larger', 'stretch']],
];

const small = (random: Random): number[] => random.list(4, () => random.of([0, 1, 1, 2, 2, 3, 4, 8]));

function constant(random: Random): OnnxTensor {
  const shape = random.chance(0.5) ? [random.below(5)] : small(random);
  const total = shape.reduce((product, size) => product * size, 1);
  const isWhole = random.chance(0.7);
  const values = Array.from({ length: total }, () =>
    isWhole || random.chance(0.7) ? random.of(TELLING) : random.of([Number.NaN, 0.5, 1e30, -1.5, Number.POSITIVE_INFINITY]),
  );
  return tensor(shape, random.chance(0.95) ? values : undefined, isWhole ? 'int64' : random.of(['float32', 'float64', 'bool', 'uint8']));
}

/** A graph whose nodes read what was there before: inputs, constants, and what others gave. */
function parts(random: Random, inputs: NonNullable<Parts['inputs']>, outer: readonly string[], depth: number): Parts {
  const initializers = Object.fromEntries(random.list(5, (index) => [`w${depth}_${index}`, constant(random)]));
  const known = [...outer, ...Object.keys(inputs), ...Object.keys(initializers)];
  const nodes = random.list(
    6,
    (index): OnnxNode => {
      const made = random.list(2, (output) => `v${depth}_${index}_${output}`, 1);
      const one = oneNode(random, known, made, depth);
      known.push(...made);
      return one;
    },
    depth > 0 ? 0 : 1,
  );
  return { inputs, initializers, nodes, outputs: random.list(3, () => random.of(known), depth > 0 ? 0 : 1) };
}

const body = (random: Random, known: readonly string[], depth: number): OnnxGraph =>
  graph(parts(random, Object.fromEntries(random.list(4, (index) => [`i${depth}_${index}`, small(random)])), known, depth + 1));

function oneNode(random: Random, known: readonly string[], made: readonly string[], depth: number): OnnxNode {
  const read = random.list(4, () => (random.chance(0.05) ? '' : random.of(known)), random.chance(0.1) ? 0 : 1);
  const flow = `${read.join(', ')} -> ${made.join(', ')}`;
  if (depth < 2 && random.chance(0.1)) {
    const name = random.of(['If', 'Loop', 'Scan']);
    const bodies =
      name === 'If'
        ? { then_branch: body(random, known, depth), else_branch: body(random, known, depth) }
        : { body: body(random, known, depth) };
    return node(name, flow, { ...bodies, ...(name === 'Scan' && { num_scan_inputs: random.of(TELLING) }) });
  }
  const attributes = {
    ...Object.fromEntries(random.list(3, () => [random.of(INTS), random.of(TELLING)])),
    ...Object.fromEntries(random.list(3, () => [random.of(LISTS), random.list(4, () => random.of(TELLING))])),
    ...Object.fromEntries(random.list(1, () => random.of(TEXTS)).map(([key, choices]) => [key, random.of(choices)])),
    ...(random.chance(0.2) && { value: constant(random) }),
  };
  return node(random.chance(0.02) ? 'Mystery' : random.of(OPERATORS), flow, attributes);
}

export const network = (random: Random): { readonly parts: Parts; readonly opset: number } => ({
  parts: parts(random, { x: random.of([[1, 3, 8, 8], [2, 4], [1, 4, 16], [], [0, 3], [1, 2, 3, 4, 5]]) }, [], 0),
  opset: random.of([1, 7, 9, 10, 11, 13, 17, 18, 21, 23]),
});
