import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { about, flag, integer, optional, positive, wholeOrZero, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

const attributes = z.strictObject({
  past: about(withDefault(wholeOrZero, 0), 'How many positions earlier steps have left.'),
  window: about(optional(positive), 'How many positions attention reaches, the own one included; only so many are kept.'),
  grows: about(withDefault(flag, true), 'Whether each step adds to it; keys and values of another sequence do not.'),
  axis: about(withDefault(integer, -2), 'The axis of the positions; from the end if negative.'),
});

/** Which axis has the positions, how many of the earlier ones are there, and what comes out. */
function geometry({ past, window, axis }: z.infer<typeof attributes>, x: Shape) {
  const positions = axisOf(axis, x);
  const length = x[positions] as number;
  // The oldest position that the first of the new ones sees is window − 1 before it.
  const kept = window === undefined ? past : Math.min(past, window - 1);
  return { positions, length, kept, output: x.with(positions, kept + length), all: past + length };
}

export const cache = defineOperator({
  name: 'cache',
  summary:
    'Put the positions that earlier steps left in a cache before those of [n, …, positions, features], and keep all for the next step: past of them, or with a window as many of the last as it reaches.',
  attributes,
  rule: 'Only moves elements: no operations. In a run the positions of earlier steps are those of the input, in turn.',
  source: 'Shazeer 2019, arXiv:1911.02150, section 2.4; ONNX operator Attention, past_key and past_value',
  shape: (a, [x]) => geometry(a, x).output,
  /** Back from the newest position: those that came in, then the older ones that the first of these sees. */
  reach({ past, window = Number.POSITIVE_INFINITY, axis }, [x]) {
    const length = x.at(axis) as number;
    return asFarAs(x).with(axis, (place) => place < length || (place < length + past && place - length + 1 < window));
  },
  state(a, [x]) {
    const { positions, all } = geometry(a, x);
    const shape = x.with(positions, Math.min(all, a.window ?? all));
    const isFull = a.window !== undefined && all >= a.window;
    return [a.grows && !isFull ? { shape, positions } : { shape }];
  },
  window: () => 'apart',
  // What earlier steps left is fixed; without it the output is the input.
  gradient: {
    inputs: () => [[]],
    view: (a, input) => (geometry(a, input.shape).kept === 0 ? [input] : undefined),
    run: toInput((a, { x, g }, alu) => {
      const { positions, kept } = geometry(a, x.shape);
      return fill(x.shape, alu, (at) => read(g, at.with(positions, kept + (at[positions] as number))));
    }),
  },
  run(a, [x], _, alu) {
    const { positions, length, kept, output } = geometry(a, x.shape);
    return fill(output, alu, (at) => {
      const position = at[positions] as number;
      return read(x, at.with(positions, position < kept ? position % length : position - kept));
    });
  },
});
