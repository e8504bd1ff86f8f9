import { formatShape, type Misfit, type Shape } from '../../core/shape.ts';
import { cut } from '../text.ts';
import { quote, type Sentences, show } from '../words.ts';

/** Layers that do not fit. */
export interface OperatorsProblems {
  WRONG_INPUT_COUNT: { operator: string; expected: string; actual: number };
  WRONG_RANK: { operator: string; expected: string; shape: Shape };
  WRONG_AXIS_COUNT: { attribute: string; expected: number; actual: number };
  AXIS_OUT_OF_RANGE: { axis: number; shape: Shape };
  GROUPS_DO_NOT_DIVIDE: { side: 'input' | 'output'; channels: number; groups: number; other: number };
  DOES_NOT_DIVIDE: { what: string; total: number; parts: string; divisor: number };
  WINDOW_TOO_LARGE: { axis: string; window: number; size: number; padding: number };
  /** `layers`: what each of the shapes comes from. */
  SHAPES_DO_NOT_FIT: {
    operator: string;
    rule: string;
    shapes: readonly Shape[];
    misfits?: readonly Misfit[];
    layers?: readonly string[];
  };
  STATED_SHAPE: { by: string; stated: readonly Shape[]; shape: Shape };
  ELEMENTS_DIFFER: { from: Shape; to: Shape; elements: bigint; wanted: bigint };
  NOT_A_PERMUTATION: { order: readonly number[]; rank: number };
  BOUNDS_OUTSIDE: { start: number; end: number; size: number };
  NO_STRIDE: { from: Shape; to: Shape };
  DIMENSION_TOO_LARGE: { shape: Shape };
  WEIGHTS_DIFFER: { name: string; here: string; there: string };
  INPUT_DIFFERS: { input: string; size: number; name: string | undefined; value: unknown };
  TOO_MANY_EXPERTS: { best: number; experts: number };
  EXPERTS_IN_EXPERTS: { name: string };
  ROUTER_DIFFERS: { shape: Shape; experts: number };
  ID_OUT_OF_TABLE: { id: number; rows: number };
  BEYOND_POSITIONS: { length: number; start: number; rows: number };
  CONTRADICTION: { message: string };
}

/** More axes that differ are not listed. */
const MOST_MISFITS = 3;

export const operatorsSentences: Sentences<OperatorsProblems> = {
  WRONG_INPUT_COUNT: ({ operator, expected, actual }) =>
    `${operator} takes ${expected}, but gets ${actual}. Join branches first, or name the inputs with "from: [a, b]".`,
  WRONG_RANK: ({ operator, expected, shape }) =>
    `${operator} needs ${expected}, but its input is ${formatShape(shape)}. Reshape before it, or use another layer.`,
  WRONG_AXIS_COUNT: ({ attribute, expected, actual }) =>
    `"${attribute}" has ${actual} values, but the input has ${expected} such axes. Give one value for all, or ${expected}.`,
  AXIS_OUT_OF_RANGE: ({ axis, shape }) =>
    `There is no axis ${axis} in ${formatShape(shape)}. Use ${-shape.length} to ${shape.length - 1}; the batch is axis 0.`,
  GROUPS_DO_NOT_DIVIDE: ({ side, channels, groups, other }) =>
    `${channels} ${side} channels cannot be split into ${groups} groups. Use a divisor of ${channels} and of the ${other} ${side === 'input' ? 'output' : 'input'} channels.`,
  DOES_NOT_DIVIDE: ({ what, total, parts, divisor }) =>
    `${total} ${what} cannot be split into ${divisor} ${parts}. Use a divisor of ${total}.`,
  WINDOW_TOO_LARGE: ({ axis, window, size, padding }) =>
    `The window spans ${window} along the ${axis}, but the input has ${size}${padding > 0 ? ` and ${padding} of padding` : ''}. Use a smaller kernel or dilation, more padding, or a larger input.`,
  SHAPES_DO_NOT_FIT: ({ operator, rule, shapes, misfits = [], layers = [] }) => {
    const from = (word: string, index: number): string => (layers[index] === undefined ? '' : ` ${word} ${cut(layers[index])}`);
    const joined = shapes.map((shape, index) => `${formatShape(shape)}${misfits.length === 0 ? from('of', index) : ''}`);
    const sizes = misfits.slice(0, MOST_MISFITS).map(({ axis, of: [a, b], sizes: [one, other] }, index) => {
      // The two layers are named again only where they are others.
      const isSame = index > 0 && misfits[index - 1]?.of.join() === [a, b].join();
      return `axis ${axis} is ${one}${isSame ? '' : from('in', a)} and ${other}${isSame ? '' : from('in', b)}`;
    });
    const why = [...(sizes.length === 0 ? [] : [sizes.join(', ')]), rule].join('; ');
    return `${operator} cannot join ${joined.join(' and ')}: ${why}. Change one of these layers, or reshape its output.`;
  },
  STATED_SHAPE: ({ by, stated, shape }) =>
    `"to" says ${stated.map(formatShape).join(' and ')}, but a move by ${by} of these inputs gives ${formatShape(shape)}. Leave "to" out, or correct the inputs.`,
  ELEMENTS_DIFFER: ({ from, to, elements, wanted }) =>
    `${formatShape(from)} has ${elements} elements, ${formatShape(to)} would have ${wanted}. Use sizes with the same product, or -1 for one of them.`,
  NOT_A_PERMUTATION: ({ order, rank }) => `${show(order)} is no order of ${rank} axes. Name each of 0 to ${rank - 1} once.`,
  BOUNDS_OUTSIDE: ({ start, end, size }) => `${start} to ${end} is no range of an axis of ${size}. Use 0 ≤ start < end ≤ ${size}.`,
  NO_STRIDE: ({ from, to }) =>
    `No stride takes ${formatShape(from)} to ${formatShape(to)}, so the shortcut cannot follow. Write it out as a list of layers.`,
  DIMENSION_TOO_LARGE: ({ shape }) => `A dimension of ${formatShape(shape)} is past 2^53. Use a smaller input.`,
  WEIGHTS_DIFFER: ({ name, here, there }) =>
    `The weights "${name}" would be ${here} here and ${there} there. Layers that share weights need the same shapes, single weights as many elements.`,
  INPUT_DIFFERS: ({ input, size, name, value }) =>
    name === undefined
      ? `A size of the input ${quote(input)} is given as ${size}, but the model's parameters make it ${show(value)}.`
      : `The input ${quote(input)} is given a size of ${size}, but ${name} is ${show(value)}. Give the two the same value.`,
  TOO_MANY_EXPERTS: ({ best, experts }) =>
    `The best ${best} of ${experts} experts cannot be chosen. Choose at most ${experts}, or give more experts.`,
  EXPERTS_IN_EXPERTS: ({ name }) =>
    `${quote(name)} has experts inside of experts, which no count is defined for. Put one beside the other.`,
  ROUTER_DIFFERS: ({ shape, experts }) =>
    `The router gives ${formatShape(shape)}, but the last axis must have a score for each of ${experts} experts. End the router with linear: { out: ${experts} }, or change "count".`,
  ID_OUT_OF_TABLE: ({ id, rows }) =>
    `The id ${id} is not in the table, which has ${rows} rows, from 0 to ${rows - 1}. Use an id below ${rows}, or a table with more rows.`,
  BEYOND_POSITIONS: ({ length, start, rows }) =>
    `${length} positions from ${start} on reach to ${start + length}, but there are learned positions for ${rows} only. Use at most ${Math.max(rows - start, 0)} positions, or more "rows".`,
  CONTRADICTION: ({ message }) => `${message}.`,
};
