import * as z from 'zod/mini';
import { elementCount, elements, type Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, target } from './kit/attributes.ts';
import { reshaped } from './kit/elements.ts';
import { viewAs } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

const REST = -1;

/** The shape, with what is left in place of −1. */
function resolved(to: Shape, x: Shape): Shape {
  const rest = to.indexOf(REST);
  const count = elements(x);
  const named = elements(to.filter((size) => size !== REST));
  if (rest === -1) {
    if (count !== named) throw fail('ELEMENTS_DIFFER', { from: x, to, elements: count, wanted: named }, 'to');
    return to;
  }
  if (to.includes(REST, rest + 1)) {
    const message = '"to" has -1 more than once, so neither follows from the other sizes. Name all but one';
    throw fail('CONTRADICTION', { message }, 'to');
  }
  if (count % named !== 0n)
    throw fail('DOES_NOT_DIVIDE', { what: 'elements', total: Number(count), parts: 'equal parts', divisor: Number(named) }, 'to');
  return to.with(rest, Number(count / named));
}

export const reshape = defineOperator({
  name: 'reshape',
  summary: 'Give the same elements another shape, the batch included; -1 stands for what is left.',
  attributes: z.strictObject({ to: about(target, 'The shape of the output.') }),
  rule: 'Only gives a shape: no operations.',
  source: 'torch.reshape; ONNX operator Reshape',
  regroups: true,
  shape: ({ to }, [x]) => resolved(to, x),
  /** The axis of what is left, or the first, goes on as long as there are elements for it. */
  reach({ to }, [x]) {
    const open = Math.max(to.indexOf(REST), 0);
    const others = elementCount(to.toSpliced(open, 1));
    return asFarAs(to).with(open, (place) => place * others < elementCount(x));
  },
  window: () => 'apart',
  inPlace: true,
  gradient: { view: ({ to }, input) => viewAs(input, resolved(to, input.shape)) },
  run: ({ to }, [x]) => reshaped(x, resolved(to, x.shape)),
});
