import type { Hints } from '../problems/hints.ts';
import { nearest } from '../problems/suggestions.ts';
import { cut } from '../problems/text.ts';
import { list } from '../problems/words.ts';

/** A word of a command line, in quotes where a shell would take it apart. */
const shellWord = (text: string): string => (/^[\w.:/@%+=-]+$/.test(text) ? cut(text) : `'${cut(text).replaceAll("'", `'\\''`)}'`);

const dims = (names: readonly string[]): string => names.map((name) => `--dim ${shellWord(`${name}=N`)}`).join(' ');

const A_SPEC = '"flopwise init" writes a spec to start from.';
const WRITE_ANEW = 'Write it anew with --update.';

/** The command line's words: its options and commands. */
export const CLI_HINTS: Hints = {
  BASELINE_CHANGED: () => WRITE_ANEW,
  BASELINE_NEEDED: () => 'Say --against git:origin/main or --baseline main.json, or limit it to an amount.',
  BASELINE_VERSION: () => 'Write it anew with --update, or use the flopwise that wrote it.',
  BASE_UNREADABLE: () => 'Compare with another revision, or with a file: --baseline main.json.',
  FILE_EMPTY: () => A_SPEC,
  FILE_EXISTS: () => 'Name another file, or say --force to replace it.',
  GIT_FAILED: () => 'Compare with a file instead: --baseline main.json.',
  GIT_MISSING: () => 'Install it, or compare with a file: --baseline main.json.',
  INPUT_DIFFERS: ({ size, name }) => (name === undefined ? 'Set these with --set.' : `--set ${shellWord(`${name}=${size}`)} is enough.`),
  NOTHING_IN_RANGE: () => 'Search another range with --min, --max and --step.',
  NOTHING_KEPT: () => 'Or count it once, with --set tokens=….',
  NOTHING_TO_CHECK: ({ models }) =>
    models.length === 0
      ? 'Name models ("flopwise check my.yaml"), or list them: "models: [nets/*.yaml]".'
      : 'Write "budget: { macs: <= 4.2 GMAC }" into the spec or a flopwise.config.yaml, say --max-macs 4.2G, or compare with --baseline or --against.',
  NOT_A_BASELINE: ({ path }) => `"flopwise check --baseline ${path} --update" writes one.`,
  NOT_A_REPOSITORY: () => 'Run the check in one, or compare with a file: --baseline main.json.',
  NOT_A_SPEC: () => A_SPEC,
  NOT_IN_GIT: () => 'Compare with another file, or a check with a baseline: --baseline main.json.',
  ONNX_AT_MOST: () => 'Give lengths and blocks with --value.',
  ONNX_BOUND: () => 'Give smaller sizes with --dim, or values with --value.',
  ONNX_BRANCH: ({ condition }) => `Choose with --value ${shellWord(`${condition}=1`)} or 0.`,
  ONNX_HAS_NONE: () => 'Leave that out, or write a spec; sizes that it leaves open are given with --dim name=size.',
  ONNX_LEFT_OUT: ({ values: [first] }) =>
    first === undefined
      ? 'Export the model with the shapes of all values.'
      : `Give values with --value ${shellWord(`${first}=N`)} or sizes with --dim, or export the model with fixed shapes.`,
  ONNX_OPEN_SHAPE: ({ name, open, example }) => {
    const whole = `--input ${shellWord(`${name}=${example.join('x')}`)}`;
    return open.length === 0 ? `Give its shape, such as ${whole}.` : `Give sizes with ${dims(open)}, or the whole shape, such as ${whole}.`;
  },
  ONNX_UNKNOWN_DIMENSION: ({ symbols }) => (symbols.length > 0 ? '' : 'Leave out --dim, or export the model with dynamic axes.'),
  ONNX_UNKNOWN_OPERATOR: ({ open }) =>
    open.length > 0 ? `Give sizes with ${dims(open)}.` : 'Export the model with the shapes of all values.',
  ONNX_UNRESOLVED: ({ value }) =>
    `Give it with --value ${shellWord(`${value}=N`)}, put the file there, or export the model with fixed shapes.`,
  ONNX_VALUE_DIFFERS: ({ name }) => `Give one number, or one for each element, as in --value ${shellWord(name)}=1,2.`,
  OUTSIDE_CHECK: () => 'Move the file there, or name it on the command line.',
  SPEC_HAS_NO_DIMENSIONS: ({ names }) =>
    `Use --set for its parameters; beside a spec, name the size behind the ONNX file, as in model.onnx:${list(names.slice(0, 1)) || 'batch'}=1.`,
  UNKNOWN_MODEL: ({ name, known }) =>
    nearest(name, known) === undefined ? '"flopwise list" shows the zoo; a path ends in .yaml, .yml or .json.' : '',
};
