import { type Shape, sameShape } from '../core/shape.ts';
import type { OperatorName } from '../operators/registry.ts';
import { fail } from '../problems/problem.ts';
import { type AttributeValues, checkAttributes } from './attributes.ts';
import { remembered } from './memo.ts';

export interface ShortcutLayer {
  readonly operator: OperatorName;
  /** Checked by the operator's schema. */
  readonly attributes: object;
}

const layer = (operator: OperatorName, attributes: AttributeValues): ShortcutLayer => ({
  operator,
  attributes: checkAttributes(operator, attributes),
});

/** The least stride per spatial axis that takes one shape to the other by skipping positions. */
function strides(from: Shape, to: Shape): number[] {
  if (from.length !== to.length) throw fail('NO_STRIDE', { from, to }, 'shortcut');
  return from.slice(2).map((size, axis) => {
    const wanted = to[axis + 2] as number;
    const stride = Math.ceil(size / wanted);
    if (Math.ceil(size / stride) !== wanted) throw fail('NO_STRIDE', { from, to }, 'shortcut');
    return stride;
  });
}

/** Skip positions, and fill the new channels with zeros: no parameters, no products. */
function zeroPad(from: Shape, to: Shape): ShortcutLayer[] {
  const [channels, wanted] = [from[1] as number, to[1] as number];
  if (wanted < channels) throw fail('NO_STRIDE', { from, to }, 'shortcut');
  const skips = strides(from, to).flatMap((step, axis): ShortcutLayer[] => (step === 1 ? [] : [layer('slice', { axis: axis + 2, step })]));
  return wanted === channels ? skips : [...skips, layer('pad', { amount: [[0, wanted - channels], ...to.slice(2).map(() => 0)] })];
}

/** A 1×1 convolution and batch norm. */
const project = (from: Shape, to: Shape): ShortcutLayer[] => [
  layer('conv', { kernel: 1, out: to[1] as number, stride: strides(from, to), bias: false }),
  layer('batchnorm', {}),
];

const rememberedByShapes = (build: typeof project) => remembered(build, (from, to) => `${from} ${to}`);

const whereShapeChanges = (build: typeof project) => (from: Shape, to: Shape) => (sameShape(from, to) ? [] : build(from, to));

/** The option for a residual without a shortcut: its layers run, and nothing is joined. */
export const NO_SHORTCUT = 'none';

/**
 * What runs beside the layers of a residual, from the shape of its input to that of its output.
 * A, B and C are the options of He et al. 2015, arXiv:1512.03385, section 4.1.
 */
export const shortcuts = {
  identity: (): ShortcutLayer[] => [],
  A: rememberedByShapes(whereShapeChanges(zeroPad)),
  B: rememberedByShapes(whereShapeChanges(project)),
  C: rememberedByShapes(project),
} as const satisfies Readonly<Record<string, (from: Shape, to: Shape) => ShortcutLayer[]>>;
