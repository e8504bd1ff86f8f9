import { readFileSync } from 'node:fs';
import { numbersOf } from '../../src/core/tensor.ts';
import { execute } from '../../src/execute/interpreter.ts';
import type { Edge, Graph, Weight } from '../../src/graph/graph.ts';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import type { ElementType, OnnxTensor } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { contentsOf } from '../../src/onnx/read/contents.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { FlopwiseError, ProblemError } from '../../src/problems/problem.ts';
import { CASES, FLOATS, operatorIn, tensorsIn, withKnown } from './node-cases.ts';

/** How the output of a case came to be as expected, or that it did not. */
export type How =
  /** Kernels computed it. */
  | 'computed'
  /** Nothing of it depends on what the model is given: the reader worked it out. */
  | 'folded'
  | 'failed';

export interface ValueOutcome {
  readonly name: string;
  /** The first node's operator, with its domain. */
  readonly operator: string;
  readonly how: How;
  /** The operators of flopwise that the case runs in any of its forms, and whether it passes in one that runs them. */
  readonly runs: ReadonlyMap<string, boolean>;
  /** Where it failed. */
  readonly why?: string;
}

const [RELATIVE, ABSOLUTE] = [1e-3, 1e-5];

/** As much as numbers that are written in this type can differ: a unit of the last place. */
const relativeOf = (type: ElementType): number => (type === 'bfloat16' ? 2 ** -7 : RELATIVE);

const floats = new DataView(new ArrayBuffer(4));

/** Where the model says bfloat16, the cases hold its bits, as whole numbers. */
function declared(tensor: OnnxTensor | undefined, type: ElementType | undefined): OnnxTensor | undefined {
  if (tensor === undefined || type !== 'bfloat16' || tensor.type !== 'uint16') return tensor;
  const elements = () =>
    tensor.elements()?.map((bits) => {
      floats.setUint32(0, Number(bits) * 2 ** 16);
      return floats.getFloat32(0);
    });
  return { ...tensor, type, elements };
}

/** Whether a number is near enough to the one that is expected; of integers only the number itself is. */
const isNear = (actual: number, expected: number, relative: number | undefined): boolean =>
  Object.is(actual, expected) ||
  actual === expected ||
  (relative !== undefined && Math.abs(actual - expected) <= ABSOLUTE + relative * Math.abs(expected));

/** What is wrong with an output; nothing where it is as expected. */
function differenceOf(actual: Float32Array, expected: OnnxTensor | undefined): string | undefined {
  if (expected === undefined) return 'it is no tensor';
  const numbers = expected.elements()?.map((element) => (typeof element === 'string' ? Number.NaN : Number(element)));
  if (numbers === undefined || expected.type === 'string') return `elements of ${expected.type} are not numbers`;
  if (actual.length !== numbers.length) return `${actual.length} elements in place of ${numbers.length}`;
  const relative = FLOATS.has(expected.type) ? relativeOf(expected.type) : undefined;
  const wrong = numbers.flatMap((number, i) => (isNear(actual[i] as number, number, relative) ? [] : [i]));
  const [first] = wrong;
  return first === undefined
    ? undefined
    : `${wrong.length} of ${numbers.length} elements differ, such as ${actual[first]} in place of ${numbers[first]}`;
}

/** Runs the graph of a case, and tells what is wrong with its outputs. */
function run(
  graph: Graph,
  inputs: ReadonlyMap<string, OnnxTensor | undefined>,
  outputs: readonly (OnnxTensor | undefined)[],
): string | undefined {
  const fed = new Map<Edge | Weight, readonly number[] | undefined>(
    graph.inputs.map(({ name, tensor }) => [tensor, inputs.get(name)?.elements()?.map(Number)]),
  );
  const values = new Map<Edge, Float32Array | undefined>(
    graph.inputs.map(({ tensor }) => [tensor, Float32Array.from(fed.get(tensor) ?? [])]),
  );
  const missing = graph.nodes.flatMap(({ weights }) => Object.entries(weights).filter(([, weight]) => contentsOf(weight) === undefined));
  if (missing.length > 0) return `the elements of its ${missing.map(([role]) => role).join(', ')} depend on its input`;
  for (const ran of execute(graph, { given: (held) => fed.get(held) ?? contentsOf(held) }))
    for (const [i, tensor] of ran.node.outputs.entries()) {
      const output = ran.outputs[i];
      if (output !== undefined) values.set(tensor, numbersOf(output));
    }
  if (graph.outputs.length !== outputs.length) return `${graph.outputs.length} outputs in place of ${outputs.length}`;
  for (const [i, tensor] of graph.outputs.entries()) {
    const why = differenceOf(values.get(tensor) as Float32Array, outputs[i]);
    if (why !== undefined) return `output ${i}: ${why}`;
  }
  return undefined;
}

/** Which inputs of a case stand in the file, as the weights of a network would: none, those that are no floats, all but the first, all. */
const FORMS: readonly ((tensor: OnnxTensor, first: OnnxTensor | undefined) => boolean)[] = [
  () => false,
  ({ type }) => !FLOATS.has(type),
  (tensor, first) => tensor !== first,
  () => true,
];

const isConstant = ({ operator }: { readonly operator: string }): boolean => operator === 'constant' || operator === 'parameter';

/** Runs a case with the reference kernels, in each form. It passes if its outputs are as expected in one. */
export function computeCase(name: string): ValueOutcome {
  const folder = `${CASES}${name}`;
  const read = readOnnx(bufferSource(readFileSync(`${folder}/model.onnx`)), name);
  const [inputs, outputs] = (['input', 'output'] as const).map((kind) =>
    tensorsIn(`${folder}/test_data_set_0`, kind).map((tensor, i) => declared(tensor, read.graph[`${kind}s`][i]?.type)),
  ) as [(OnnxTensor | undefined)[], (OnnxTensor | undefined)[]];
  const operator = operatorIn(read);
  const byName = new Map(read.graph.inputs.map((input, i) => [input.name, inputs[i]]));
  let why = '';
  let how: How = 'failed';
  const runs = new Map<string, boolean>();
  for (const isKnown of FORMS) {
    const known = withKnown(read, inputs, (tensor) => isKnown(tensor, inputs[0]));
    const free = known.graph.inputs.filter((input) => !known.graph.initializers.has(input.name));
    try {
      const graph = translate(known, name, {
        inputs: Object.fromEntries(free.map((input) => [input.name, byName.get(input.name)?.shape ?? []])),
      });
      const names = [...new Set(graph.nodes.map((node) => node.operator))].sort();
      for (const each of names) runs.set(each, runs.get(each) ?? false);
      if (graph.unknown !== undefined) {
        why ||= 'no kernel: its work is not known';
        continue;
      }
      const wrong = run(graph, byName, outputs);
      if (wrong === undefined) {
        const isFolded = graph.nodes.every(isConstant);
        if (!isFolded) how = 'computed';
        else if (how === 'failed') how = 'folded';
        for (const each of isFolded ? [] : names) runs.set(each, true);
        continue;
      }
      // A wrong number tells more than a form that cannot be run.
      if (why === '' || wrong.startsWith('output')) why = `${wrong} (${names.join(', ')})`;
    } catch (error) {
      if (error instanceof FlopwiseError) why ||= error.problems[0]?.code ?? '';
      else if (error instanceof ProblemError) why ||= error.problem.code;
      else throw error;
    }
  }
  return { name, operator, how, runs, ...(how === 'failed' && { why }) };
}
