import type { Shape } from '../../core/shape.ts';
import type { Node } from '../../graph/graph.ts';
import { everyOperator, type OperatorName } from '../../operators/registry.ts';

/** What a figure says of a layer, in the words of He et al. 2015, Figure 3 and Table 1. */
export interface Label {
  /** `3×3`; empty where it has no window. */
  readonly kernel: string;
  /** `conv`, `max pool`, `fc` */
  readonly what: string;
  /** Channels or features that come out, and whatever else tells such layers apart: `64`, `32 groups`. */
  readonly more: readonly string[];
  /** `2`, `2×1`; empty for 1. */
  readonly stride: string;
}

/**
 * How figures show an operator. `layer`: a box. `join`: where branches meet. `hidden`: normalisations, activations and layers that
 * only move elements go with the box beside them. `held`: it makes a tensor out of nothing, so nothing flows into it.
 */
export type Look =
  | { readonly as: 'layer'; label(attributes: Attributes, input: Shape, output: Shape, node: Node): Label | undefined }
  | { readonly as: 'join'; sign(attributes: Attributes): string; isSum(attributes: Attributes): boolean }
  | { readonly as: 'hidden' }
  | { readonly as: 'held'; isFed?(attributes: Attributes): boolean };

type Attributes = Readonly<Record<string, unknown>>;

const HIDDEN: Look = { as: 'hidden' };
const HELD: Look = { as: 'held' };

const join = (sign: string, isSum = false): Look => ({ as: 'join', sign: () => sign, isSum: () => isSum });

/** Operations that have a sign; the others are called by their names. */
const SIGNS: Readonly<Partial<Record<string, string>>> = { add: '+', subtract: '−', multiply: '×', divide: '÷' };

/** Sizes along spatial axes: `3×3`. One number stands for all axes. */
const perAxis = (value: unknown, rank: number): string =>
  (Array.isArray(value) ? value : new Array(Math.max(rank, 1)).fill(value)).map(String).join('×');

const strideOf = (value: unknown): string => {
  const steps = new Set(Array.isArray(value) ? value : [value ?? 1]);
  if (steps.size > 1) return (value as unknown[]).join('×');
  return steps.has(1) ? '' : String([...steps][0]);
};

const plain = (what: string, ...more: string[]): Label => ({ kernel: '', what, more, stride: '' });

const spatialRank = (shape: Shape): number => Math.max(shape.length - 2, 0);

const conv = (what: string): Look => ({
  as: 'layer',
  label({ out, kernel, stride, groups, dilation }, input) {
    const isDepthwise = groups !== 1 && groups === input[1];
    const spread = strideOf(dilation);
    return {
      kernel: perAxis(kernel, spatialRank(input)),
      what: isDepthwise ? `depthwise ${what}` : what,
      more: [String(out), ...(isDepthwise || groups === 1 ? [] : [`${groups} groups`]), ...(spread === '' ? [] : [`dilation ${spread}`])],
      stride: strideOf(stride),
    };
  },
});

const pool = (what: string): Look => ({
  as: 'layer',
  label: ({ kernel, stride }, input) => ({
    kernel: perAxis(kernel, spatialRank(input)),
    what,
    more: [],
    stride: strideOf(stride ?? kernel),
  }),
});

const isSame = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);

/** Pooling to a size that is there already changes nothing. */
const poolTo = (what: string): Look => ({
  as: 'layer',
  label: (_, input, output) => (isSame(input, output) ? undefined : plain(what)),
});

const named = (what: string): Look => ({ as: 'layer', label: () => plain(what) });

/** Features that come out, along the last axis. */
const features = (what: string): Look => ({ as: 'layer', label: (_, __, output) => plain(what, String(output.at(-1))) });

/** The look of every operator. */
type Looks = { readonly [O in OperatorName]: Look };

const LOOKS: Looks = everyOperator<Looks>()({
  conv: conv('conv'),
  convtranspose: conv('up-conv'),
  deformconv: conv('deform conv'),
  dynamicconv: { as: 'layer', label: (_, __, output) => plain('dynamic conv', String(output[1])) },
  linear: { as: 'layer', label: ({ out }) => plain('fc', String(out)) },
  matmul: named('matmul'),
  einsum: named('einsum'),
  attention: { as: 'layer', label: ({ heads }) => plain('attention', `${heads} heads`) },
  sdpa: { as: 'layer', label: (_, input) => plain('attention', `${input[1]} heads`) },
  recurrent: {
    as: 'layer',
    label: ({ cell, hidden, layers, both }) =>
      plain(String(cell), String(hidden), ...(Number(layers) > 1 ? [`${layers} layers`] : []), ...(both === true ? ['both ways'] : [])),
  },

  fft: { as: 'layer', label: ({ inverse }) => plain(inverse === true ? 'inverse FFT' : 'FFT') },

  batchnorm: HIDDEN,
  layernorm: HIDDEN,
  rmsnorm: HIDDEN,
  groupnorm: HIDDEN,
  instancenorm: HIDDEN,
  l2norm: HIDDEN,
  lrn: HIDDEN,

  relu: HIDDEN,
  relu6: HIDDEN,
  leakyrelu: HIDDEN,
  prelu: HIDDEN,
  elu: HIDDEN,
  gelu: HIDDEN,
  silu: HIDDEN,
  glu: HIDDEN,
  sigmoid: HIDDEN,
  tanh: HIDDEN,
  softmax: HIDDEN,
  hardsigmoid: HIDDEN,
  hardswish: HIDDEN,

  maxpool: pool('max pool'),
  avgpool: pool('avg pool'),
  globalavgpool: named('avg pool'),
  globalmaxpool: named('max pool'),
  adaptiveavgpool: poolTo('avg pool'),
  adaptivemaxpool: poolTo('max pool'),

  add: join('+', true),
  multiply: join('×'),
  arithmetic: {
    as: 'join',
    sign: ({ operation }) => SIGNS[String(operation)] ?? String(operation),
    isSum: ({ operation }) => operation === 'add',
  },
  pointwise: HIDDEN,
  reduce: { as: 'layer', label: ({ by }, input, output) => (isSame(input, output) ? undefined : plain(String(by))) },
  cumsum: HIDDEN,
  scan: named('scan'),
  deltarule: named('delta rule'),
  topk: named('top k'),
  nms: named('non-maximum suppression'),
  scatter: join('scatter'),
  concat: join('concat'),

  split: HIDDEN,
  slice: HIDDEN,
  shuffle: HIDDEN,
  pixelshuffle: named('pixel shuffle'),
  pixelunshuffle: named('pixel unshuffle'),
  unfold: named('unfold'),
  fold: named('fold'),
  flatten: HIDDEN,
  reshape: HIDDEN,
  permute: HIDDEN,
  pad: HIDDEN,
  upsample: { as: 'layer', label: ({ mode }) => plain('upsample', ...(typeof mode === 'string' ? [mode] : [])) },
  gridsample: named('grid sample'),
  roialign: named('RoI align'),
  roll: HIDDEN,
  move: HIDDEN,

  embedding: features('embedding'),
  positions: HIDDEN,
  rope: HIDDEN,
  splitheads: HIDDEN,
  mergeheads: HIDDEN,
  cache: HIDDEN,
  recall: HELD,
  dispatch: { as: 'layer', label: ({ experts }) => plain('dispatch', `${experts} experts`) },
  combine: named('combine'),

  parameter: HELD,
  constant: HELD,
  relativeposition: { as: 'held', isFed: ({ table }) => table === 'input' },
  relativebias: HELD,

  dropout: HIDDEN,
  stochasticdepth: HIDDEN,
  identity: HIDDEN,
  unknown: { as: 'layer', label: ({ operator }) => plain(`unknown: ${String(operator)}`) },
});

/** How a figure shows a layer: one that would be a box, but changes nothing, is hidden. */
export function lookOf(node: Node): Look {
  const look = LOOKS[node.operator];
  if (look.as === 'held') return look.isFed?.(node.attributes as Attributes) === true ? HIDDEN : look;
  return look.as === 'layer' && labelOf(node) === undefined ? HIDDEN : look;
}

/** What is written in a join: `+`, `concat`; nothing for what is none. */
export function signOf(node: Node): string | undefined {
  const look = LOOKS[node.operator];
  return look.as === 'join' ? look.sign(node.attributes as Attributes) : undefined;
}

export function isSum(node: Node): boolean {
  const look = LOOKS[node.operator];
  return look.as === 'join' && look.isSum(node.attributes as Attributes);
}

/** The label of a layer that is a box of its own; `undefined` for any other. */
export function labelOf(node: Node): Label | undefined {
  const look = LOOKS[node.operator];
  if (look.as !== 'layer') return undefined;
  const [input = [], output = []] = [node.inputs[0]?.shape, node.outputs[0]?.shape];
  const label = look.label(node.attributes as Attributes, input, output, node);
  return label === undefined || node.experts === undefined ? label : { ...label, more: [...label.more, `${node.experts.count} experts`] };
}

/** As in Figure 3: `3×3 conv, 64, /2`, `fc, 1000` is `fc 1000`. */
export function figureText({ kernel, what, more, stride }: Label): string {
  const [first, ...rest] = what === 'fc' ? [`fc ${more[0]}`, ...more.slice(1)] : [what, ...more];
  return [kernel === '' ? first : `${kernel} ${first}`, ...rest, ...(stride === '' ? [] : [`/${stride}`])].join(', ');
}
/** As in Table 1: `7×7, 64, stride 2`, `3×3 max pool, stride 2`, `1000-d fc`. */
export function tableText({ kernel, what, more, stride }: Label): string {
  if (what === 'fc') return [`${more[0]}-d fc`, ...more.slice(1)].join(', ');
  const first = what === 'conv' ? kernel : kernel === '' ? what : `${kernel} ${what}`;
  return [first, ...more, ...(stride === '' ? [] : [`stride ${stride}`])].join(', ');
}
