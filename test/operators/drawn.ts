import fc from 'fast-check';
import type { Shape } from '../../src/core/shape.ts';
import { everyOperator, type OperatorName, operatorOf } from '../../src/operators/registry.ts';
import { ProblemError } from '../../src/problems/problem.ts';

/** Attributes and shapes of inputs for an operator. */
export interface Drawn {
  readonly attributes: object;
  readonly inputs: readonly Shape[];
}

const size = fc.integer({ min: 1, max: 5 });
const flag = fc.boolean();
const batch = fc.integer({ min: 1, max: 2 });
const tensor = fc.array(size, { minLength: 2, maxLength: 4 });
const tensorBehind = fc.tuple(batch, fc.array(size, { minLength: 1, maxLength: 3 })).map(([n, rest]) => [n, ...rest]);
const spatial = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 });
const image = fc.tuple(batch, fc.integer({ min: 1, max: 4 }), spatial).map(([n, c, rest]) => [n, c, ...rest]);
const upTo = (max: number, min = 0) => fc.integer({ min, max });
const axisOf = (shape: Shape) => fc.integer({ min: -shape.length, max: shape.length - 1 });
const on = (...inputs: readonly Shape[]): Drawn => ({ attributes: {}, inputs });
const plain: fc.Arbitrary<Drawn> = tensor.map((shape) => on(shape));

/** One value for all axes, or one for each. */
const perAxis = (axes: number, value: fc.Arbitrary<number>) => fc.oneof(value, fc.array(value, { minLength: axes, maxLength: axes }));
const sides = (axes: number, value: fc.Arbitrary<number>) =>
  fc.oneof(value, fc.array(fc.oneof(value, fc.tuple(value, value)), { minLength: axes, maxLength: axes }));

const with1 = (inputs: Shape, attributes: fc.Arbitrary<object>): fc.Arbitrary<Drawn> =>
  attributes.map((drawn) => ({ attributes: drawn, inputs: [inputs] }));

/** Windows that fit often; what does not fit is refused, and skipped. */
const window = (axes: number) => ({
  kernel: perAxis(axes, upTo(4, 1)),
  stride: perAxis(axes, upTo(3, 1)),
});

const grouped = fc.record({ groups: upTo(3, 1), inPerGroup: upTo(2, 1), outPerGroup: upTo(2, 1), n: batch, rest: spatial });

const convolution = (padding: (axes: number) => object) =>
  grouped.chain(({ groups, inPerGroup, outPerGroup, n, rest }) =>
    with1(
      [n, groups * inPerGroup, ...rest],
      fc.record({
        ...window(rest.length),
        ...padding(rest.length),
        out: fc.constant(groups * outPerGroup),
        groups: fc.constant(groups),
        dilation: perAxis(rest.length, upTo(3, 1)),
        bias: flag,
      }),
    ),
  );

const anyPadding = (axes: number) => fc.oneof(sides(axes, upTo(3)), fc.constantFrom('same', 'same_lower', 'valid'));

/** A window over an image, padded and dilated. */
const slid = ({ length }: Shape) =>
  fc.record({ ...window(length - 2), padding: sides(length - 2, upTo(2)), dilation: perAxis(length - 2, upTo(2, 1)) });

const shapesOf = (name: OperatorName, attributes: object, input: Shape): Shape =>
  operatorOf(name).shapes(operatorOf(name).attributes.parse(attributes), [input])[0] as Shape;

/** A move. */
const moved = (by: string, inputs: readonly Shape[], rest: object = {}): Drawn => ({ attributes: { by, ...rest }, inputs });

const sizeAt = (shape: Shape, axis: number): number => shape[axis] as number;

/** A tensor, and one of its axes. */
const axial = tensor.chain((shape) => fc.tuple(fc.constant(shape), upTo(shape.length - 1)));
/** As ONNX of opset 17 has them too. */
const joins = fc.constantFrom('add', 'multiply');
const placesUpTo = (most: number) => fc.array(upTo(most), { minLength: 1, maxLength: 5 });

/** What elements a move picks. */
const moves: readonly fc.Arbitrary<Drawn>[] = [
  fc.tuple(tensor, tensor, tensor).map(([from, to, other]) => moved('Other', [from], { to: [to, other] })),
  tensor.chain((shape) =>
    fc.array(upTo(3, 1), { minLength: shape.length, maxLength: shape.length }).map((repeats) => moved('tile', [shape], { repeats })),
  ),
  fc.tuple(axial, size).map(([[shape, axis], more]) => moved('expand', [shape.with(axis, 1)], { to: [[2, ...shape.with(axis, more)]] })),
  axial.chain(([shape, axis]) => placesUpTo(sizeAt(shape, axis) - 1).map((indices) => moved('gather', [shape], { axis, indices }))),
  axial.chain(([shape, axis]) =>
    upTo(sizeAt(shape, axis) - 1).map((index) =>
      moved('gather', [shape], {
        axis,
        indices: [
          [index, 0],
          [0, index],
        ],
      }),
    ),
  ),
  fc.tuple(axial, fc.array(size, { minLength: 1, maxLength: 2 })).map(([[shape, axis], of]) => moved('gather', [shape, of], { axis })),
  fc.tuple(axial, size).map(([[shape, axis], more]) => moved('gatherelements', [shape, shape.with(axis, more)], { axis })),
  axial.chain(([shape, batch]) =>
    upTo(shape.length - batch, 1).map((depth) => moved('gathernd', [shape, [...shape.slice(0, batch), 3, depth]], { batch })),
  ),
  axial.map(([shape, axis]) => moved('scatterelements', [shape, shape.with(axis, 1), shape.with(axis, 1)], { axis })),
  tensor.map((shape) => moved('scatternd', [shape, [1, 1], [1, ...shape.slice(1)]])),
  axial.map(([shape, axis]) => moved('where', [shape.with(axis, 1), shape, [sizeAt(shape, shape.length - 1)]])),
  tensor.chain((shape) =>
    fc.tuple(...shape.map((one) => fc.tuple(upTo(one - 1), upTo(one - 1)))).map((ends) => {
      const counts = ends.map(([first, last]) => Math.abs(last - first) + 1);
      const step = ends.map(([first, last]) => (last < first ? -1 : 1));
      return moved('slice', [shape], { start: ends.map(([first]) => first), step, to: [counts] });
    }),
  ),
  tensor.chain((shape) =>
    fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((order) => moved('transpose', [shape], { order })),
  ),
  axial.map(([shape, axis]) => moved('onehot', [shape, [2]], { axis, depth: 3 })),
  tensor.map((shape) => moved('onehot', [shape], { depth: 3 })),
  axial.map(([shape, axis]) => moved('compress', [shape], { axis, indices: [0, sizeAt(shape, axis) - 1] })),
  tensor.map((shape) => moved('compress', [shape], { indices: [0] })),
  fc.tuple(tensor, upTo(1)).map(([shape, axis]) => moved('reversesequence', [shape, [sizeAt(shape, 1 - axis)]], { axis })),
  fc
    .tuple(batch, size, size, size, upTo(3, 1), fc.constantFrom('DCR', 'CRD'))
    .map(([n, c, h, w, block, mode]) => moved('depthtospace', [[n, c * block ** 2, h, w]], { block, mode })),
  fc
    .tuple(batch, size, size, size, upTo(3, 1))
    .map(([n, c, h, w, block]) => moved('spacetodepth', [[n, c, h * block, w * block]], { block })),
  fc
    .tuple(tensor, fc.constantFrom('upper', 'lower'), upTo(2, -2))
    .map(([shape, mode, diagonal]) => moved('trilu', [shape], { mode, diagonal })),
  tensor.chain((shape) =>
    fc
      .tuple(
        fc.array(fc.tuple(upTo(3), upTo(3)), { minLength: shape.length, maxLength: shape.length }),
        fc.constantFrom('constant', 'edge', 'reflect', 'wrap'),
      )
      .map(([amount, mode]) => moved('pad', [shape], { mode, amount, value: -7 })),
  ),
  fc.tuple(tensor, tensor).map(([from, to]) => moved('centercroppad', [from], { to: [from.map((one, axis) => to[axis] ?? one)] })),
  fc.tuple(batch, size, size).map(([n, c, length]) =>
    moved(
      'maxunpool',
      [
        [n, c, length],
        [n, c, length],
      ],
      { to: [[n, c, 2 * length + 1]], within: [n, c, 2 * length] },
    ),
  ),
  tensor.map((shape) => moved('resize', [shape], { indices: shape.map((one) => [0, one - 1, 0]) })),
  tensor.map((shape) => moved('offset', [shape.with(0, 2 * (shape[0] as number) - 1)])),
  tensor.map((shape) => moved('distance', [[...shape, 4]])),
  tensor.map((shape) => moved('label', [shape, shape.toSpliced(1, 1)], { ignore: 1 })),
  tensor.map((shape) => moved('labelweight', [[4], shape], { ignore: 0 })),
  fc.tuple(axial, fc.constantFrom('and', 'or', 'xor')).map(([[shape, axis], by]) => moved(by, [shape, shape.with(axis, 1)])),
  tensor.map((shape) => moved('not', [shape])),
  fc.tuple(tensor, fc.constantFrom('whole', 'truth')).map(([shape, mode]) => moved('cast', [shape], { mode })),
  tensor.map((shape) => moved('stack', [shape, shape])),
  fc.tuple(tensor, tensor).map(([from, to]) => moved('fill', [from], { to: [to], value: 2 })),
];

const pooled = (more: (axes: number) => object) =>
  image.chain((shape) => {
    const axes = shape.length - 2;
    return with1(shape, fc.record({ ...window(axes), padding: anyPadding(axes), ceil: flag, ...more(axes) }));
  });

const sized = image.chain((shape) => with1(shape, fc.record({ size: perAxis(shape.length - 2, upTo(8, 1)) })));

/** Tensors that broadcast to a shape: some axes of size 1, the first of them left out. */
const joined = tensor.chain((shape) => {
  const one = fc
    .tuple(fc.array(flag, { minLength: shape.length, maxLength: shape.length }), upTo(shape.length - 1))
    .map(([isOne, left]) => shape.map((length, axis) => (isOne[axis] ? 1 : length)).slice(left));
  return fc.array(one, { minLength: 2, maxLength: 4 }).map((inputs) => on(...inputs));
});

const product = fc
  .record({ stack: fc.array(size, { maxLength: 2 }), rows: size, inner: size, columns: size, transpose: flag, left: flag, right: flag })
  .map(({ stack, rows, inner, columns, transpose, left, right }) => ({
    attributes: { transpose },
    inputs: [
      [...stack.map((length) => (left ? length : 1)), rows, inner],
      [...stack.map((length) => (right ? length : 1)), ...(transpose ? [columns, inner] : [inner, columns])],
    ],
  }));

const attended = fc
  .record({ n: batch, heads: upTo(3, 1), width: upTo(3, 1), queries: size, keys: size, features: size, bias: flag, inputs: upTo(3, 1) })
  .map(({ n, heads, width, queries, keys, features, bias, inputs }) => ({
    attributes: { heads, dim: heads * width, bias },
    inputs: [
      [n, queries, features],
      [n, keys, features + 1],
      [n, keys, features + 2],
    ].slice(0, inputs),
  }));

const epsilon = fc.constantFrom(1e-5, 0.01, 0.5);
const affine = fc.record({ affine: flag, epsilon });
const tensors = { shape: fc.array(size, { minLength: 1, maxLength: 3 }), expand: flag, whole: flag };

/** What an operator offers for one of its attributes. */
const offered = (name: OperatorName, attribute: string): string[] => {
  const schema = operatorOf(name).attributes.shape[attribute] as unknown as { readonly options: readonly string[] };
  return [...schema.options];
};
const operations = fc.constantFrom(...offered('arithmetic', 'operation'));
const functions = offered('pointwise', 'function');
const reductions = offered('reduce', 'by');

/** Blocks of pixels, and so many of them along each axis. */
const blocks = fc.record({
  factor: upTo(3, 1),
  mode: fc.constantFrom('CRD', 'DCR'),
  n: batch,
  channels: upTo(2, 1),
  rest: fc.array(upTo(2, 1), { minLength: 1, maxLength: 3 }),
});

/** Inputs that each operator might be given. One without does not compile. */
type Draws = { readonly [O in Exclude<OperatorName, 'unknown'>]: fc.Arbitrary<Drawn> };

export const DRAWN: Draws = everyOperator<Draws>()({
  conv: convolution((axes) => ({ padding: anyPadding(axes) })),
  convtranspose: convolution((axes) => ({ padding: sides(axes, upTo(2)), outputpadding: perAxis(axes, upTo(1)) })),
  dynamicconv: fc
    .record({ drawn: grouped, ownKernel: flag, bias: fc.constantFrom('none', 'one', 'own') })
    .chain(({ drawn: { groups, inPerGroup, outPerGroup, n, rest }, ownKernel, bias }) => {
      const out = groups * outPerGroup;
      const biases = { none: [], one: [[out]], own: [[n, out]] }[bias];
      return fc
        .record({
          taps: fc.array(upTo(4, 1), { minLength: rest.length, maxLength: rest.length }),
          stride: perAxis(rest.length, upTo(3, 1)),
          padding: anyPadding(rest.length),
          dilation: perAxis(rest.length, upTo(2, 1)),
        })
        .map(({ taps, ...attributes }) => ({
          attributes: { ...attributes, groups },
          inputs: [[n, groups * inPerGroup, ...rest], [...(ownKernel ? [n] : []), out, inPerGroup, ...taps], ...biases],
        }));
    }),
  deformconv: fc
    .record({
      drawn: fc.record({
        groups: upTo(2, 1),
        inPerGroup: upTo(2, 1),
        outPerGroup: upTo(2, 1),
        n: batch,
        rest: fc.tuple(upTo(5, 1), upTo(5, 1)),
      }),
      parts: upTo(2, 1),
      isMasked: flag,
      bias: flag,
    })
    .chain(({ drawn: { groups, inPerGroup, outPerGroup, n, rest }, parts, isMasked, bias }) => {
      const x = [n, groups * inPerGroup, ...rest];
      const offsetgroups = (groups * inPerGroup) % parts === 0 ? parts : 1;
      return fc
        .record({
          kernel: fc.tuple(upTo(3, 1), upTo(3, 1)),
          stride: perAxis(2, upTo(2, 1)),
          padding: sides(2, upTo(2)),
          dilation: perAxis(2, upTo(2, 1)),
        })
        .map(({ kernel, ...rest }) => {
          const attributes = { ...rest, kernel, out: groups * outPerGroup, groups, bias };
          const positions = isRefused('conv', { attributes, inputs: [x] }) ? [1, 1] : shapesOf('conv', attributes, x).slice(2);
          const moved = offsetgroups * kernel[0] * kernel[1];
          const mask = isMasked ? [[n, moved, ...positions]] : [];
          return { attributes: { ...attributes, offsetgroups }, inputs: [x, [n, 2 * moved, ...positions], ...mask] };
        });
    }),
  linear: tensor.chain((shape) => with1(shape, fc.record({ out: size, bias: flag }))),
  matmul: product,
  einsum: fc.record({ n: batch, i: size, j: size, k: size }).chain(({ n, i, j, k }) =>
    fc.constantFrom<Drawn>(
      {
        attributes: { equation: 'nij,njk->nik' },
        inputs: [
          [n, i, j],
          [n, j, k],
        ],
      },
      { attributes: { equation: 'nij,njk,k->n' }, inputs: [[n, i, j], [n, j, k], [k]] },
      { attributes: { equation: '...i,i' }, inputs: [[n, j, i], [i]] },
      {
        attributes: { equation: 'ni,nj->ijn' },
        inputs: [
          [n, i],
          [n, j],
        ],
      },
      { attributes: { equation: 'nii->n' }, inputs: [[n, i, i]] },
      { attributes: { equation: 'nij->nji' }, inputs: [[n, i, j]] },
    ),
  ),
  attention: attended,
  sdpa: fc
    .record({
      n: batch,
      keyHeads: upTo(2, 1),
      group: upTo(3, 1),
      queries: size,
      more: upTo(3),
      width: upTo(3, 1),
      features: upTo(3, 1),
      hasBias: flag,
    })
    .chain(({ n, keyHeads, group, queries, more, width, features, hasBias }) =>
      fc
        .record({
          causal: flag,
          window: fc.option(upTo(7, 1), { nil: undefined }),
          scale: fc.constantFrom(undefined, 1, 0.3),
          softcap: fc.constantFrom(undefined, 2),
          sinks: flag,
          dropout: fc.constantFrom(0, 0.3),
          alibi: flag,
        })
        .map((attributes) => ({
          attributes,
          inputs: [
            [n, keyHeads * group, queries, width],
            [n, keyHeads, queries + more, width],
            [n, keyHeads, queries + more, features],
            ...(hasBias ? [[1, keyHeads * group, 1, queries + more]] : []),
          ],
        })),
    ),
  recurrent: fc
    .record({
      n: batch,
      steps: upTo(3, 1),
      features: upTo(3, 1),
      states: upTo(2),
      attributes: fc.record({
        cell: fc.constantFrom('lstm', 'gru', 'rnn'),
        hidden: upTo(3, 1),
        layers: upTo(3, 1),
        projection: fc.option(upTo(3, 1), { nil: undefined }),
        both: flag,
        bias: flag,
        peepholes: flag,
        resetafter: flag,
        batchfirst: flag,
      }),
    })
    .map(({ n, steps, features, states, attributes }) => {
      const { both, hidden, projection = hidden, layers, batchfirst } = attributes;
      const runs = layers * (both ? 2 : 1);
      const state = (width: number) => (batchfirst ? [n, runs, width] : [runs, n, width]);
      const given = [state(projection), state(hidden)].slice(0, states);
      return { attributes, inputs: [batchfirst ? [n, steps, features] : [steps, n, features], ...given] };
    }),
  fft: tensorBehind.chain((shape) =>
    fc
      .record({
        axes: fc.shuffledSubarray([...shape.keys()].slice(1), { minLength: 1 }),
        inverse: flag,
        onesided: flag,
        takes: fc.constantFrom('real', 'complex', undefined),
        gives: fc.constantFrom('real', 'complex', undefined),
        length: fc.option(upTo(7, 1), { nil: undefined }),
        norm: fc.constantFrom('backward', 'forward', 'ortho'),
      })
      .map((attributes) => ({
        attributes,
        inputs: [(attributes.takes ?? (attributes.inverse ? 'complex' : 'real')) === 'complex' ? [...shape, 2] : shape],
      })),
  ),
  batchnorm: tensor.chain((shape) => with1(shape, affine)),
  layernorm: tensor.chain((shape) =>
    with1(
      shape,
      fc.record({
        affine: flag,
        epsilon,
        statistics: flag,
        axis: fc
          .subarray([...shape.keys()].slice(1), { minLength: 1 })
          .chain((axes) => fc.shuffledSubarray(axes, { minLength: axes.length })),
      }),
    ),
  ),
  rmsnorm: tensor.chain((shape) => with1(shape, fc.record({ axis: axisOf(shape), affine: flag }))),
  groupnorm: fc
    .record({ n: batch, groups: upTo(3, 1), per: upTo(3, 1), rest: fc.array(size, { maxLength: 3 }), affine })
    .map(({ n, groups, per, rest, affine: scaling }) => ({
      attributes: { groups, ...scaling },
      inputs: [[n, groups * per, ...rest]],
    })),
  instancenorm: image.chain((shape) => with1(shape, affine)),
  l2norm: tensor.chain((shape) => with1(shape, fc.record({ axis: axisOf(shape) }))),
  lrn: tensor.chain((shape) => with1(shape, fc.record({ size: upTo(4, 1) }))),
  relu: plain,
  relu6: plain,
  leakyrelu: plain,
  prelu: fc.oneof(
    tensor.chain((shape) => with1(shape, fc.record({ shared: flag }))),
    tensor.map((shape) => on(shape, [1, ...shape.slice(1)])),
    tensor.map((shape) => on(shape, shape.slice(1))),
  ),
  elu: plain,
  gelu: tensor.chain((shape) => with1(shape, fc.record({ approximate: fc.constantFrom('none', 'tanh') }))),
  silu: plain,
  glu: tensor.chain((shape) =>
    axisOf(shape).map((axis) => {
      const at = axis < 0 ? axis + shape.length : axis;
      return { attributes: { axis }, inputs: [shape.with(at, 2 * sizeAt(shape, at))] };
    }),
  ),
  sigmoid: plain,
  tanh: plain,
  softmax: tensor.chain((shape) => with1(shape, fc.record({ axis: axisOf(shape) }))),
  hardsigmoid: fc.oneof(
    plain,
    tensor.chain((shape) => with1(shape, fc.record({ slope: fc.constantFrom(0.2, 0.7), offset: fc.constantFrom(0.1, 0.6) }))),
  ),
  hardswish: plain,
  maxpool: fc.oneof(
    pooled((axes) => ({ dilation: perAxis(axes, upTo(3, 1)) })),
    image.chain((shape) => with1(shape, fc.record({ ...window(shape.length - 2), places: fc.constant(true), columns: flag }))),
  ),
  avgpool: pooled(() => ({ countpad: flag })),
  globalavgpool: image.map((shape) => on(shape)),
  globalmaxpool: image.map((shape) => on(shape)),
  adaptiveavgpool: sized,
  adaptivemaxpool: sized,
  add: joined,
  multiply: joined,
  arithmetic: fc.oneof(
    joined.chain(({ inputs }) => fc.record({ operation: operations }).map((attributes) => ({ attributes, inputs }))),
    tensor.chain((shape) =>
      with1(
        shape,
        fc
          .record({ operation: operations, number: fc.constantFrom(-2, 0.5, 3), reversed: flag })
          .map((drawn) => (drawn.operation === 'square' ? { ...drawn, number: 2 } : drawn)),
      ),
    ),
  ),
  pointwise: fc.oneof(
    tensor.chain((shape) => with1(shape, fc.record({ function: fc.constantFrom(...functions) }))),
    tensor.chain((shape) =>
      with1(
        shape,
        fc.constantFrom(
          { function: 'quantize', numbers: [0.02, 3, -128, 127] },
          { function: 'quantize', numbers: [0.5, 2, 0, 3] },
          { function: 'dequantize', numbers: [0.25, -3] },
          { function: 'isinf', numbers: [0, 1] },
        ),
      ),
    ),
    fc.tuple(tensor, fc.constantFrom('quantize', 'dequantize'), upTo(1)).map(([shape, name, zeros]) => ({
      attributes: { function: name },
      inputs: [shape, [1, ...shape.slice(1)], ...(zeros === 0 ? [] : [[1]])],
    })),
  ),
  reduce: tensor.chain((shape) =>
    with1(
      shape,
      fc.record({ by: fc.constantFrom(...reductions), axis: fc.subarray([...shape.keys()], { minLength: 1 }), keep: flag, last: flag }),
    ),
  ),
  scan: fc
    .tuple(batch, size, fc.array(size, { minLength: 1, maxLength: 2 }), flag)
    .map(([n, length, rest, isShared]) => on([n, isShared ? 1 : length, ...rest], [n, length, ...rest])),
  deltarule: fc
    .record({ n: batch, keyHeads: upTo(2, 1), group: upTo(2, 1), length: size, width: upTo(3, 1), features: upTo(3, 1) })
    .chain(({ n, keyHeads, group, length, width, features }) =>
      fc.record({ chunk: fc.option(upTo(4, 1), { nil: undefined }) }).map((attributes) => ({
        attributes,
        inputs: [
          [n, keyHeads, length, width],
          [n, keyHeads, length, width],
          [n, keyHeads * group, length, features],
          [n, keyHeads * group, length],
          [n, keyHeads * group, length],
        ],
      })),
    ),
  cumsum: tensor.chain((shape) => with1(shape, fc.record({ axis: axisOf(shape), exclusive: flag, reverse: flag }))),
  nms: fc
    .tuple(
      batch,
      upTo(3, 1),
      upTo(6, 1),
      fc.record({ most: upTo(6, 1), rows: upTo(9, 1), overlap: fc.constantFrom(0, 0.2, 0.5), score: fc.constantFrom(-9, 0) }),
    )
    .map(([n, classes, boxes, attributes]) => ({
      attributes,
      inputs: [
        [n, boxes, 4],
        [n, classes, boxes],
      ],
    })),
  scatter: fc.oneof(
    fc.tuple(axial, size, joins).map(([[shape, axis], count, by]) => {
      const to = shape.with(axis, count);
      return { attributes: { by, axis }, inputs: [shape, to, to] };
    }),
    fc
      .tuple(axial, size, joins)
      .map(([[shape, axis], rows, by]) => ({ attributes: { by }, inputs: [shape, [rows, axis + 1], [rows, ...shape.slice(axis + 1)]] })),
  ),
  topk: tensor.chain((shape) => with1(shape, fc.record({ k: upTo(3, 1), axis: axisOf(shape), smallest: flag }))),
  concat: tensor.chain((shape) =>
    fc
      .tuple(axisOf(shape), fc.array(size, { minLength: 2, maxLength: 4 }))
      .map(([axis, sizes]) => ({ attributes: { axis }, inputs: sizes.map((length) => shape.with(axis, length)) })),
  ),
  split: tensor.chain((shape) =>
    fc.tuple(axisOf(shape), fc.array(size, { minLength: 1, maxLength: 4 })).map(([axis, sizes]) => ({
      attributes: { axis, sizes },
      inputs: [
        shape.with(
          axis,
          sizes.reduce((sum, length) => sum + length, 0),
        ),
      ],
    })),
  ),
  slice: tensor.chain((shape) => with1(shape, fc.record({ axis: axisOf(shape), start: upTo(3), step: upTo(3, 1) }))),
  shuffle: fc
    .tuple(batch, upTo(3, 1), upTo(3, 1), fc.array(size, { maxLength: 2 }))
    .map(([n, groups, per, rest]) => ({ attributes: { groups }, inputs: [[n, groups * per, ...rest]] })),
  pixelshuffle: blocks.map(({ n, channels, rest, ...attributes }) => ({
    attributes,
    inputs: [[n, channels * attributes.factor ** rest.length, ...rest]],
  })),
  pixelunshuffle: blocks.map(({ n, channels, rest, ...attributes }) => ({
    attributes,
    inputs: [[n, channels, ...rest.map((places) => places * attributes.factor)]],
  })),
  unfold: image.chain((shape) => with1(shape, slid(shape))),
  fold: image.chain((shape) =>
    slid(shape).map((attributes) => {
      const columns = isRefused('unfold', { attributes, inputs: [shape] }) ? [1, 1, 1] : shapesOf('unfold', attributes, shape);
      return { attributes: { ...attributes, size: shape.slice(2) }, inputs: [columns] };
    }),
  ),
  flatten: tensor.chain((shape) => with1(shape, fc.record({ start: axisOf(shape), end: axisOf(shape) }))),
  reshape: tensor.chain((shape) =>
    with1(
      shape,
      fc.shuffledSubarray([...shape], { minLength: shape.length }).map((to) => ({ to })),
    ),
  ),
  permute: tensor.chain((shape) =>
    with1(
      shape,
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((order) => ({ order })),
    ),
  ),
  pad: tensorBehind.chain((shape) => {
    const amount = fc.oneof(upTo(2), fc.tuple(upTo(2), upTo(2)));
    return with1(
      shape,
      fc.record({ amount: fc.array(amount, { minLength: shape.length - 1, maxLength: shape.length - 1 }), value: fc.constantFrom(0, 1.5) }),
    );
  }),
  upsample: image.chain((shape) => {
    const [axes, mode] = [shape.length - 2, fc.constantFrom('nearest', 'linear', 'cubic')];
    const scale = fc.constantFrom(0.5, 1, 1.5, 2, 3);
    const sampling = fc.record({
      mode,
      coordinates: fc.constantFrom(undefined, 'half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'),
      rounding: fc.constantFrom('floor', 'ceil', 'prefer_floor', 'prefer_ceil'),
      swing: fc.constantFrom(-0.75, -0.5),
      exclude: flag,
    });
    const sized = fc.oneof(fc.record({ size: perAxis(axes, upTo(9, 1)) }), fc.record({ scale: perAxis(axes, scale) }));
    return with1(
      shape,
      fc.tuple(sampling, sized).map(([one, other]) => ({ ...one, ...other })),
    );
  }),
  gridsample: fc.tuple(batch, size, size, size, fc.tuple(size, size)).chain(([n, c, h, w, points]) =>
    fc
      .record({
        mode: fc.constantFrom('nearest', 'linear', 'cubic'),
        padding: fc.constantFrom('zeros', 'border', 'reflection'),
        corners: flag,
      })
      .map((attributes) => ({
        attributes,
        inputs: [
          [n, c, h, w],
          [n, ...points, 2],
        ],
      })),
  ),
  roialign: fc
    .tuple(
      batch,
      size,
      size,
      size,
      upTo(3, 1),
      fc.record({ size: perAxis(2, upTo(3, 1)), samples: upTo(3, 1), scale: fc.constantFrom(0.5, 1, 3), aligned: flag }),
    )
    .map(([n, c, h, w, regions, attributes]) => ({ attributes, inputs: [[n, c, h, w], [regions, 4], [regions]] })),
  roll: tensor.chain((shape) => with1(shape, fc.record({ axis: axisOf(shape), shift: fc.integer({ min: -9, max: 9 }) }))),
  move: fc.oneof(...moves),
  embedding: fc
    .tuple(fc.array(size, { minLength: 1, maxLength: 3 }), size, size)
    .map(([shape, rows, out]) => ({ attributes: { rows, out }, inputs: [shape] })),
  positions: fc
    .tuple(batch, size, size, fc.record({ start: upTo(2), learned: flag }))
    .map(([n, length, features, attributes]) => ({ attributes: { ...attributes, rows: 7 }, inputs: [[n, length, features]] })),
  rope: fc
    .tuple(batch, size, size, upTo(3, 1), upTo(3, 1), fc.record({ interleaved: flag, start: upTo(3) }))
    .map(([n, heads, length, pairs, more, attributes]) => ({
      attributes: { ...attributes, dim: 2 * pairs },
      inputs: [[n, heads, length, 2 * pairs + more - 1]],
    })),
  splitheads: fc
    .tuple(batch, size, size, size)
    .map(([n, length, heads, width]) => ({ attributes: { heads }, inputs: [[n, length, heads * width]] })),
  mergeheads: fc.tuple(batch, size, size, size).map((shape) => on(shape)),
  cache: fc
    .tuple(batch, size, size, size, fc.record({ past: upTo(6) }), fc.option(upTo(4, 1), { nil: undefined }))
    .map(([n, heads, length, width, attributes, window]) => ({
      attributes: { ...attributes, window },
      inputs: [[n, heads, length, width]],
    })),
  recall: tensor.chain((shape) => with1(shape, fc.record({ shape: fc.array(size, { minLength: 1, maxLength: 3 }) }))),
  relativebias: fc
    .tuple(batch, size, size, upTo(9), fc.record({ buckets: upTo(12, 4), distance: upTo(20, 7), both: flag }))
    .map(([n, heads, queries, more, attributes]) => ({
      attributes,
      inputs: [
        [n, heads, queries, 2],
        [n, 1, queries + more, 2],
      ],
    })),
  dispatch: fc.tuple(batch, size, size, size, upTo(3)).map(([n, length, features, best, more]) => ({
    attributes: { experts: best + more },
    inputs: [
      [n, length, features],
      [n, length, best],
    ],
  })),
  combine: fc.tuple(batch, size, size, size, upTo(3), flag).map(([n, length, features, best, more, product]) => ({
    attributes: { experts: best + more, product },
    inputs: [
      [n * length * best, features],
      [n, length, best],
    ],
  })),
  parameter: tensor.chain((shape) => with1(shape, fc.record(tensors))),
  constant: tensor.chain((shape) => with1(shape, fc.record(tensors))),
  relativeposition: fc
    .record({ height: upTo(3, 1), width: upTo(3, 1), heads: size, isLearned: flag })
    .map(({ height, width, heads, isLearned }) => ({
      attributes: { window: [height, width], heads, table: isLearned ? 'learned' : 'input' },
      inputs: [[1, 2 * height - 1, 2 * width - 1, heads]],
    })),
  dropout: plain,
  stochasticdepth: tensor.chain((shape) => with1(shape, fc.record({ rate: fc.constant(0.1) }))),
  identity: plain,
});

/** What does not fit is refused, and skipped. */
export const isRefused = (name: OperatorName, { attributes, inputs }: Drawn): boolean => {
  try {
    const operator = operatorOf(name);
    operator.shapes(operator.attributes.parse(attributes), inputs);
    return false;
  } catch (error) {
    if (error instanceof ProblemError) return true;
    throw error;
  }
};

/** The operators that can be run. */
export const drawnNames = Object.keys(DRAWN) as (keyof typeof DRAWN)[];
