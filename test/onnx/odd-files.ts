import type { Random } from '../fuzz/random.ts';
import { attribute, type Bytes, fixed32, float32, graph, int, node, opset, packed, raw, sized, tensor, value } from './proto.ts';

/** Small ONNX files, most of one operator, that are right or nearly so: each follows from a seed. */

type Attribute = number | string | readonly number[] | { readonly float: number };
type Type = 'float' | 'int64' | 'int32' | 'bool' | 'uint8' | 'int8';

/** A tensor that a node reads: an input of the file, or with elements an initializer. */
export interface Read {
  readonly shape: readonly number[];
  readonly type: Type;
  readonly elements?: readonly number[] | undefined;
}

/** A node before it has names. */
export interface Piece {
  readonly operator: string;
  readonly reads: readonly (Read | undefined)[];
  readonly outputs?: number;
  readonly attributes?: Readonly<Record<string, Attribute | undefined>>;
}

const TYPES: Readonly<Record<Type, number>> = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 };
const BYTES: Readonly<Record<Type, number>> = { float: 4, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1 };

const product = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

const map = (...shape: readonly number[]): Read => ({ shape, type: 'float' });
const whole = (...elements: readonly number[]): Read => ({ shape: [elements.length], type: 'int64', elements });
const single = (element: number, type: Type = 'int64'): Read => ({ shape: [], type, elements: [element] });
const weight = (...shape: readonly number[]): Read => ({
  shape,
  type: 'float',
  elements: Array.from({ length: product(shape) }, (_, i) => Math.fround(0.1 * (i % 7) + 0.03)),
});

type Maker = (random: Random) => Piece;

const size = (random: Random): number => random.of([1, 1, 2, 2, 3, 4, 5, 0]);
const some = (random: Random, most = 4, least = 0): number[] => random.list(most, () => size(random), least);
/** An axis that there is, mostly. */
const axis = (random: Random, rank: number): number => (random.chance(0.1) ? random.of([rank, -rank - 1]) : random.below(2 * rank) - rank);
const axes = (random: Random, rank: number): number[] => random.list(3, () => axis(random, Math.max(rank, 1)), random.chance(0.1) ? 0 : 1);
const maybe = <T>(random: Random, share: number, make: () => T): T | undefined => (random.chance(share) ? make() : undefined);

const unary =
  (...operators: readonly string[]): Maker =>
  (random) => ({ operator: random.of(operators), reads: [map(...some(random))] });

/** Shapes that broadcast, mostly. */
function pair(random: Random): [number[], number[]] {
  const a = some(random);
  const b = a.map((one) => (random.chance(0.3) ? 1 : random.chance(0.06) ? one + 1 : one)).slice(random.below(a.length + 1));
  return random.chance(0.5) ? [a, b] : [b, a];
}

const binary =
  (...operators: readonly string[]): Maker =>
  (random) => {
    const [a, b] = pair(random);
    return { operator: random.of(operators), reads: [map(...a), map(...b)] };
  };

interface Window {
  readonly space: number[];
  readonly kernel: number[];
  readonly attributes: Record<string, Attribute | undefined>;
}

function windowOf(random: Random): Window {
  const rank = random.of([1, 2, 2, 2, 3]);
  const space = Array.from({ length: rank }, () => random.of([1, 3, 4, 5, 7, 8]));
  const kernel = Array.from({ length: rank }, () => random.of([1, 2, 3, 3, 4]));
  const each = (choices: readonly number[], length = rank): number[] => Array.from({ length }, () => random.of(choices));
  const wrong = random.chance(0.08) ? rank + 1 : rank;
  return {
    space,
    kernel,
    attributes: {
      kernel_shape: kernel,
      strides: maybe(random, 0.5, () => each(random.chance(0.05) ? [0, 1] : [1, 2, 3], wrong)),
      dilations: maybe(random, 0.3, () => each(random.chance(0.05) ? [0, 1] : [1, 1, 2])),
      pads: maybe(random, 0.5, () => each(random.chance(0.08) ? [-1, 0, 1] : [0, 1, 2], 2 * rank)),
      auto_pad: maybe(random, 0.2, () => random.of(['SAME_UPPER', 'SAME_LOWER', 'VALID', 'NOTSET', 'SAME'])),
    },
  };
}

const convolution: Maker = (random) => {
  const { space, kernel, attributes } = windowOf(random);
  const groups = random.of([1, 1, 1, 2, 3]);
  const inner = random.of([1, 2]);
  const out = groups * random.of([1, 2]) + (random.chance(0.05) ? 1 : 0);
  const channels = groups * inner + (random.chance(0.05) ? 1 : 0);
  const bias = maybe(random, 0.3, () => weight(random.chance(0.1) ? out + 1 : out));
  const { kernel_shape, ...rest } = attributes;
  const stated = random.chance(0.7) ? { kernel_shape: random.chance(0.06) ? kernel.map((k) => k + 1) : kernel } : {};
  return {
    operator: 'Conv',
    reads: [map(random.of([1, 2, 0]), channels, ...space), weight(out, inner, ...kernel), ...(bias === undefined ? [] : [bias])],
    attributes: { ...rest, ...stated, group: groups === 1 && random.chance(0.5) ? undefined : groups },
  };
};

const transposed: Maker = (random) => {
  const { space, kernel, attributes } = windowOf(random);
  const groups = random.of([1, 1, 2]);
  const inner = random.of([1, 2]);
  const channels = groups * inner;
  return {
    operator: 'ConvTranspose',
    reads: [map(random.of([1, 2]), channels + (random.chance(0.05) ? 1 : 0), ...space), weight(channels, random.of([1, 2]), ...kernel)],
    attributes: {
      ...attributes,
      group: groups,
      output_padding: maybe(random, 0.3, () => kernel.map(() => random.of([0, 1]))),
      output_shape: maybe(random, 0.15, () => space.map((one) => one * 2)),
    },
  };
};

const pooled: Maker = (random) => {
  const { space, attributes } = windowOf(random);
  const operator = random.of(['MaxPool', 'AveragePool', 'LpPool', 'MaxPool', 'AveragePool']);
  return {
    operator,
    reads: [map(random.of([1, 2]), random.of([1, 3]), ...space)],
    outputs: operator === 'MaxPool' && random.chance(0.2) ? 2 : 1,
    attributes: {
      ...attributes,
      dilations: operator === 'MaxPool' || random.chance(0.1) ? attributes.dilations : undefined,
      ceil_mode: maybe(random, 0.3, () => 1),
      kernel_shape: random.chance(0.04) ? undefined : attributes.kernel_shape,
    },
  };
};

const moved: readonly Maker[] = [
  (random) => {
    const shape = some(random, 4, 1);
    const order = [...shape.keys()].sort(() => random.next() - 0.5);
    const perm = random.chance(0.1) ? order.with(0, order.at(-1) as number) : random.chance(0.05) ? order.slice(1) : order;
    return { operator: 'Transpose', reads: [map(...shape)], attributes: { perm: random.chance(0.2) ? undefined : perm } };
  },
  (random) => {
    const shape = some(random, 4, 1);
    const to = random.chance(0.5)
      ? [product(shape)]
      : shape.map((one, i) => (random.chance(0.3) ? 0 : random.chance(0.15) && i > 0 ? -1 : one));
    return { operator: 'Reshape', reads: [map(...shape), whole(...to)], attributes: { allowzero: maybe(random, 0.2, () => 1) } };
  },
  (random) => {
    const shape = some(random, 4, 1);
    const used = axes(random, shape.length);
    const starts = used.map(() => random.of([0, 1, -1, -2, 2, -9, 9]));
    const ends = used.map(() => random.of([1, 2, 9, -1, 2 ** 40, -9]));
    const steps = used.map(() => random.of([1, 1, 2, -1, 0]));
    const withSteps = random.chance(0.5);
    return {
      operator: 'Slice',
      reads: [
        map(...shape),
        whole(...starts),
        whole(...(random.chance(0.05) ? ends.slice(1) : ends)),
        whole(...used),
        ...(withSteps ? [whole(...steps)] : []),
      ],
    };
  },
  (random) => {
    const shape = some(random, 4, 1);
    const along = axis(random, shape.length);
    const parts = random.list(
      3,
      () =>
        map(...shape.map((one, i) => (i === (along + shape.length) % shape.length ? size(random) : random.chance(0.04) ? one + 1 : one))),
      1,
    );
    return { operator: 'Concat', reads: parts, attributes: { axis: random.chance(0.05) ? undefined : along } };
  },
  (random) => {
    const shape = some(random, 4, 1);
    const along = axis(random, shape.length);
    const length = shape.at(along) ?? 1;
    const count = random.of([1, 2, 2, 3]);
    const first = Math.floor(length / 2);
    const sizes = count === 2 ? [first, length - first + (random.chance(0.1) ? 1 : 0)] : [length];
    return {
      operator: 'Split',
      reads: random.chance(0.6) ? [map(...shape), whole(...sizes)] : [map(...shape)],
      outputs: count,
      attributes: { axis: along, num_outputs: maybe(random, 0.3, () => count) },
    };
  },
  (random) => {
    const shape = some(random, 4, 1);
    const used = axes(random, shape.length);
    return { operator: random.of(['Squeeze', 'Unsqueeze']), reads: [map(...shape), whole(...used)] };
  },
  (random) => {
    const shape = some(random, 4, 1);
    return {
      operator: random.of(['Squeeze', 'Unsqueeze']),
      reads: [map(...shape)],
      attributes: { axes: maybe(random, 0.7, () => axes(random, shape.length)) },
    };
  },
  (random) => {
    const shape = some(random, 3, 1);
    return { operator: 'Flatten', reads: [map(...shape)], attributes: { axis: maybe(random, 0.7, () => axis(random, shape.length + 1)) } };
  },
  (random) => {
    const shape = some(random, 3, 1);
    const along = axis(random, shape.length);
    const length = shape.at(along) ?? 1;
    const places = random.list(3, () => random.below(2 * length + 1) - length, 1);
    return {
      operator: random.of(['Gather', 'Gather', 'GatherElements', 'GatherND']),
      reads: [
        map(...shape),
        random.chance(0.3)
          ? single(places[0] as number)
          : random.chance(0.3)
            ? { shape: [1, places.length], type: 'int64', elements: places }
            : whole(...places),
      ],
      attributes: { axis: along },
    };
  },
  (random) => {
    const shape = some(random, 3, 1);
    const repeats = shape.map(() => random.of([1, 2, 0, 3]));
    return { operator: 'Tile', reads: [map(...shape), whole(...(random.chance(0.1) ? repeats.slice(1) : repeats))] };
  },
  (random) => {
    const [a, b] = pair(random);
    return { operator: 'Expand', reads: [map(...a), whole(...b)] };
  },
  (random) => {
    const shape = some(random, 3, 1);
    const pads = Array.from({ length: 2 * shape.length }, () => random.of([0, 0, 1, 2, random.chance(0.3) ? -1 : 0]));
    return {
      operator: 'Pad',
      reads: [map(...shape), whole(...(random.chance(0.05) ? pads.slice(1) : pads)), ...(random.chance(0.3) ? [single(0, 'float')] : [])],
      attributes: { mode: maybe(random, 0.5, () => random.of(['constant', 'reflect', 'edge', 'wrap', 'odd'])) },
    };
  },
  (random) => {
    const shape = some(random, 3, 1);
    const block = random.of([1, 2, 2, 3]);
    return {
      operator: random.of(['DepthToSpace', 'SpaceToDepth']),
      reads: [map(...(random.chance(0.1) ? shape : [1, random.of([4, 8, 9, 3]), random.of([2, 4, 3]), random.of([2, 4])]))],
      attributes: { blocksize: random.chance(0.05) ? 0 : block },
    };
  },
  (random) => ({ operator: 'ConstantOfShape', reads: [whole(...some(random).map((one) => (random.chance(0.04) ? -1 : one)))] }),
  (random) => ({
    operator: 'Shape',
    reads: [map(...some(random))],
    attributes: { start: maybe(random, 0.3, () => random.of([0, 1, -1, 9])), end: maybe(random, 0.3, () => random.of([1, 2, -1])) },
  }),
  (random) => ({ operator: 'Size', reads: [map(...some(random))] }),
  (random) => ({
    operator: 'Range',
    reads: [single(random.of([0, 1, 5])), single(random.of([3, 5, 0])), single(random.of([1, 2, -1, 0]))],
  }),
  (random) => ({
    operator: 'OneHot',
    reads: [
      { shape: some(random, 2), type: 'int64' },
      random.chance(0.5) ? single(random.of([3, 4])) : whole(random.of([3, 4])),
      { shape: [random.chance(0.1) ? 3 : 2], type: 'float', elements: random.chance(0.1) ? [0, 1, 2] : [0, 1] },
    ],
    attributes: { axis: maybe(random, 0.5, () => random.of([0, 1, -1, -3, 5])) },
  }),
  (random) => ({
    operator: 'Trilu',
    reads: [map(...some(random, 3, random.chance(0.1) ? 0 : 2))],
    attributes: { upper: maybe(random, 0.5, () => random.below(2)) },
  }),
  (random) => {
    const shape = some(random, 3, 1);
    return {
      operator: 'TopK',
      reads: [map(...shape), whole(random.of([1, 1, 2, 0, 9]))],
      outputs: 2,
      attributes: { axis: maybe(random, 0.6, () => axis(random, shape.length)) },
    };
  },
  (random) => {
    const shape = some(random, 3, 1);
    return {
      operator: random.of(['ArgMax', 'ArgMin']),
      reads: [map(...shape)],
      attributes: { axis: maybe(random, 0.6, () => axis(random, shape.length)), keepdims: maybe(random, 0.5, () => random.below(2)) },
    };
  },
  (random) => {
    const shape = some(random, 3, 1);
    return { operator: 'CumSum', reads: [map(...shape), single(axis(random, shape.length))] };
  },
  (random) => {
    const shape = some(random, 3, 1);
    const along = axis(random, shape.length);
    return {
      operator: 'ScatterElements',
      reads: [map(...shape), { shape: shape.map(() => 1), type: 'int64', elements: [0] }, map(...shape.map(() => 1))],
      attributes: { axis: along, reduction: maybe(random, 0.3, () => random.of(['none', 'add', 'mul', 'max', 'odd'])) },
    };
  },
  (random) => {
    const [a, b] = pair(random);
    return { operator: 'Where', reads: [{ shape: b, type: 'bool' }, map(...a), map(...b)] };
  },
  (random) => {
    const shape = some(random, 3, 1);
    return {
      operator: random.of(['ReverseSequence']),
      reads: [map(...shape), { shape: [shape[1] ?? 1], type: 'int64', elements: new Array(shape[1] ?? 1).fill(1) }],
      attributes: { batch_axis: random.of([0, 1]), time_axis: random.of([0, 1]) },
    };
  },
];

const REDUCTIONS = [
  'ReduceSum',
  'ReduceMean',
  'ReduceMax',
  'ReduceMin',
  'ReduceProd',
  'ReduceL1',
  'ReduceL2',
  'ReduceLogSumExp',
  'ReduceSumSquare',
  'ReduceLogSum',
];
const reduced: Maker = (random) => {
  const shape = some(random, 4, random.chance(0.05) ? 0 : 1);
  const used = axes(random, shape.length);
  const asInput = random.chance(0.5);
  return {
    operator: random.of(REDUCTIONS),
    reads: asInput ? [map(...shape), whole(...used)] : [map(...shape)],
    attributes: {
      axes: asInput || random.chance(0.3) ? undefined : used,
      keepdims: maybe(random, 0.5, () => random.below(2)),
      noop_with_empty_axes: maybe(random, 0.1, () => 1),
    },
  };
};

const products: readonly Maker[] = [
  (random) => {
    const [m, k, n] = [size(random), size(random), size(random)];
    const lead = some(random, 2);
    const a = random.chance(0.2) ? [k] : [...lead, m, k];
    const b = random.chance(0.2)
      ? [random.chance(0.1) ? k + 1 : k]
      : [...lead.slice(random.below(lead.length + 1)), random.chance(0.05) ? k + 1 : k, n];
    return { operator: 'MatMul', reads: [map(...a), random.chance(0.5) ? map(...b) : weight(...b)] };
  },
  (random) => {
    const [m, k, n] = [size(random), size(random), size(random)];
    const [ta, tb] = [random.below(2), random.below(2)];
    const bias = maybe(random, 0.6, () => weight(...random.of([[n], [m, n], [1, n], [], [1], [m, 1], [n + 1], [m + 1, n]])));
    return {
      operator: 'Gemm',
      reads: [
        map(...(ta ? [k, m] : [m, k]), ...(random.chance(0.04) ? [1] : [])),
        weight(...(tb ? [n, k] : [k + (random.chance(0.05) ? 1 : 0), n])),
        ...(bias === undefined ? [] : [bias]),
      ],
      attributes: {
        transA: ta,
        transB: tb,
        alpha: maybe(random, 0.3, () => ({ float: 0.5 })),
        beta: maybe(random, 0.3, () => ({ float: 2 })),
      },
    };
  },
  (random) => {
    const [equation, ...shapes] = random.of<[string, ...number[][]]>([
      ['ij,jk->ik', [2, 3], [3, 4]],
      ['ij,jk->ik', [2, 3], [2, 4]],
      ['bij,bjk->bik', [2, 2, 3], [2, 3, 4]],
      ['...ij,...jk->...ik', [2, 2, 3], [3, 4]],
      ['ii->i', [3, 3]],
      ['ii', [3, 3]],
      ['ij->', [2, 3]],
      ['ij', [2, 3]],
      ['ij,ij->i', [2, 3], [2, 1]],
      ['i,j->ij', [2], [3]],
      ['ij->ijk', [2, 3]],
      ['ij,jk->ii', [2, 3], [3, 2]],
      ['ijk->ij', [2, 3]],
      ['i j , j k -> i k', [2, 3], [3, 4]],
      ['ij,jk', [2, 3], [3, 4]],
      ['a1->a', [2, 3]],
    ]);
    return { operator: 'Einsum', reads: (shapes as number[][]).map((shape) => map(...shape)), attributes: { equation } };
  },
];

const normalised: readonly Maker[] = [
  (random) => {
    const channels = random.of([1, 2, 3]);
    const shape = [random.of([1, 2]), channels, ...some(random, 2)];
    const stat = (): Read => weight(random.chance(0.03) ? channels + 1 : channels);
    return {
      operator: 'BatchNormalization',
      reads: [map(...shape), stat(), stat(), stat(), stat()],
      attributes: { epsilon: maybe(random, 0.3, () => ({ float: 1e-3 })) },
    };
  },
  (random) => {
    const channels = random.of([1, 2, 3]);
    return {
      operator: 'InstanceNormalization',
      reads: [
        map(2, channels, ...some(random, 2, random.chance(0.1) ? 0 : 1)),
        weight(channels),
        weight(random.chance(0.04) ? channels + 1 : channels),
      ],
    };
  },
  (random) => {
    const shape = some(random, 3, 1);
    const along = axis(random, shape.length);
    const from = along < 0 ? along + shape.length : along;
    const inner = shape.slice(from);
    const given = random.chance(0.1) ? [1] : random.chance(0.05) ? [7] : inner;
    return {
      operator: 'LayerNormalization',
      reads: [map(...shape), weight(...given), ...(random.chance(0.5) ? [weight(...given)] : [])],
      outputs: random.of([1, 1, 1, 2, 3]),
      attributes: { axis: along },
    };
  },
  (random) => {
    const channels = random.of([2, 4, 6]);
    const groups = random.of([1, 2, 3, 5]);
    return {
      operator: 'GroupNormalization',
      reads: [
        map(1, channels, random.of([2, 3])),
        weight(random.chance(0.5) ? channels : groups),
        weight(random.chance(0.5) ? channels : groups),
      ],
      attributes: { num_groups: groups },
    };
  },
  (random) => {
    const shape = some(random, 4, random.chance(0.05) ? 0 : 1);
    return {
      operator: random.of(['Softmax', 'LogSoftmax', 'Hardmax']),
      reads: [map(...shape)],
      attributes: { axis: maybe(random, 0.6, () => axis(random, Math.max(shape.length, 1))) },
    };
  },
  (random) => ({
    operator: 'LRN',
    reads: [map(1, random.of([1, 3, 5]), ...some(random, 2, 1))],
    attributes: { size: random.of([1, 3, 5, 2, 0]) },
  }),
  (random) => {
    const shape = some(random, 3, 1);
    return {
      operator: 'LpNormalization',
      reads: [map(...shape)],
      attributes: { axis: axis(random, shape.length), p: random.of([1, 2, 3]) },
    };
  },
  (random) => ({
    operator: 'MeanVarianceNormalization',
    reads: [map(1, 2, 3, 2)],
    attributes: { axes: maybe(random, 0.5, () => axes(random, 4)) },
  }),
];

const resized: Maker = (random) => {
  const shape = [1, random.of([1, 2]), random.of([2, 3, 4]), random.of([2, 3])];
  const scales = shape.map((_, i) => (i < 2 ? 1 : random.of([2, 1, 0.5, 1.5, 0])));
  const sizes = shape.map((one, i) => (i < 2 ? one : random.of([1, 2, 5, 0])));
  const byScales = random.chance(0.5);
  const none: Read = { shape: [0], type: 'float', elements: [] };
  const cut = random.chance(0.04) ? 1 : 0;
  return {
    operator: 'Resize',
    reads: byScales
      ? [map(...shape), none, { shape: [4 - cut], type: 'float', elements: scales.slice(cut) }]
      : [map(...shape), none, random.chance(0.1) ? { shape: [4], type: 'float', elements: scales } : none, whole(...sizes.slice(cut))],
    attributes: {
      mode: random.of(['nearest', 'linear', 'cubic', 'odd']),
      coordinate_transformation_mode: maybe(random, 0.4, () => random.of(['half_pixel', 'asymmetric', 'align_corners', 'odd'])),
    },
  };
};

const recurrent: Maker = (random) => {
  const operator = random.of(['LSTM', 'GRU', 'RNN']);
  const gates = { LSTM: 4, GRU: 3, RNN: 1 }[operator] as number;
  const [steps, batch, features, hidden] = [random.of([1, 3, 0]), random.of([1, 2]), random.of([1, 2]), random.of([1, 3])];
  const direction = random.of(['forward', 'reverse', 'bidirectional', 'odd', undefined]);
  const ways = direction === 'bidirectional' ? 2 : 1;
  const off = random.chance(0.05) ? 1 : 0;
  const bias = maybe(random, 0.4, () => weight(ways, 2 * gates * hidden));
  const layout = maybe(random, 0.2, () => random.below(2));
  return {
    operator,
    reads: [
      map(...(layout === 1 ? [batch, steps] : [steps, batch]), features),
      weight(ways, gates * hidden, features + off),
      weight(ways, gates * hidden, hidden),
      ...(bias === undefined ? [] : [bias]),
    ],
    outputs: operator === 'LSTM' ? random.of([1, 2, 3]) : random.of([1, 2]),
    attributes: { hidden_size: random.chance(0.05) ? hidden + 1 : hidden, direction, layout },
  };
};

const quantised: readonly Maker[] = [
  (random) => {
    const shape = some(random, 3, 1);
    const along = axis(random, shape.length);
    const perAxis = random.chance(0.5);
    const length = shape.at(along) ?? 1;
    const s = perAxis ? [length + (random.chance(0.1) ? 1 : 0)] : [];
    const zero: Read = { shape: s, type: 'uint8', elements: new Array(product(s)).fill(3) };
    return random.chance(0.5)
      ? {
          operator: 'QuantizeLinear',
          reads: [map(...shape), weight(...s), ...(random.chance(0.6) ? [zero] : [])],
          attributes: { axis: perAxis ? along : undefined },
        }
      : {
          operator: 'DequantizeLinear',
          reads: [{ shape, type: 'uint8' }, weight(...s), ...(random.chance(0.6) ? [zero] : [])],
          attributes: { axis: perAxis ? along : undefined },
        };
  },
  (random) => ({ operator: 'DynamicQuantizeLinear', reads: [map(...some(random, 3))], outputs: 3 }),
  (random) => {
    const k = random.of([2, 3]);
    return {
      operator: 'MatMulInteger',
      reads: [
        { shape: [2, k], type: 'uint8' },
        { shape: [random.chance(0.1) ? k + 1 : k, 3], type: 'uint8', elements: new Array(3 * (k + 1)).fill(1).slice(0, 3 * k) },
      ],
    };
  },
];

const others: readonly Maker[] = [
  unary(
    'Relu',
    'Sigmoid',
    'Tanh',
    'Exp',
    'Abs',
    'Neg',
    'Sqrt',
    'Erf',
    'Floor',
    'Softplus',
    'Selu',
    'Elu',
    'LeakyRelu',
    'HardSigmoid',
    'Identity',
    'Sign',
    'Ceil',
    'Reciprocal',
    'Log',
    'Round',
    'Sin',
    'HardSwish',
    'Mish',
    'Gelu',
    'ThresholdedRelu',
    'Celu',
    'Softsign',
  ),
  unary('GlobalAveragePool', 'GlobalMaxPool', 'Dropout', 'IsNaN', 'Not', 'Hardmax', 'Det', 'Shrink', 'EyeLike', 'NonZero'),
  binary('Add', 'Sub', 'Mul', 'Div', 'Pow', 'Greater', 'Less', 'Equal', 'PRelu', 'Mod', 'And'),
  (random) => {
    const [a, b] = pair(random);
    return { operator: random.of(['Max', 'Min', 'Sum', 'Mean']), reads: [map(...a), map(...b), map(...a)].slice(0, random.of([1, 2, 3])) };
  },
  (random) => ({
    operator: 'Cast',
    reads: [map(...some(random))],
    attributes: { to: random.chance(0.06) ? undefined : random.of([1, 6, 7, 9, 10, 11, 99, 0]) },
  }),
  (random) => ({
    operator: 'Clip',
    reads: [
      map(...some(random)),
      ...(random.chance(0.6) ? [single(0, 'float')] : []),
      ...(random.chance(0.3) ? [random.chance(0.2) ? weight(2) : single(6, 'float')] : []),
    ],
  }),
  (random) => ({
    operator: 'Multinomial',
    reads: [map(...some(random, 3, 1))],
    attributes: { sample_size: random.of([1, 3, undefined]), dtype: random.of([6, 7, undefined]) },
  }),
  (random) => ({
    operator: random.of(['RandomNormal', 'RandomUniform']),
    reads: [],
    attributes: { shape: maybe(random, 0.9, () => some(random)) },
  }),
  (random) => ({
    operator: 'GridSample',
    reads: [map(1, 2, 3, 4), map(random.of([1, 2]), 2, 2, random.of([2, 2, 3]))],
    attributes: { mode: maybe(random, 0.5, () => random.of(['bilinear', 'nearest', 'bicubic', 'linear', 'odd'])) },
  }),
];

const OPERATORS: readonly Maker[] = [
  ...others,
  ...others,
  convolution,
  convolution,
  transposed,
  transposed,
  pooled,
  pooled,
  pooled,
  ...moved,
  reduced,
  reduced,
  reduced,
  ...products,
  ...normalised,
  resized,
  resized,
  recurrent,
  recurrent,
  ...quantised,
];

function attributeOf(name: string, given: Attribute): Bytes {
  if (typeof given === 'number') return attribute(name, 2, int(3, given));
  if (typeof given === 'string') return attribute(name, 3, sized(4, given));
  if ('float' in given) return attribute(name, 1, fixed32(2, float32(given.float)));
  return attribute(name, 7, ...(given.length === 0 ? [] : [packed(8, given)]));
}

function bytesOf(type: Type, elements: readonly number[]): Bytes {
  const view = new DataView(new ArrayBuffer(elements.length * BYTES[type]));
  for (const [i, element] of elements.entries()) {
    if (type === 'float') view.setFloat32(4 * i, element, true);
    else if (type === 'int64') view.setBigInt64(8 * i, BigInt(element), true);
    else if (type === 'int32') view.setInt32(4 * i, element, true);
    else view.setUint8(i, element);
  }
  return [...new Uint8Array(view.buffer)];
}

/** A file in parts that can be broken one by one. */
export interface OddFile {
  readonly opset: number;
  readonly nodes: { operator: string; name: string; inputs: string[]; outputs: string[]; attributes: Record<string, Bytes> }[];
  readonly inputs: { name: string; type: Type; shape: readonly number[] }[];
  readonly initializers: { name: string; type: Type; shape: readonly number[]; elements: readonly number[]; cut: number }[];
  readonly outputs: { name: string; shape?: readonly number[] }[];
  readonly values: { name: string; shape: readonly number[] }[];
}

/** The file of one node. */
export function plainFile(piece: Piece, opsetVersion: number): OddFile {
  const file: OddFile = { opset: opsetVersion, nodes: [], inputs: [], initializers: [], outputs: [], values: [] };
  const names = piece.reads.map((read, i) => {
    if (read === undefined) return '';
    const name = `x${i}`;
    if (read.elements === undefined) file.inputs.push({ name, type: read.type, shape: read.shape });
    else file.initializers.push({ name, type: read.type, shape: read.shape, elements: read.elements, cut: 0 });
    return name;
  });
  const outputs = Array.from({ length: piece.outputs ?? 1 }, (_, i) => `y${i}`);
  const attributes = Object.fromEntries(
    Object.entries(piece.attributes ?? {}).flatMap(([name, given]) => (given === undefined ? [] : [[name, attributeOf(name, given)]])),
  );
  file.nodes.push({ operator: piece.operator, name: 'first', inputs: names, outputs, attributes });
  for (const name of outputs) file.outputs.push({ name });
  return file;
}

const plain = (operator: string, inputs: string[], outputs: string[], name = ''): OddFile['nodes'][number] => ({
  operator,
  name,
  inputs,
  outputs,
  attributes: {},
});

/** Ways in which a file is not as its operator is: each breaks it, or does not. */
const CHANGES: Readonly<Record<string, (file: OddFile, random: Random) => void>> = {
  'a name is written twice': (file, random) => {
    file.nodes.push(plain('Relu', ['y0'], [random.of(['y0', 'x0', 'z'])]));
  },
  'two outputs of a node have one name': ({ nodes: [first] }) => {
    if (first !== undefined && first.outputs.length > 1) first.outputs[1] = first.outputs[0] as string;
  },
  'an input is there twice': (file) => {
    if (file.inputs[0] !== undefined) file.inputs.push({ ...file.inputs[0] });
  },
  'an initializer is there twice': (file) => {
    if (file.initializers[0] !== undefined) file.initializers.push({ ...file.initializers[0] });
  },
  'an initializer is an input too': (file, random) => {
    const [first] = file.initializers;
    if (first !== undefined)
      file.inputs.push({ name: first.name, type: first.type, shape: random.chance(0.5) ? first.shape : [...first.shape, 1] });
  },
  'an initializer has too few bytes': (file) => {
    if (file.initializers[0] !== undefined) file.initializers[0].cut = 1;
  },
  'an output is never made': (file) => {
    file.outputs.push({ name: 'nowhere' });
  },
  'an output is there twice': (file) => {
    if (file.outputs[0] !== undefined) file.outputs.push({ ...file.outputs[0] });
  },
  'an input is an output': (file) => {
    if (file.inputs[0] !== undefined) file.outputs.push({ name: file.inputs[0].name });
  },
  'an initializer is an output': (file) => {
    if (file.initializers[0] !== undefined) file.outputs.push({ name: file.initializers[0].name });
  },
  'a node waits for itself': ({ nodes: [first] }, random) => {
    if (first !== undefined && first.inputs.length > 0) first.inputs[random.below(first.inputs.length)] = first.outputs[0] as string;
  },
  'two nodes wait for each other': (file) => {
    file.nodes.push(plain('Add', ['y0', 'q'], ['p']), plain('Relu', ['p'], ['q']));
  },
  'nodes are out of order': (file) => {
    file.nodes.unshift(plain('Identity', ['y0'], ['z']));
    file.outputs.push({ name: 'z' });
  },
  'a value is read that nobody makes': (file) => {
    file.nodes.push(plain('Add', ['y0', 'nobody'], ['z']));
  },
  'an input is left out': ({ nodes: [first] }, random) => {
    if (first !== undefined && first.inputs.length > 0) first.inputs[random.below(first.inputs.length)] = '';
  },
  'an input is cut off': ({ nodes: [first] }) => {
    first?.inputs.pop();
  },
  'there is an input too many': ({ nodes: [first] }) => {
    first?.inputs.push(first.inputs[0] ?? '');
  },
  'there is an output too many': (file) => {
    file.nodes[0]?.outputs.push('more');
  },
  'there is no output': (file) => {
    file.outputs.length = 0;
  },
  'an output is left out': ({ nodes: [first] }) => {
    if (first !== undefined) first.outputs[0] = '';
  },
  'an attribute is of another type': ({ nodes: [first] }, random) => {
    const name = random.of(Object.keys(first?.attributes ?? {}));
    if (first !== undefined && name !== undefined)
      first.attributes[name] = random.of([
        attributeOf(name, 'text'),
        attributeOf(name, { float: 1 }),
        attributeOf(name, [1, 2]),
        attributeOf(name, 1),
      ]);
  },
  'an attribute is not known': ({ nodes: [first] }) => {
    if (first !== undefined) first.attributes.oddity = attributeOf('oddity', 1);
  },
  'an attribute is there twice': ({ nodes: [first] }) => {
    const [name] = Object.keys(first?.attributes ?? {});
    if (first !== undefined && name !== undefined) first.attributes[`${name} again`] = first.attributes[name] as Bytes;
  },
  'a shape is declared that is another': (file, random) => {
    file.values.push({ name: 'y0', shape: [7, 7] });
    if (random.chance(0.5)) file.outputs[0] = { name: 'y0', shape: [7, 7] };
  },
  'an input is of another type': (file, random) => {
    const input = random.of(file.inputs);
    if (input !== undefined) input.type = random.of<Type>(['int64', 'int32', 'bool', 'uint8']);
  },
  'two nodes have one name': (file) => {
    file.nodes.push(plain('Identity', ['y0'], ['z'], 'first'));
  },
  'the operator is spelt otherwise': ({ nodes: [first] }) => {
    if (first !== undefined) first.operator = first.operator.toLowerCase();
  },
  'an initializer that nobody reads': (file) => {
    file.initializers.push({ name: 'idle', type: 'float', shape: [2], elements: [1, 2], cut: 0 });
  },
};

const CHANGE_NAMES = Object.keys(CHANGES);

export interface Odd {
  readonly operator: string;
  readonly change: string | undefined;
  readonly file: OddFile;
  readonly bytes: Uint8Array;
}

/** One file of a seed's. */
export function oddFile(random: Random): Odd {
  const piece = random.of(OPERATORS)(random);
  const file = plainFile(piece, random.of([9, 11, 13, 13, 14, 16, 17, 17, 18, 20, 21, 22]));
  const change = random.chance(0.4) ? random.of(CHANGE_NAMES) : undefined;
  if (change !== undefined) CHANGES[change]?.(file, random);
  return { operator: piece.operator, change, file, bytes: written(file) };
}

export const written = (file: OddFile): Uint8Array =>
  Uint8Array.from([
    ...int(1, 8),
    ...sized(2, 'test'),
    ...sized(
      7,
      graph({
        nodes: file.nodes.map(({ operator, name, inputs, outputs, attributes }) =>
          node(operator, inputs, outputs, { name, attributes: Object.values(attributes) }),
        ),
        inputs: file.inputs.map(({ name, type, shape }) => value(name, TYPES[type], shape)),
        outputs: file.outputs.map(({ name, shape }) => (shape === undefined ? sized(1, name) : value(name, 1, shape))),
        values: file.values.map(({ name, shape }) => value(name, 1, shape)),
        initializers: file.initializers.map(({ name, type, shape, elements, cut }) => {
          const bytes = bytesOf(type, elements);
          return tensor(name, TYPES[type], shape, raw(bytes.slice(0, bytes.length - cut)));
        }),
      }),
    ),
    ...opset('', file.opset),
  ]);
