import { formatShape, type Shape } from '../core/shape.ts';
import { cut } from './text.ts';

/** The values behind each problem. */
export interface ProblemData {
  // The call
  WRONG_CALL: { message: string; command: string };
  UNKNOWN_COMMAND: { name: string; known: readonly string[] };
  UNKNOWN_OPTION: { name: string; known: readonly string[] };
  UNKNOWN_CHOICE: { option: string; value: string; known: readonly string[] };

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
  OUTSIDE_CHECK: { path: string };
  TOO_MANY_FILES: { limit: number };
  UNKNOWN_MODEL: { name: string; known: readonly string[] };
  NOTHING_TO_ANALYSE: { file: string; blocks: readonly string[]; variants: readonly string[] };
  UNKNOWN_CONVENTION: { name: string; known: readonly string[] };
  UNKNOWN_QUANTITY: { name: string; known: readonly string[] };
  UNKNOWN_PART: { name: string; file: string; known: readonly string[] };

  // The text of a spec
  SYNTAX: { message: string; fix: string };
  DUPLICATE_KEY: { key: string; line: number };
  TAG: { tag: string };
  UNKNOWN_ALIAS: { name: string };
  TOO_MANY_ALIASES: { limit: number };
  NESTED_TOO_DEEPLY: { limit: number };
  UNKNOWN_KEY: { key: string; owner: string; known: readonly string[] };
  MISSING_KEY: { key: string; owner: string; expected: string };
  WRONG_VALUE: { key: string; value: unknown; expected: string };
  BAD_NAME: { name: string; expected: string };
  NAME_TAKEN: { name: string; by: string };
  NOT_ONE_KIND: { kinds: readonly string[] };
  UNKNOWN_OPERATOR: { name: string; known: readonly string[] };
  UNKNOWN_WEIGHT: { name: string; operator: string; known: readonly string[] };
  UNKNOWN_PARAMETER: { name: string; owner: string; known: readonly string[] };
  MISSING_PARAMETER: { name: string; owner: string; variants?: readonly string[] };
  UNKNOWN_VALUE: { name: string; known: readonly string[] };
  UNKNOWN_SOURCE: { name: string; known: readonly string[] };
  SKIPPED_SOURCE: { name: string };
  CIRCLE: { of: string; names: readonly string[] };
  TOO_MUCH_WORK: { what: string; limit: number };
  LIST_TOO_LONG: { limit: number };
  TOO_MANY_AXES: { axes: number; limit: number };
  BLOCKS_TOO_DEEP: { limit: number; block: string };
  TOO_MANY_NAMES: { names: readonly string[]; outputs: number };
  TOO_MANY_PROBLEMS: { limit: number };

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
  STATED_SHAPE: { by: string; stated: readonly Shape[]; shape: Shape };
  ELEMENTS_DIFFER: { from: Shape; to: Shape; elements: bigint; wanted: bigint };
  NOT_A_PERMUTATION: { order: readonly number[]; rank: number };
  BOUNDS_OUTSIDE: { start: number; end: number; size: number };
  NO_STRIDE: { from: Shape; to: Shape };
  DIMENSION_TOO_LARGE: { shape: Shape };
  WEIGHTS_DIFFER: { name: string; here: string; there: string };
  ID_OUT_OF_TABLE: { id: number; rows: number };
  BEYOND_POSITIONS: { length: number; start: number; rows: number };
  CONTRADICTION: { message: string };

  // Parts, comparisons and searches
  UNKNOWN_PATH: { path: string; model: string; known: readonly string[] };
  NOT_COMPARABLE: { inputs: readonly { name: string; shapes: readonly Shape[] }[] };
  TOO_MANY_SYMBOLS: { names: readonly string[]; limit: number };
  NOT_POLYNOMIAL: { model: string; names: readonly string[]; from: readonly number[] };
  NOT_A_NUMBER_PARAMETER: { name: string; value: unknown; numbers: readonly string[] };
  NOTHING_IN_RANGE: { name: string; searched: string };
  TARGET_NOT_MET: { target: string; searched: string; nearest: string };
  NOTHING_TO_CONVERT: { file: string; to: string; why: readonly string[] };

  // Budgets, baselines and git
  WRONG_UNIT: { key: string; written: string; unit: string; known: readonly string[] };
  NO_MATCH: { pattern: string; of: string };
  NOTHING_TO_CHECK: { models: readonly string[] };
  BASELINE_NEEDED: { written: string };
  NOT_A_BASELINE: { path: string; reason: string };
  BASELINE_VERSION: { path: string; version: string; known: number };
  BASELINE_CHANGED: { path: string; expected: string; actual: string };
  GIT_MISSING: { reason: string };
  NOT_A_REPOSITORY: { folder: string };
  UNKNOWN_REVISION: { revision: string };
  GIT_FAILED: { command: string; reason: string };
  ONNX_IN_GIT: { path: string; revision: string };
  BASE_UNREADABLE: { path: string; revision: string; reason: string };
  PATH_NAMED_TWICE: { options: readonly string[] };
  CONFIG_EMPTY: { path: string };

  // Execution
  TENSOR_TOO_LARGE: { shape: Shape; bytes: bigint };
  OUT_OF_MEMORY: { bytes: bigint; limit: number };
  NO_KERNEL: { operator: string };
  NOT_EXPORTABLE: { operator: string };

  // What an ONNX model means
  ONNX_OPEN_SHAPE: { name: string; shape: string | undefined; open: readonly string[]; example: Shape };
  ONNX_INPUT_DIFFERS: { name: string; given: Shape; declared: string };
  ONNX_UNKNOWN_INPUT: { name: string; inputs: readonly string[]; symbols: readonly string[] };
  ONNX_FIXED_BATCH: { batch: number; inputs: readonly string[] };
  ONNX_NODE: { operator: string; reason: string };
  ONNX_NO_VALUE: { name: string; operator: string };
  ONNX_NO_OUTPUT: { operator: string; name: string };
  ONNX_CYCLE: { names: readonly string[] };
  ONNX_UNRESOLVED: { operator: string; value: string };
  ONNX_UNCOUNTED_OPERATOR: { operator: string; domain: string };
  ONNX_LEFT_OUT: { nodes: readonly (readonly [string, number])[]; values: readonly string[]; operators: readonly string[] };
  ONNX_BOUND: { nodes: readonly (readonly [string, number])[] };
  ONNX_ASSUMED: { nodes: readonly (readonly [string, number])[] };
  ONNX_WEIGHT_MISFIT: { operator: string; role: string; given: Shape; wanted: Shape };
  ONNX_UNKNOWN_DIMENSION: { name: string; symbols: readonly string[] };
  ONNX_UNKNOWN_VALUE: { name: string; inputs: readonly string[] };
  ONNX_VALUE_DIFFERS: { name: string; count: number; shape: Shape };
  ONNX_UNKNOWN_OPERATOR: { operator: string; domain: string; output: string; open: readonly string[] };
  ONNX_RECURSION: { names: readonly string[] };
  ONNX_TOO_NESTED: { limit: number };
  ONNX_BRANCH: { taken: 'then' | 'else'; condition: string; partly: string | undefined; instead: string | undefined };
  ONNX_LOOP: object;

  // ONNX files as models, and their bytes
  ONNX_HAS_NONE: { path: string; of: string };
  SPEC_HAS_NO_DIMENSIONS: { model: string; names: readonly string[] };
  NO_ONNX_READER: { path: string };
  NOT_ONNX: { path: string; what: string; fix: string };
  ONNX_TRUNCATED: { path: string; size: number; needs: number };
  ONNX_MALFORMED: { path: string; offset: number; reason: string };
  ONNX_TOO_DEEP: { path: string; offset: number; limit: number };
  ONNX_TOO_LARGE: { path: string; what: string; limit: number };
  ONNX_NO_GRAPH: { path: string; size: number };
  ONNX_NO_OPSET: { path: string };
}

export type ProblemCode = keyof ProblemData;

/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour; gives up past `limit`. What is further from
 * the diagonal than the limit is past it anyway.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  if (limit === 0) return a === b ? 0 : 1;
  const past = limit + 1;
  // A place on each side is past the limit, so that nothing is looked for outside.
  let [before, previous, row] = [0, 1, 2].map(() => new Int32Array(b.length + 3).fill(past)) as [Int32Array, Int32Array, Int32Array];
  for (let j = 0; j <= Math.min(b.length, limit); j++) previous[j + 1] = j;
  const at = (from: Int32Array, j: number): number => from[j + 1] as number;
  for (let i = 1; i <= a.length; i++) {
    const [low, high] = [Math.max(1, i - limit), Math.min(b.length, i + limit)];
    row[low] = low === 1 && i <= limit ? i : past;
    let least = at(row, low - 1);
    for (let j = low; j <= high; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? at(before, j - 2) + 1 : replaced;
      const steps = Math.min(replaced, swapped, at(previous, j) + 1, at(row, j - 1) + 1);
      row[j + 1] = steps;
      least = Math.min(least, steps);
    }
    row[high + 2] = past;
    if (least > limit) return past;
    [before, previous, row] = [previous, row, before];
  }
  return at(previous, b.length);
}

/** More names are not compared, nor more letters of one: whoever has so many finds the right one otherwise. */
const MOST_COMPARED = 1000;
const MOST_LETTERS = 64;
/** So many slips are none. */
const MOST_SLIPS = 8;

/** What of a name is compared. */
type Read = (name: string) => string;

const whole: Read = (name) => name;
const withoutDashes: Read = (option) => option.replace(/^-+/, '');

/** What was found among names: a problem is put into words more than once. */
const found = new WeakMap<readonly string[], Map<string, string | undefined>>();

/** The known name that was probably meant, if one is near enough. */
export function nearest(name: string, known: readonly string[], read: Read = whole): string | undefined {
  const before = found.get(known) ?? new Map<string, string | undefined>();
  found.set(known, before);
  if (!before.has(name)) before.set(name, search(name, known, read));
  return before.get(name);
}

function search(name: string, known: readonly string[], read: Read): string | undefined {
  const letters = (text: string): string => read(text).slice(0, MOST_LETTERS).toLowerCase();
  const wanted = letters(name);
  let least = wanted.length < 2 ? 1 : Math.min(MOST_SLIPS, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  let best: string | undefined;
  for (const candidate of known.slice(0, MOST_COMPARED)) {
    const steps = distance(wanted, letters(candidate), least - 1);
    if (steps < least) [best, least] = [candidate, steps];
    if (least === 0) break;
  }
  return best;
}

const LISTED = 12;

const list = (names: readonly string[]): string => {
  const shown = names.slice(0, LISTED).map((name) => cut(name));
  return names.length <= LISTED ? shown.join(', ') : `${shown.join(', ')} and ${names.length - LISTED} more`;
};

const quote = (text: string): string => `"${cut(text)}"`;

/** The same for the first few of a list that are texts already. */
const some = (texts: readonly string[]): string =>
  texts.length <= SOME ? texts.join(', ') : `${texts.slice(0, SOME).join(', ')} and ${texts.length - SOME} more`;
const SOME = 4;

/** `2 TopK, 1 NonZero` */
const timesEach = (nodes: readonly (readonly [string, number])[]): string =>
  some(nodes.map(([name, times]) => `${count(times)} ${cut(name)}`));

/** A word of a command line, in quotes where a shell would take it apart. */
const shellWord = (text: string): string => (/^[\w.:/@%+=-]+$/.test(text) ? cut(text) : `'${cut(text).replaceAll("'", `'\\''`)}'`);

const operatorIn = (operator: string, domain: string): string => (domain === '' ? cut(operator) : `${cut(operator)} of ${cut(domain)}`);

/** A sentence within another. */
const withoutEnd = (text: string): string => text.replace(/\.$/, '');

const didYouMean = (name: string, known: readonly string[], noun: string, read: Read = whole): string => {
  const near = nearest(name, known, read);
  if (near !== undefined) return `Did you mean ${quote(near)}?`;
  return known.length === 0 ? `There are no ${noun} here; leave it out.` : `The ${noun}: ${list(known)}.`;
};

/** A value as a person would write it, cut where it is long. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return cut(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? typeof value, 80);
}

const isUnsafe = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isUnsafe) : Number.isInteger(value) && !Number.isSafeInteger(value);

const count = (limit: number | bigint): string => limit.toLocaleString('en');

const kibibytes = (bytes: number): string => `${count(Math.ceil(bytes / 1024))} KiB`;

/** One sentence or two for each problem: what is wrong, with the values, then what to do about it. */
export const sentences: { readonly [C in ProblemCode]: (data: ProblemData[C]) => string } = {
  WRONG_CALL: ({ message, command }) => `${message}. "${command} --help" shows how it is called.`,
  UNKNOWN_COMMAND: ({ name, known }) => `There is no command ${quote(name)}. ${didYouMean(name, known, 'commands')}`,
  UNKNOWN_OPTION: ({ name, known }) => `There is no option ${quote(name)} here. ${didYouMean(name, known, 'options', withoutDashes)}`,
  UNKNOWN_CHOICE: ({ option, value, known }) => `${quote(option)} cannot be ${quote(value)}. ${didYouMean(value, known, 'choices')}`,

  FILE_NOT_FOUND: ({ path }) =>
    `There is no file ${path}. Check the path; it is taken from where you stand, or from the spec that names it.`,
  NOT_A_FILE: ({ path }) => `${path} is a folder, not a file. Name a spec in it.`,
  FILE_UNREADABLE: ({ path, reason }) => `${path} cannot be read: ${reason}. Name a file that can.`,
  FILE_UNWRITABLE: ({ path, reason }) =>
    `${path} cannot be written: ${reason}. Name a file in a folder that exists and that you may write to.`,
  FILE_EXISTS: ({ path }) => `${path} exists already, and is left as it is. Name another file, or say --force to replace it.`,
  FILE_EMPTY: ({ path }) => `${path} is empty. "flopwise init" writes a spec to start from.`,
  FILE_TOO_LARGE: ({ path, bytes, limit }) =>
    `${path} has ${kibibytes(bytes)}, and may have ${kibibytes(limit)}. Write repeated layers of a spec as a block with "repeat".`,
  NOT_TEXT: ({ path }) => `${path} is not text in UTF-8, so it is no spec. Name a file of YAML or JSON.`,
  NOT_A_SPEC: ({ path, expected }) => `${path} is no spec: ${expected}. "flopwise init" writes a spec to start from.`,
  OUTSIDE_FOLDER: ({ reference, folder }) =>
    `${quote(reference)} points outside ${folder}, the folder of the spec. Move the file there; a bare name without an ending means a file of the zoo.`,
  OUTSIDE_CHECK: ({ path }) =>
    `${quote(path)} leads out of the folder that is checked, and files and links in it may not. Move the file there, or name it on the command line.`,
  TOO_MANY_FILES: ({ limit }) => `This spec draws on more than ${limit} files. Put shared blocks together.`,
  UNKNOWN_MODEL: ({ name, known }) => {
    const near = nearest(name, known);
    const advice =
      near === undefined ? '"flopwise list" shows the zoo; a path ends in .yaml, .yml or .json.' : `Did you mean ${quote(near)}?`;
    return `There is no model or block ${quote(name)}. ${advice}`;
  },
  NOTHING_TO_ANALYSE: ({ file, blocks, variants }) =>
    variants.length + blocks.length === 0
      ? `${file} has no stages and no layers. Add "stages:".`
      : `${file} has no stages of its own. Name a part of it: ${list([...variants, ...blocks].map((name) => `${file}#${name}`))}.`,
  UNKNOWN_PART: ({ name, file, known }) => `${file} has no variant or block ${quote(name)}. ${didYouMean(name, known, 'parts')}`,
  UNKNOWN_CONVENTION: ({ name, known }) => {
    const near = nearest(name, known);
    const advice = near === undefined ? `The conventions: ${known.join(', ')}` : `Did you mean ${quote(near)}`;
    return `There is no convention ${quote(name)}. ${advice}${near === undefined ? '; a path of your own ends in .yaml, .yml or .json.' : '?'}`;
  },
  UNKNOWN_QUANTITY: ({ name, known }) => `No quantity is called ${quote(name)}. ${didYouMean(name, known, 'quantities')}`,

  SYNTAX: ({ message, fix }) => `${message}. ${fix}.`,
  DUPLICATE_KEY: ({ key, line }) => `The key ${quote(key)} is here a second time; the first is on line ${line}. Keep one of them.`,
  TAG: ({ tag }) =>
    `The tag ${cut(tag.replace('tag:yaml.org,2002:', '!!'))} means nothing in a spec. Remove it; put a text that begins with "!" in quotes.`,
  UNKNOWN_ALIAS: ({ name }) =>
    `There is no anchor &${cut(name)} before this *${cut(name)}. Set it earlier, or use a parameter: $${cut(name)}.`,
  TOO_MANY_ALIASES: ({ limit }) =>
    `The aliases of this file expand to more than ${count(limit)} values. Write a block and repeat it instead.`,
  NESTED_TOO_DEEPLY: ({ limit }) => `This nests deeper than ${limit} levels. Split it up.`,
  UNKNOWN_KEY: ({ key, owner, known }) => `${quote(key)} is no key of ${owner}. ${didYouMean(key, known, 'keys')}`,
  MISSING_KEY: ({ key, owner, expected }) => `${owner} needs "${key}". Give it ${expected}.`,
  WRONG_VALUE: ({ key, value, expected }) =>
    `${quote(key)} is ${show(value)}, but must be ${expected}${isUnsafe(value) ? ', and below 2^53' : ''}.`,
  BAD_NAME: ({ name, expected }) => `${quote(name)} cannot be a name here. Use ${expected}.`,
  NAME_TAKEN: ({ name, by }) => `The name ${quote(name)} is taken by ${by}. Use another.`,
  NOT_ONE_KIND: ({ kinds }) =>
    kinds.length === 0
      ? 'This layer says nothing about what it is. Start it with an operator or a block, as in "- conv: { kernel: 3, out: 64 }".'
      : `This layer is several things at once: ${list(kinds)}. Give each its own "-".`,
  UNKNOWN_OPERATOR: ({ name, known }) => `There is no operator or block ${quote(name)}. ${didYouMean(name, known, 'operators and blocks')}`,
  UNKNOWN_WEIGHT: ({ name, operator, known }) =>
    known.length === 0
      ? `This ${operator} holds no weights, so there is no ${quote(name)} to share. Leave "weights" out.`
      : `This ${operator} holds no weight ${quote(name)}. ${didYouMean(name, known, 'weights')}`,
  UNKNOWN_PARAMETER: ({ name, owner, known }) => `${owner} has no parameter ${quote(name)}. ${didYouMean(name, known, 'parameters')}`,
  MISSING_PARAMETER: ({ name, owner, variants = [] }) => {
    const choice = variants.length === 0 ? '' : `, or name a variant: ${list(variants)}`;
    return `${owner} requires its parameter "${name}". Give it a value${choice}.`;
  },
  UNKNOWN_VALUE: ({ name, known }) => `Nothing here is called $${cut(name)}. ${didYouMean(name, known, 'known names')}`,
  UNKNOWN_SOURCE: ({ name, known }) => `No earlier layer here is named ${quote(name)}. ${didYouMean(name, known, 'names so far')}`,
  SKIPPED_SOURCE: ({ name }) => `The layer "${name}" was left out by its "when". Use the same "when" here.`,
  CIRCLE: ({ of, names }) => `These ${of} form a circle: ${names.map((name) => cut(name)).join(' → ')}. One of them must not use the next.`,
  TOO_MUCH_WORK: ({ what, limit }) =>
    `This comes to more than ${count(limit)} ${what}, which is the limit. Repeat less, use smaller lists, or count a part of it.`,
  LIST_TOO_LONG: ({ limit }) =>
    `This list has more than ${count(limit)} values, those of lists in it included, which is the limit. Use a shorter one.`,
  TOO_MANY_AXES: ({ axes, limit }) => `A tensor of ${count(axes)} axes is too much: ${limit} is the limit. Use fewer sizes.`,
  BLOCKS_TOO_DEEP: ({ limit, block }) =>
    `Blocks call blocks more than ${limit} levels deep, at last the block "${block}". A block must not come to call itself.`,
  TOO_MANY_NAMES: ({ names, outputs }) =>
    `This layer has ${outputs} output${outputs === 1 ? '' : 's'}, but ${names.length} names: ${list(names)}. Give at most one for each output.`,
  TOO_MANY_PROBLEMS: ({ limit }) => `There are more than ${limit} problems; the others are not shown. Solve these first.`,

  BAD_EXPRESSION: ({ text, at, expected }) =>
    `${quote(text)} is no expression: ${at === '' ? 'at its end' : `at ${quote(at)}`}, ${expected}. Put it right there.`,
  DIVISION_BY_ZERO: ({ text }) => `${quote(text)} divides by zero. Divide by something that is at least 1.`,
  NO_VALUE: ({ text, reason }) => `${quote(text)} has no value: ${reason}. Use what has one.`,
  REQUIREMENT_NOT_MET: ({ text, values }) =>
    `This model requires ${cut(text, 120)}, but ${list(values)}. Give an input or parameters that fit each other.`,

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
  SHAPES_DO_NOT_FIT: ({ operator, rule, shapes }) =>
    `${operator} cannot join ${shapes.map(formatShape).join(' and ')}: ${rule}. Make them fit.`,
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
  ID_OUT_OF_TABLE: ({ id, rows }) =>
    `The id ${id} is not in the table, which has ${rows} rows, from 0 to ${rows - 1}. Use an id below ${rows}, or a table with more rows.`,
  BEYOND_POSITIONS: ({ length, start, rows }) =>
    `${length} positions from ${start} on reach to ${start + length}, but there are learned positions for ${rows} only. Use at most ${Math.max(rows - start, 0)} positions, or more "rows".`,
  CONTRADICTION: ({ message }) => `${message}.`,

  UNKNOWN_PATH: ({ path, model, known }) => `${model} has no part ${quote(path)}. ${didYouMean(path, known, 'parts')}`,
  NOT_COMPARABLE: ({ inputs }) =>
    `These take different kinds of input: ${inputs.map(({ name, shapes }) => `${cut(name)} ${shapes.map(formatShape).join(' and ') || 'none'}`).join(', ')}. Compare models, stages or blocks whose inputs have the same number of axes.`,
  TOO_MANY_SYMBOLS: ({ names, limit }) =>
    `${names.length} parameters are left open: ${list(names)}. Leave open at most ${limit}, and give the others values.`,
  NOT_POLYNOMIAL: ({ model, names, from }) =>
    `The cost of ${cut(model)} is no polynomial of ${names.map((name, index) => `${cut(name)} from ${from[index]} on`).join(', ')}: layers come and go with it, or it is rounded. Give it a value.`,
  NOT_A_NUMBER_PARAMETER: ({ name, value, numbers }) =>
    `The parameter ${quote(name)} is ${show(value)}, which is no number to search over. ${numbers.length === 0 ? 'No parameter here is one.' : `Those that are: ${list(numbers)}.`}`,
  NOTHING_IN_RANGE: ({ name, searched }) =>
    `None of the ${searched} is a value that "${cut(name)}" can have. Search another range with --min, --max and --step.`,
  TARGET_NOT_MET: ({ target, searched, nearest }) => `${target} is not met by any of the ${searched}. Nearest is ${nearest}.`,
  NOTHING_TO_CONVERT: ({ file, to, why }) =>
    `${file} has no block to convert to "${cut(to)}".${why.length === 0 ? ' It holds no residual of the other kind, and calls no such block.' : ` ${why.slice(0, LISTED).join('; ')}.`} A basic block is two 3×3 convolutions around which a shortcut leads, a bottleneck 1×1, 3×3, 1×1.`,

  WRONG_UNIT: ({ key, written, unit, known }) =>
    `${quote(key)} is limited to ${quote(written)}, but ${unit === '' ? 'a bare number is no amount of it' : `${quote(unit)} is no unit of it`}. ${didYouMean(unit, known, 'units')}`,
  NO_MATCH: ({ pattern, of }) => `${quote(pattern)} matches no ${of}. Correct it, or leave it out.`,
  NOTHING_TO_CHECK: ({ models }) =>
    models.length === 0
      ? 'There is no model to check and no flopwise.config.yaml here. Name models ("flopwise check my.yaml"), or list them: "models: [nets/*.yaml]".'
      : `Nothing limits ${list(models)}. Write "budget: { macs: <= 4.2 GMAC }" into the spec or a flopwise.config.yaml, say --max-macs 4.2G, or compare with --baseline or --against.`,
  BASELINE_NEEDED: ({ written }) =>
    `${quote(written)} needs a baseline, and none is given. Say --against git:origin/main or --baseline main.json, or limit it to an amount.`,
  NOT_A_BASELINE: ({ path, reason }) => `${path} is no baseline: ${reason}. "flopwise check --baseline ${path} --update" writes one.`,
  BASELINE_VERSION: ({ path, version, known }) =>
    `${path} is a baseline of version ${cut(version)}, but this flopwise reads version ${known}. Write it anew with --update, or use the flopwise that wrote it.`,
  BASELINE_CHANGED: ({ path, expected, actual }) =>
    `${path} was changed by hand or in a merge: its hash is ${cut(expected)}, that of its models ${cut(actual)}. Write it anew with --update.`,
  GIT_MISSING: ({ reason }) => `git cannot be run: ${reason}. Install it, or compare with a file: --baseline main.json.`,
  NOT_A_REPOSITORY: ({ folder }) =>
    `${folder} is in no git repository. Run the check in one, or compare with a file: --baseline main.json.`,
  UNKNOWN_REVISION: ({ revision }) =>
    `There is no revision ${quote(revision)} in this repository. "git fetch origin main" brings what is missing; in CI, check out with the whole history.`,
  GIT_FAILED: ({ command, reason }) => `"${cut(command)}" failed: ${cut(reason, 200)}. Compare with a file instead: --baseline main.json.`,
  BASE_UNREADABLE: ({ path, revision, reason }) =>
    `${path} cannot be counted as it is in ${revision}, so nobody can tell what grew: ${reason.replace(/[.?]$/, '')}. Compare with another revision, or with a file: --baseline main.json.`,
  PATH_NAMED_TWICE: ({ options }) => `One file is named twice: ${options.map((option) => cut(option)).join(' and ')}. Give each its own.`,
  CONFIG_EMPTY: ({ path }) => `${path} is empty. List models in it, as in "models: [nets/*.yaml]", or remove it.`,
  ONNX_IN_GIT: ({ path, revision }) =>
    `${path} cannot be read from ${revision}: ONNX files are compared with a file only. Say --baseline main.json.`,

  TENSOR_TOO_LARGE: ({ shape, bytes }) =>
    `There is no memory for a tensor of ${formatShape(shape)}, which takes ${count(bytes)} bytes. Use a smaller input or batch.`,
  OUT_OF_MEMORY: ({ bytes, limit }) =>
    `To run this layer takes ${count(bytes)} bytes of memory, with what later layers need; there are ${count(limit)}. Use a smaller input or batch.`,
  NOT_EXPORTABLE: ({ operator }) =>
    `${quote(operator)} is not known, so there is no telling how it is written. Export a part without it, as in model/stage.`,
  NO_KERNEL: ({ operator }) =>
    `${cut(operator)} is not known, so this layer cannot be run. Verify a part of the model that does without it.`,

  ONNX_OPEN_SHAPE({ name, shape, open, example }) {
    const whole = `--input ${shellWord(`${name}=${example.join('x')}`)}`;
    const dims = open.map((symbol) => `--dim ${shellWord(`${symbol}=N`)}`).join(' ');
    const how = dims === '' ? `Give its shape, such as ${whole}` : `Give sizes with ${dims}, or the whole shape, such as ${whole}`;
    return shape === undefined
      ? `The model does not say what shape its input ${quote(name)} has. ${how}.`
      : `The input ${quote(name)} is ${cut(shape, 80)}, which leaves sizes open. ${how}.`;
  },
  ONNX_INPUT_DIFFERS: ({ name, given, declared }) =>
    `The input ${quote(name)} cannot be ${formatShape(given)}: the model fixes it to ${cut(declared, 80)}. Give a shape that fits, or export the model with dynamic axes.`,
  ONNX_UNKNOWN_INPUT: ({ name, inputs }) => `The model has no input ${quote(name)}. ${didYouMean(name, inputs, 'inputs')}`,
  ONNX_FIXED_BATCH: ({ batch, inputs }) =>
    `A batch of ${batch} cannot be set: the model fixes all sizes of its inputs, ${list(inputs)}. Export it with a dynamic batch.`,
  ONNX_NODE: ({ operator, reason }) =>
    `This ${cut(operator)} makes no sense: ${cut(reason, 160)}. Give inputs that fit, or export the model again.`,
  ONNX_NO_VALUE: ({ name, operator }) =>
    `${cut(operator)} reads ${quote(name)}, but nothing before it makes that. The file is damaged or was cut up: export the model again.`,
  ONNX_NO_OUTPUT: ({ operator, name }) => `${cut(operator)} gives no output ${quote(name)}. Export the model again.`,
  ONNX_CYCLE: ({ names }) =>
    `These nodes wait for each other in a circle: ${names.map((name) => cut(name)).join(' → ')}. No runtime can run that: export the model again.`,
  ONNX_UNRESOLVED: ({ operator, value }) =>
    `The shape that this ${cut(operator)} gives depends on ${quote(value)}, which only a run knows, or which is in a file that is not beside the model. Give it with --value ${shellWord(`${value}=N`)}, put the file there, or export the model with fixed shapes.`,
  ONNX_UNCOUNTED_OPERATOR: ({ operator, domain }) => `The work of ${operatorIn(operator, domain)} is not known; it counts as nothing.`,
  ONNX_LEFT_OUT({ nodes, values, operators }) {
    const total = nodes.reduce((sum, [, times]) => sum + times, 0);
    const reasons = [
      ...(values.length === 0
        ? []
        : [`they depend on ${some(values.map(quote))}, which only a run knows, or which is in a file that is not beside the model`]),
      ...(operators.length === 0 ? [] : [`${some(operators)} ${operators.length === 1 ? 'is' : 'are'} not known`]),
    ];
    const [first] = values;
    const how =
      first === undefined
        ? 'Export the model with the shapes of all values'
        : `Give values with --value ${shellWord(`${first}=N`)} or sizes with --dim, or export the model with fixed shapes`;
    return `The shapes of ${count(total)} ${total === 1 ? 'node' : 'nodes'} (${timesEach(nodes)}) cannot be derived: ${reasons.join('; ')}. The totals lack what they cost. ${how}.`;
  },
  ONNX_BOUND: ({ nodes }) =>
    `How many elements these nodes give depends on data: ${timesEach(nodes)}. The most that their inputs allow was counted. Give smaller sizes with --dim, or values with --value.`,
  ONNX_ASSUMED: ({ nodes }) =>
    `The file does not say what shape these unknown nodes give: ${timesEach(nodes)}. That of their first input was assumed. Export the model with the shapes of all values.`,
  ONNX_WEIGHT_MISFIT: ({ operator, role, given, wanted }) =>
    `The ${role} of this ${cut(operator)} is ${formatShape(given)}, but its input asks for ${formatShape(wanted)}. Export the model again.`,
  ONNX_UNKNOWN_DIMENSION: ({ name, symbols }) =>
    symbols.length === 0
      ? `The model has no dimension ${quote(name)}: it fixes all sizes. Leave out --dim, or export the model with dynamic axes.`
      : `The model has no dimension ${quote(name)}. ${didYouMean(name, symbols, 'dimensions')}`,
  ONNX_UNKNOWN_VALUE: ({ name, inputs }) => `The model has no value ${quote(name)}. ${didYouMean(name, inputs, 'inputs')}`,
  ONNX_VALUE_DIFFERS: ({ name, count: given, shape }) =>
    `The value ${quote(name)} is ${formatShape(shape)}, but ${count(given)} ${given === 1 ? 'number is' : 'numbers are'} given. Give one number, or one for each element, as in --value ${shellWord(name)}=1,2.`,
  ONNX_UNKNOWN_OPERATOR({ operator, domain, output, open }) {
    const how =
      open.length > 0
        ? `Give sizes with ${open.map((name) => `--dim ${shellWord(`${name}=N`)}`).join(' ')}.`
        : 'Export the model with the shapes of all values.';
    return `The operator ${operatorIn(operator, domain)} is not known, and the file does not say what shape ${quote(output)} has. ${how}`;
  },
  ONNX_RECURSION: ({ names }) =>
    `These functions call each other in a circle: ${names.map((name) => cut(name)).join(' → ')}. No runtime can run that: export the model again.`,
  ONNX_TOO_NESTED: ({ limit }) =>
    `Functions and bodies are nested deeper than ${limit} levels, which is the limit. Export the model flatter.`,
  ONNX_BRANCH({ taken, condition, partly, instead }) {
    const other = taken === 'then' ? 'else' : 'then';
    const why =
      instead === undefined
        ? `"${taken}", which has no fewer MACs than "${other}", was counted`
        : `"${taken}" was counted; "${other}", which may cost more, could not be: ${withoutEnd(instead)}`;
    const rest = partly === undefined ? '' : ` What of "${taken}" is not counted: ${withoutEnd(partly)}.`;
    return `Which branch runs depends on data; ${why}.${rest} Choose with --value ${shellWord(`${condition}=1`)} or 0.`;
  },
  ONNX_LOOP: () => 'Only a run can tell how often this loop runs; its body is counted once. Multiply by the iterations that you expect.',

  ONNX_HAS_NONE: ({ path, of }) =>
    `${path} is an ONNX file, which has no ${of}: its layers are fixed. Leave that out, or write a spec; sizes that it leaves open are given with --dim name=size.`,
  SPEC_HAS_NO_DIMENSIONS: ({ model, names }) =>
    `${cut(model)} is a spec, which has no dimension ${list(names)} to give a size to. Use --set for its parameters; beside a spec, name the size behind the ONNX file, as in model.onnx:${cut(names[0] ?? 'batch')}=1.`,
  NO_ONNX_READER: ({ path }) =>
    `Nothing reads ONNX files here, so ${path} cannot be opened. Use the library of "flopwise/node", or one with "openOnnx".`,
  NOT_ONNX: ({ path, what, fix }) => `${path} is no ONNX model: it is ${what}. ${fix}.`,
  ONNX_TRUNCATED: ({ path, size, needs }) =>
    `${path} ends after ${count(size)} bytes, but what it holds reaches to ${count(needs)}. It was cut off: copy or download it again.`,
  ONNX_MALFORMED: ({ path, offset, reason }) =>
    `${path} is damaged, or no ONNX model: at byte ${count(offset)}, ${reason}. Download or export it again.`,
  ONNX_TOO_DEEP: ({ path, offset, limit }) =>
    `${path} nests messages deeper than ${limit} at byte ${count(offset)}, which no ONNX reader accepts. Export the model again.`,
  ONNX_TOO_LARGE: ({ path, what, limit }) =>
    `${path} has more than ${count(limit)} ${what}, which is the limit. Split the model, or keep data in tensors.`,
  ONNX_NO_GRAPH: ({ path, size }) => `${path} has ${count(size)} bytes, but no graph. Download or export it again.`,
  ONNX_NO_OPSET: ({ path }) => `${path} does not say which version of the ONNX operators it uses. It may be cut off: export it again.`,
};
