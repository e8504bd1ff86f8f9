import { formatShape, type Shape } from './shape.ts';
import type { cut } from './text.ts';

/** The values behind each problem. */
export interface ProblemData {
  // The call
  WRONG_CALL: { message: string; command: string };
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
  UNKNOWN_PARAMETER: { name: string; owner: string; known: readonly string[] };
  MISSING_PARAMETER: { name: string; owner: string; variants?: readonly string[] };
  UNKNOWN_VALUE: { name: string; known: readonly string[] };
  UNKNOWN_SOURCE: { name: string; known: readonly string[] };
  SKIPPED_SOURCE: { name: string };
  CIRCLE: { of: string; names: readonly string[] };
  TOO_MANY_STEPS: { limit: number };
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
  ELEMENTS_DIFFER: { from: Shape; to: Shape; elements: bigint; wanted: bigint };
  NOT_A_PERMUTATION: { order: readonly number[]; rank: number };
  BOUNDS_OUTSIDE: { start: number; end: number; size: number };
  NO_STRIDE: { from: Shape; to: Shape };
  DIMENSION_TOO_LARGE: { shape: Shape };
  WEIGHTS_DIFFER: { name: string; here: string; there: string };
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
  // Execution
  TENSOR_TOO_LARGE: { shape: Shape; bytes: bigint };
  OUT_OF_MEMORY: { bytes: bigint; limit: number };
  NO_KERNEL: { operator: string };

  // What an ONNX model means
  ONNX_OPEN_SHAPE: { name: string; shape: string | undefined; open: readonly string[]; example: Shape };
  ONNX_INPUT_DIFFERS: { name: string; given: Shape; declared: string };
  ONNX_UNKNOWN_INPUT: { name: string; inputs: readonly string[]; symbols: readonly string[] };
  ONNX_FIXED_BATCH: { batch: number; inputs: readonly string[] };
  ONNX_NODE: { operator: string; reason: string };
  ONNX_NO_VALUE: { name: string; operator: string };
  ONNX_UNRESOLVED: { operator: string; value: string };
  ONNX_UNKNOWN_OPERATOR: { operator: string; domain: string; output: string; open: readonly string[] };
  ONNX_RECURSION: { names: readonly string[] };
  ONNX_TOO_NESTED: { limit: number };
  ONNX_TOO_MANY_LAYERS: { limit: number };
  ONNX_BRANCH: ({ taken }) =>
    `Only a run can tell which branch this takes; counted is "${taken}", which has no fewer MACs than the other. Fix the condition in the model to choose.`,
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
