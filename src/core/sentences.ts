import { formatShape, type Shape } from './shape.ts';

/** The values behind each problem. */
export interface ProblemData {
  // Files
  FILE_NOT_FOUND: { path: string };
  NOT_A_FILE: { path: string };
  FILE_UNREADABLE: { path: string; reason: string };
  FILE_UNWRITABLE: { path: string; reason: string };
  FILE_EXISTS: { path: string };
  FILE_EMPTY: { path: string };
  FILE_TOO_LARGE: { path: string; bytes: number; limit: number };
  NOT_TEXT: { path: string };
  NOT_A_SPEC: { path: string; expected: string };
  OUTSIDE_FOLDER: { reference: string; folder: string };
  TOO_MANY_FILES: { limit: number };
  UNKNOWN_MODEL: { name: string; known: readonly string[] };
  NOTHING_TO_ANALYSE: { file: string; blocks: readonly string[]; variants: readonly string[] };
  UNKNOWN_PART: { name: string; file: string; known: readonly string[] };

  // The text of a spec
  SYNTAX: { message: string };
  TOO_MANY_ALIASES: { limit: number };
  NESTED_TOO_DEEPLY: { limit: number };
  UNKNOWN_KEY: { key: string; owner: string; known: readonly string[] };
  MISSING_KEY: { key: string; owner: string; expected: string };
  WRONG_VALUE: { key: string; value: unknown; expected: string };
  BAD_NAME: { name: string; expected: string };
  NAME_TAKEN: { name: string; by: string };
  NOT_ONE_KIND: { kinds: readonly string[] };
  UNKNOWN_OPERATOR: { name: string; known: readonly string[] };
  UNKNOWN_PARAMETER: { name: string; owner: string; known: readonly string[] };
  MISSING_PARAMETER: { name: string; owner: string };
  UNKNOWN_VALUE: { name: string; known: readonly string[] };
  UNKNOWN_SOURCE: { name: string; known: readonly string[] };
  SKIPPED_SOURCE: { name: string };
  CIRCLE: { of: string; names: readonly string[] };
  TOO_MANY_STEPS: { limit: number };

  // Expressions
  BAD_EXPRESSION: { text: string; at: string; expected: string };
  DIVISION_BY_ZERO: { text: string };
  NO_VALUE: { text: string; reason: string };
  REQUIREMENT_NOT_MET: { text: string; values: readonly string[] };

  // Layers
  WRONG_INPUT_COUNT: { operator: string; expected: string; actual: number };
  WRONG_RANK: { operator: string; expected: string; shape: Shape };
  WRONG_AXIS_COUNT: { attribute: string; expected: number; actual: number };
  AXIS_OUT_OF_RANGE: { axis: number; shape: Shape };
  GROUPS_DO_NOT_DIVIDE: { side: 'input' | 'output'; channels: number; groups: number; other: number };
  DOES_NOT_DIVIDE: { what: string; total: number; parts: string; divisor: number };
  WINDOW_TOO_LARGE: { axis: string; window: number; size: number; padding: number };
  SHAPES_DO_NOT_FIT: { operator: string; rule: string; shapes: readonly Shape[] };
  ELEMENTS_DIFFER: { from: Shape; to: Shape; elements: bigint; wanted: bigint };
  NOT_A_PERMUTATION: { order: readonly number[]; rank: number };
  BOUNDS_OUTSIDE: { start: number; end: number; size: number };
  NO_STRIDE: { from: Shape; to: Shape };
  DIMENSION_TOO_LARGE: { shape: Shape };
  WEIGHTS_DIFFER: { name: string; here: string; there: string };
  CONTRADICTION: { message: string };
}

export type ProblemCode = keyof ProblemData;

/** Edit distance, for "did you mean"; gives up past `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitute, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}

/** The known name that was probably meant, if one is near enough. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const steps = distance(wanted, candidate.toLowerCase(), limit);
    if (steps < least) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}

const LISTED = 12;

const list = (names: readonly string[]): string =>
  names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;

const didYouMean = (name: string, known: readonly string[], noun: string): string => {
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return known.length === 0 ? `There are no ${noun} here.` : `The ${noun}: ${list(known)}.`;
};

/** A value as a person would write it, cut where it is long. */
export function show(value: unknown): string {
  const text =
    typeof value === 'string'
      ? `"${value}"`
      : value === undefined
        ? 'nothing'
        : typeof value === 'bigint'
          ? String(value)
          : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

const bytes = (count: number): string => `${(count / 2 ** 20).toFixed(1)} MiB`;

/** One sentence or two for each problem: what is wrong, with the values, then what to do about it. */
export const sentences: { readonly [C in ProblemCode]: (data: ProblemData[C]) => string } = {
  FILE_NOT_FOUND: ({ path }) =>
    `There is no file ${path}. Check the path; it is taken from where you stand, or from the spec that names it.`,
  NOT_A_FILE: ({ path }) => `${path} is a folder, not a file. Name a spec in it.`,
  FILE_UNREADABLE: ({ path, reason }) => `${path} cannot be read: ${reason}.`,
  FILE_UNWRITABLE: ({ path, reason }) =>
    `${path} cannot be written: ${reason}. Name a file in a folder that exists and that you may write to.`,
  FILE_EXISTS: ({ path }) => `${path} exists already, and is left as it is. Name another file, or say --force to replace it.`,
  FILE_EMPTY: ({ path }) => `${path} is empty. "flopwise init" writes a spec to start from.`,
  FILE_TOO_LARGE: ({ path, bytes: size, limit }) => `${path} has ${bytes(size)}; a spec may have ${bytes(limit)}.`,
  NOT_TEXT: ({ path }) => `${path} is not text in UTF-8, so it is no spec. A spec is YAML or JSON.`,
  NOT_A_SPEC: ({ path, expected }) => `${path} is no spec: ${expected}.`,
  OUTSIDE_FOLDER: ({ reference, folder }) =>
    `"${reference}" points outside ${folder}, the folder of the spec. Move the file there; a bare name without an ending means a file of the zoo.`,
  TOO_MANY_FILES: ({ limit }) => `This spec draws on more than ${limit} files. Put shared blocks together.`,
  UNKNOWN_MODEL: ({ name, known }) =>
    `There is no model or block "${name}". ${nearest(name, known) === undefined ? '"flopwise list" shows the zoo; a path ends in .yaml, .yml or .json.' : `Did you mean "${nearest(name, known)}"?`}`,
  NOTHING_TO_ANALYSE: ({ file, blocks, variants }) =>
    variants.length + blocks.length === 0
      ? `${file} has no stages and no layers. Add "stages:".`
      : `${file} has no stages of its own. Name a part of it: ${list([...variants, ...blocks].map((name) => `${file}#${name}`))}.`,
  UNKNOWN_PART: ({ name, file, known }) => `${file} has no variant or block "${name}". ${didYouMean(name, known, 'parts')}`,

  SYNTAX: ({ message }) => `${message}.`,
  TOO_MANY_ALIASES: ({ limit }) =>
    `The aliases of this file expand to more than ${limit.toLocaleString('en')} values. Write a block and repeat it instead.`,
  NESTED_TOO_DEEPLY: ({ limit }) => `This nests deeper than ${limit} levels. Split it into blocks.`,
  UNKNOWN_KEY: ({ key, owner, known }) => `"${key}" is no key of ${owner}. ${didYouMean(key, known, 'keys')}`,
  MISSING_KEY: ({ key, owner, expected }) => `${owner} needs "${key}": ${expected}.`,
  WRONG_VALUE: ({ key, value, expected }) => `"${key}" is ${show(value)}, but must be ${expected}.`,
  BAD_NAME: ({ name, expected }) => `"${name}" cannot be a name here. Use ${expected}.`,
  NAME_TAKEN: ({ name, by }) => `The name "${name}" is taken by ${by}. Use another.`,
  NOT_ONE_KIND: ({ kinds }) =>
    kinds.length === 0
      ? 'This layer says nothing about what it is. Start it with an operator or a block, as in "- conv: { kernel: 3, out: 64 }".'
      : `This layer is several things at once: ${list(kinds)}. Give each its own "-".`,
  UNKNOWN_OPERATOR: ({ name, known }) => `There is no operator or block "${name}". ${didYouMean(name, known, 'operators and blocks')}`,
  UNKNOWN_PARAMETER: ({ name, owner, known }) => `${owner} has no parameter "${name}". ${didYouMean(name, known, 'parameters')}`,
  MISSING_PARAMETER: ({ name, owner }) => `${owner} requires its parameter "${name}". Give it a value.`,
  UNKNOWN_VALUE: ({ name, known }) => `Nothing here is called $${name}. ${didYouMean(name, known, 'known names')}`,
  UNKNOWN_SOURCE: ({ name, known }) => `No earlier layer here is named "${name}". ${didYouMean(name, known, 'names so far')}`,
  SKIPPED_SOURCE: ({ name }) => `The layer "${name}" was left out by its "when". Use the same "when" here.`,
  CIRCLE: ({ of, names }) => `These ${of} form a circle: ${names.join(' → ')}. One of them must not use the next.`,
  TOO_MANY_STEPS: ({ limit }) =>
    `This network expands to more than ${limit.toLocaleString('en')} layers, which is the limit. Check its "repeat".`,

  BAD_EXPRESSION: ({ text, at, expected }) => `"${text}" is no expression: at ${at === '' ? 'its end' : `"${at}"`}, ${expected}.`,
  DIVISION_BY_ZERO: ({ text }) => `"${text}" divides by zero.`,
  NO_VALUE: ({ text, reason }) => `"${text}" has no value: ${reason}.`,
  REQUIREMENT_NOT_MET: ({ text, values }) =>
    `This model requires ${text}, but ${list(values)}. Give an input or parameters that fit each other.`,

  WRONG_INPUT_COUNT: ({ operator, expected, actual }) =>
    `${operator} takes ${expected}, but gets ${actual}. Join branches first, or name the inputs with "from: [a, b]".`,
  WRONG_RANK: ({ operator, expected, shape }) => `${operator} needs ${expected}, but its input is ${formatShape(shape)}.`,
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
  SHAPES_DO_NOT_FIT: ({ operator, rule, shapes }) =>
    `${operator} cannot join ${shapes.map(formatShape).join(' and ')}: ${rule}. Make them fit.`,
  ELEMENTS_DIFFER: ({ from, to, elements, wanted }) =>
    `${formatShape(from)} has ${elements} elements, ${formatShape(to)} would have ${wanted}. Use sizes with the same product, or -1 for one of them.`,
  NOT_A_PERMUTATION: ({ order, rank }) => `${show(order)} is no order of ${rank} axes. Name each of 0 to ${rank - 1} once.`,
  BOUNDS_OUTSIDE: ({ start, end, size }) => `${start} to ${end} is no range of an axis of ${size}. Use 0 ≤ start < end ≤ ${size}.`,
  NO_STRIDE: ({ from, to }) =>
    `No stride takes ${formatShape(from)} to ${formatShape(to)}, so the shortcut cannot follow. Write it out as a list of layers.`,
  DIMENSION_TOO_LARGE: ({ shape }) => `A dimension of ${formatShape(shape)} is past 2^53. Use a smaller input.`,
  WEIGHTS_DIFFER: ({ name, here, there }) =>
    `The weights "${name}" would be ${here} here and ${there} there. Layers that share weights need the same shapes.`,
  CONTRADICTION: ({ message }) => `${message}.`,
};
