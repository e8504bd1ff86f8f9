import type { ProblemCode, ProblemData } from './sentences.ts';
import { nearest } from './suggestions.ts';
import { list } from './words.ts';

/** Problems whose fix is called otherwise in the library than on the command line. */
type HintedCode =
  | 'BASELINE_CHANGED'
  | 'BASELINE_NEEDED'
  | 'BASELINE_VERSION'
  | 'BASE_UNREADABLE'
  | 'FILE_EMPTY'
  | 'FILE_EXISTS'
  | 'GIT_FAILED'
  | 'GIT_MISSING'
  | 'INPUT_DIFFERS'
  | 'NOTHING_IN_RANGE'
  | 'NOTHING_KEPT'
  | 'NOTHING_TO_CHECK'
  | 'NOT_A_BASELINE'
  | 'NOT_A_REPOSITORY'
  | 'NOT_A_SPEC'
  | 'NOT_IN_GIT'
  | 'ONNX_AT_MOST'
  | 'ONNX_BOUND'
  | 'ONNX_BRANCH'
  | 'ONNX_HAS_NONE'
  | 'ONNX_LEFT_OUT'
  | 'ONNX_OPEN_SHAPE'
  | 'ONNX_UNKNOWN_DIMENSION'
  | 'ONNX_UNKNOWN_OPERATOR'
  | 'ONNX_UNRESOLVED'
  | 'ONNX_VALUE_DIFFERS'
  | 'OUTSIDE_CHECK'
  | 'SPEC_HAS_NO_DIMENSIONS'
  | 'UNKNOWN_MODEL';

/** For each of these problems the end of its sentence: the fix, in the words of one front. Empty where the sentence has it. */
export type Hints = { readonly [C in HintedCode]: (data: ProblemData[C]) => string };

/** The end of a sentence; empty for a problem whose sentence is whole. */
export const hintFor = <C extends ProblemCode>(hints: Hints, code: C, data: ProblemData[C]): string =>
  (hints as { readonly [K in ProblemCode]?: (data: ProblemData[K]) => string })[code]?.(data) ?? '';

const named = (key: string, name: string, value: string): string => `${key}: { ${list([JSON.stringify(name)])}: ${value} }`;

const ANOTHER_FILE = 'Compare with a file instead.';
const WRITE_ANEW = 'Write it anew.';

/** The library's words: keys of its options. */
export const LIBRARY_HINTS: Hints = {
  BASELINE_CHANGED: () => WRITE_ANEW,
  BASELINE_NEEDED: () => 'Give one, or limit it to an amount.',
  BASELINE_VERSION: () => 'Write it anew, or use the flopwise that wrote it.',
  BASE_UNREADABLE: () => 'Compare with another revision, or with a file.',
  FILE_EMPTY: () => 'Write a spec into it, or name another file.',
  FILE_EXISTS: () => 'Name another file.',
  GIT_FAILED: () => ANOTHER_FILE,
  GIT_MISSING: () => 'Install it, or compare with a file.',
  INPUT_DIFFERS: ({ size, name }) => (name === undefined ? 'Set these with "set".' : `${list([`set: { ${name}: ${size} }`])} is enough.`),
  NOTHING_IN_RANGE: () => 'Search another range with "min", "max" and "step".',
  NOTHING_KEPT: () => 'Or count it once, with a value for "tokens" in "set".',
  NOTHING_TO_CHECK: ({ models }) =>
    models.length === 0
      ? 'Name models, or list them: "models: [nets/*.yaml]".'
      : 'Write "budget: { macs: <= 4.2 GMAC }" into the spec or a flopwise.config.yaml, give limits, or compare with a baseline.',
  NOT_A_BASELINE: () => WRITE_ANEW,
  NOT_A_REPOSITORY: () => 'Run the check in one, or compare with a file.',
  NOT_A_SPEC: () => 'Name a file of a spec.',
  NOT_IN_GIT: () => 'Compare with another file, or a check with a baseline.',
  ONNX_AT_MOST: () => 'Give lengths and blocks in "values".',
  ONNX_BOUND: () => 'Give smaller sizes in "dims", or values in "values".',
  ONNX_BRANCH: ({ condition }) => `Choose with ${named('values', condition, '[1]')} or [0].`,
  ONNX_HAS_NONE: () => 'Leave that out, or write a spec; sizes that it leaves open are given in "dims".',
  ONNX_LEFT_OUT: ({ values: [first] }) =>
    first === undefined
      ? 'Export the model with the shapes of all values.'
      : `Give values with ${named('values', first, '[N]')} or sizes with "dims", or export the model with fixed shapes.`,
  ONNX_OPEN_SHAPE: ({ name, open, example }) => {
    const whole = named('input', name, `[${example.join(', ')}]`);
    const sizes = `dims: { ${list(open.map((symbol) => `${JSON.stringify(symbol)}: N`))} }`;
    return open.length === 0 ? `Give its shape, such as ${whole}.` : `Give sizes with ${sizes}, or the whole shape, such as ${whole}.`;
  },
  ONNX_UNKNOWN_DIMENSION: ({ symbols }) => (symbols.length > 0 ? '' : 'Leave "dims" out, or export the model with dynamic axes.'),
  ONNX_UNKNOWN_OPERATOR: ({ open }) =>
    open.length > 0
      ? `Give sizes with dims: { ${list(open.map((name) => `${JSON.stringify(name)}: N`))} }.`
      : 'Export the model with the shapes of all values.',
  ONNX_UNRESOLVED: ({ value }) =>
    `Give it with ${named('values', value, '[N]')}, put the file there, or export the model with fixed shapes.`,
  ONNX_VALUE_DIFFERS: ({ name }) => `Give one number, or one for each element, as in ${named('values', name, '[1, 2]')}.`,
  OUTSIDE_CHECK: () => 'Move the file there, or name it by itself.',
  SPEC_HAS_NO_DIMENSIONS: ({ names }) =>
    `Use "set" for its parameters; beside a spec, name the size behind the ONNX file, as in model.onnx:${list(names.slice(0, 1)) || 'batch'}=1.`,
  UNKNOWN_MODEL: ({ name, known }) => (nearest(name, known) === undefined ? 'A path ends in .yaml, .yml or .json.' : ''),
};
