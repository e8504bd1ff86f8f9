import { formatShape, type Shape } from '../../core/shape.ts';
import { quote, type Sentences } from '../words.ts';

/** What can be counted, but is hardly what was meant. */
export interface DoubtProblems {
  LAST_AXIS_OF_MAP: { operator: string; shape: Shape; size: number };
  BATCH_INSIDE: { from: Shape; to: Shape; batch: number; isOther?: boolean };
  ONLY_STATED: { operator: string; by: string | undefined; shapes: readonly Shape[] };
  OTHER_BATCH: { output: Shape; batch: number };
  OTHER_CHANNELS: { name: string; given: Shape; channels: number };
  EMPTY_OUTPUT: { name: string };
  UNREAD_INPUT: { name: string };
}

export const doubtSentences: Sentences<DoubtProblems> = {
  LAST_AXIS_OF_MAP: ({ operator, shape, size }) =>
    `${operator} takes the last axis for features, and here that is the width of ${formatShape(shape)}: ${size}. Put "flatten", or "globalavgpool" and "flatten", before it.`,
  BATCH_INSIDE: ({ from, to, batch, isOther = false }) =>
    `${isOther ? `With a batch of ${batch} this would spread it` : `This spreads the batch of ${batch}`} over other axes: ${formatShape(from)} becomes ${formatShape(to)}. Name the batch first, as in "to: [$in.batch, -1]".`,
  ONLY_STATED: ({ operator, by, shapes }) => {
    const owner = by === undefined ? operator : `${operator} by "${by}"`;
    return `The shape of this ${owner}, ${shapes.map(formatShape).join(', ')}, is believed as it is stated: nothing derives or checks it. Use a name that docs/operators.md lists, or other layers.`;
  },
  OTHER_BATCH: ({ output, batch }) =>
    `The first axis of the output ${formatShape(output)} is not the batch of the input, ${batch}. Let it follow from the input, as in $in.batch, or take it from an input by "from".`,
  OTHER_CHANNELS: ({ name, given, channels }) => {
    const fix =
      given.at(-1) === channels ? `: ${[channels, ...given.slice(0, -1)].join('x')}.` : '; change the spec if another number is meant.';
    return `The input ${quote(name)} of ${formatShape(given)} has ${given[0]} channels, but the spec says ${channels}. Channels come first${fix}`;
  },
  UNREAD_INPUT: ({ name }) => `No layer reads the input ${quote(name)}. Name it in a "from", or leave it out.`,
  EMPTY_OUTPUT: ({ name }) =>
    `The stage ${quote(name)} has no layers here, so it is left out of the outputs. Leave it out of "outputs", or let its "when" hold.`,
};
