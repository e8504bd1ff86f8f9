import { formatShape, type Shape } from '../../core/shape.ts';
import { didYouMean } from '../suggestions.ts';
import { cut } from '../text.ts';
import { count, list, quote, type Sentences } from '../words.ts';

/** ONNX files, and what their models mean. */
export interface OnnxProblems {
  ONNX_OPEN_SHAPE: { name: string; shape: string | undefined; open: readonly string[]; example: Shape };
  ONNX_INPUT_DIFFERS: { name: string; given: Shape; declared: string };
  ONNX_UNKNOWN_INPUT: { name: string; inputs: readonly string[]; symbols: readonly string[] };
  ONNX_FIXED_BATCH: { batch: number; inputs: readonly string[] };
  ONNX_NODE: { operator: string; reason: string };
  ONNX_NO_VALUE: { name: string; operator: string };
  ONNX_NO_OUTPUT: { operator: string; name: string };
  ONNX_CYCLE: { names: readonly string[] };
  ONNX_MADE_TWICE: { name: string; first: string; second: string };
  ONNX_INVALID: { faults: readonly { readonly node: string | undefined; readonly reason: string }[] };
  ONNX_UNRESOLVED: { operator: string; value: string };
  ONNX_UNCOUNTED_OPERATOR: { operator: string; domain: string };
  ONNX_LEFT_OUT: { nodes: readonly (readonly [string, number])[]; values: readonly string[]; operators: readonly string[] };
  ONNX_BOUND: { nodes: readonly (readonly [string, number])[] };
  ONNX_AT_MOST: { nodes: readonly (readonly [string, number])[] };
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
  ONNX_HAS_NONE: { path: string; of: string };
  SPEC_HAS_NO_DIMENSIONS: { model: string; names: readonly string[] };
  NO_ONNX_READER: { path: string };
  NOT_ONNX: { path: string; what: string; fix: string };
  ONNX_TRUNCATED: { path: string; size: number; needs: number };
  ONNX_MALFORMED: { path: string; offset: number; reason: string };
  ONNX_TOO_DEEP: { path: string; offset: number; limit: number };
  ONNX_TOO_LARGE: { path: string; what: string; limit: number };
  ONNX_NO_GRAPH: { path: string; size: number };
  ONNX_NO_NODES: object;
  ONNX_NO_OPSET: { path: string };
}

const SOME = 4;
/** The same for the first few of a list that are texts already. */
const some = (texts: readonly string[]): string =>
  texts.length <= SOME ? texts.join(', ') : `${texts.slice(0, SOME).join(', ')} and ${texts.length - SOME} more`;

/** `2 TopK, 1 NonZero` */
const timesEach = (nodes: readonly (readonly [string, number])[]): string =>
  some(nodes.map(([name, times]) => `${count(times)} ${cut(name)}`));

const operatorIn = (operator: string, domain: string): string => (domain === '' ? cut(operator) : `${cut(operator)} of ${cut(domain)}`);

/** A sentence within another. */
const withoutEnd = (text: string): string => text.replace(/\.$/, '');

export const onnxSentences: Sentences<OnnxProblems> = {
  ONNX_OPEN_SHAPE: ({ name, shape }) =>
    shape === undefined
      ? `The model does not say what shape its input ${quote(name)} has.`
      : `The input ${quote(name)} is ${cut(shape, 80)}, which leaves sizes open.`,
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
  ONNX_MADE_TWICE: ({ name, first, second }) =>
    `The name ${quote(name)} is given twice: by ${cut(first)} and by ${cut(second)}. No runtime can tell which is meant: export the model again.`,
  ONNX_INVALID({ faults }) {
    const each = faults.map(({ node, reason }) => `${node === undefined ? 'the graph' : cut(node)}: ${cut(reason, 160)}`);
    return `This is no valid ONNX, so runtimes refuse the file: ${some(each)}. What the rest of it says was counted. Export the model again.`;
  },
  ONNX_UNRESOLVED: ({ operator, value }) =>
    `The shape that this ${cut(operator)} gives depends on ${quote(value)}, which only a run knows, or which is in a file that is not beside the model.`,
  ONNX_UNCOUNTED_OPERATOR: ({ operator, domain }) => `The work of ${operatorIn(operator, domain)} is not known; it counts as nothing.`,
  ONNX_LEFT_OUT({ nodes, values, operators }) {
    const total = nodes.reduce((sum, [, times]) => sum + times, 0);
    const reasons = [
      ...(values.length === 0
        ? []
        : [`they depend on ${some(values.map(quote))}, which only a run knows, or which is in a file that is not beside the model`]),
      ...(operators.length === 0 ? [] : [`${some(operators)} ${operators.length === 1 ? 'is' : 'are'} not known`]),
    ];
    return `The shapes of ${count(total)} ${total === 1 ? 'node' : 'nodes'} (${timesEach(nodes)}) cannot be derived: ${reasons.join('; ')}. The totals lack what they cost.`;
  },
  ONNX_BOUND: ({ nodes }) =>
    `How many elements these nodes give depends on data: ${timesEach(nodes)}. The most that their inputs allow was counted.`,
  ONNX_AT_MOST: ({ nodes }) =>
    `How much these nodes compute depends on data: ${timesEach(nodes)}. The most was counted: no token is padding, and no block is left out.`,
  ONNX_ASSUMED: ({ nodes }) =>
    `The file does not say what shape these unknown nodes give: ${timesEach(nodes)}. That of their first input was assumed. Export the model with the shapes of all values.`,
  ONNX_WEIGHT_MISFIT: ({ operator, role, given, wanted }) =>
    `The ${role} of this ${cut(operator)} is ${formatShape(given)}, but its input asks for ${formatShape(wanted)}. Export the model again.`,
  ONNX_UNKNOWN_DIMENSION: ({ name, symbols }) =>
    symbols.length === 0
      ? `The model has no dimension ${quote(name)}: it fixes all sizes.`
      : `The model has no dimension ${quote(name)}. ${didYouMean(name, symbols, 'dimensions')}`,
  ONNX_UNKNOWN_VALUE: ({ name, inputs }) => `The model has no value ${quote(name)}. ${didYouMean(name, inputs, 'inputs')}`,
  ONNX_VALUE_DIFFERS: ({ name, count: given, shape }) =>
    `The value ${quote(name)} is ${formatShape(shape)}, but ${count(given)} ${given === 1 ? 'number is' : 'numbers are'} given.`,
  ONNX_UNKNOWN_OPERATOR: ({ operator, domain, output }) =>
    `The operator ${operatorIn(operator, domain)} is not known, and the file does not say what shape ${quote(output)} has.`,
  ONNX_RECURSION: ({ names }) =>
    `These functions call each other in a circle: ${names.map((name) => cut(name)).join(' → ')}. No runtime can run that: export the model again.`,
  ONNX_TOO_NESTED: ({ limit }) =>
    `Functions and bodies are nested deeper than ${limit} levels, which is the limit. Export the model flatter.`,
  ONNX_BRANCH({ taken, partly, instead }) {
    const other = taken === 'then' ? 'else' : 'then';
    const why =
      instead === undefined
        ? `"${taken}", which has no fewer MACs than "${other}", was counted`
        : `"${taken}" was counted; "${other}", which may cost more, could not be: ${withoutEnd(instead)}`;
    const rest = partly === undefined ? '' : ` What of "${taken}" is not counted: ${withoutEnd(partly)}.`;
    return `Which branch runs depends on data; ${why}.${rest}`;
  },
  ONNX_LOOP: () => 'Only a run can tell how often this loop runs; its body is counted once. Multiply by the iterations that you expect.',
  ONNX_HAS_NONE: ({ path, of }) => `${path} is an ONNX file, which has no ${of}: its layers are fixed.`,
  SPEC_HAS_NO_DIMENSIONS: ({ model, names }) => `${cut(model)} is a spec, which has no dimension ${list(names)} to give a size to.`,
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
  ONNX_NO_NODES: () => 'The graph of this model has no nodes, so there is nothing to count. Export the model again.',
  ONNX_NO_OPSET: ({ path }) => `${path} does not say which version of the ONNX operators it uses. It may be cut off: export it again.`,
};
