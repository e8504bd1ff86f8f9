import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, type Tensor, wholeOf } from '../core/tensor.ts';
import { each, elementFactors, type Operation } from '../core/work.ts';
import { about, integer, oneOf, optional } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { toEach } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { checkUpdatesAlong, checkUpdatesOfRows, targetsAlong, targetsOfRows } from './kit/sources.ts';

interface Join {
  readonly kind: Operation;
  join(there: Element, update: Element, alu: Alu): Element;
}

/** What becomes of an element and an update of it. */
const JOINS = {
  add: { kind: 'add', join: (there, update, alu) => alu.add(there, update) },
  multiply: { kind: 'multiply', join: (there, update, alu) => alu.multiply(there, update) },
  maximum: { kind: 'compare', join: (there, update, alu) => (alu.compare(update, there) ? update : there) },
  minimum: { kind: 'compare', join: (there, update, alu) => (alu.compare(there, update) ? update : there) },
} as const satisfies Readonly<Record<string, Join>>;

const NAMES = Object.keys(JOINS) as [keyof typeof JOINS, ...(keyof typeof JOINS)[]];

/** Where each update goes. */
function targetsOf(axis: number | undefined, { shape }: Tensor, where: Tensor): readonly number[] {
  const wholes = Array.from(where.data as ArrayLike<Element>, wholeOf);
  return axis === undefined ? targetsOfRows(shape, where.shape, wholes) : targetsAlong(shape, where.shape, wholes, axisOf(axis, shape));
}

export const scatter = defineOperator({
  name: 'scatter',
  summary:
    'Join updates, the third input, to elements of the first where the indices say, the second: along an axis, or without one at places that the last axis of the indices names.',
  attributes: z.strictObject({
    by: about(oneOf(...NAMES), 'How an update joins the element that is there.'),
    axis: about(optional(integer), 'The axis that indices name places along; without it, rows of the indices name whole places.'),
  }),
  rule: 'Per element of the updates: add one add, multiply one multiply, maximum and minimum one compare.',
  source: 'ONNX operators ScatterElements and ScatterND with a reduction; torch.Tensor.scatter_reduce',
  inputs: { min: 3, max: 3 },
  shape({ axis }, [x, indices, updates]) {
    const shapes = [x, indices as Shape, updates as Shape] as const;
    if (axis === undefined) checkUpdatesOfRows('scatter', shapes);
    else checkUpdatesAlong('scatter', axisOf(axis, x), shapes);
    return x;
  },
  work: ({ by }, [, , updates]) => [each({ [JOINS[by].kind]: 1 }, elementFactors(updates as Shape))],
  window: () => 'apart',
  /** Of sums, that of the output, where each element stands; of other joins, which PyTorch derives only in part, there is none. */
  gradient: {
    saves: (_, [, indices]) => [{ what: 'indices', shape: indices as Shape, type: 'int64' }],
    inputs: ({ by }) => (by === 'add' ? [[], 'none', []] : ['none', 'none', 'none']),
    run: toEach(({ axis }, index, { inputs, gradients: [g] }, alu) => {
      const [x, where, updates] = inputs as [Tensor, Tensor, Tensor];
      const gradient = (g as Tensor).data;
      const to = alu.zeros((index === 0 ? x : updates).shape);
      const targets = index === 0 ? undefined : targetsOf(axis, x, where);
      for (let i = 0; i < to.data.length; i++) to.data[i] = gradient[targets === undefined ? i : (targets[i] as number)];
      return to;
    }),
  },
  run({ by, axis }, [x, indices, updates], _, alu) {
    const [where, news] = [indices as Tensor, (updates as Tensor).data];
    const y = alu.zeros(x.shape);
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i];
    for (const [i, place] of targetsOf(axis, x, where).entries()) y.data[place] = JOINS[by].join(y.data[place], news[i], alu);
    return y;
  },
});
