import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import type { OnnxModel, OnnxTensor } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { graph, model, node, opset } from './proto.ts';

/** The conformance cases of ONNX, one model of one node each, with inputs and the outputs that are expected. */
export const CASES = fileURLToPath(new URL('../../../shared/onnx-node-tests/', import.meta.url));

export const caseNames = (): string[] => (existsSync(CASES) ? readdirSync(CASES).sort() : []);

/** What came of a case: the shapes held, or why they are not known. */
export interface Outcome {
  readonly name: string;
  /** The first node's operator, with its domain. */
  readonly operator: string;
  readonly expected: readonly (readonly number[])[];
  readonly inferred?: readonly (readonly number[])[];
  readonly why?: string;
  /** The operator is a row that counts nothing. */
  readonly isUncounted: boolean;
}

/** The first node's operator, with its domain. */
export function operatorIn({ graph: { nodes } }: OnnxModel): string {
  const [first] = nodes;
  return first === undefined ? '' : first.domain === '' ? first.operator : `${first.domain}.${first.operator}`;
}

/** The tensor in a file: it is read as the weight of a model. */
function tensorIn(file: string): OnnxTensor | undefined {
  const bytes = model(graph({ nodes: [node('Identity', ['x'], ['y'])], initializers: [[...readFileSync(file)]] }), opset('', 13));
  try {
    return [...readOnnx(bufferSource(bytes), file).graph.initializers.values()][0];
  } catch (error) {
    if (error instanceof FlopwiseError) return undefined;
    throw error;
  }
}

export const tensorsIn = (folder: string, kind: 'input' | 'output'): (OnnxTensor | undefined)[] => {
  const tensors: (OnnxTensor | undefined)[] = [];
  for (let i = 0; existsSync(`${folder}/${kind}_${i}.pb`); i++) tensors.push(tensorIn(`${folder}/${kind}_${i}.pb`));
  return tensors;
};

const shapesOf = (tensors: readonly (OnnxTensor | undefined)[]) => tensors.map((tensor) => tensor?.shape ?? []);

/** The model with some of its inputs known, as if they stood in the file. */
export function withKnown(
  read: OnnxModel,
  tensors: readonly (OnnxTensor | undefined)[],
  isKnown: (tensor: OnnxTensor) => boolean,
): OnnxModel {
  const initializers = new Map(read.graph.initializers);
  for (const [i, { name }] of read.graph.inputs.entries()) {
    const tensor = tensors[i];
    if (tensor !== undefined && isKnown(tensor)) initializers.set(name, tensor);
  }
  return { ...read, graph: { ...read.graph, initializers } };
}

export const FLOATS: ReadonlySet<string> = new Set(['float32', 'float64', 'float16', 'bfloat16']);

/**
 * Infers the shapes of the outputs of a case, with the shapes of its inputs. Elements are known only of those inputs that
 * steer shapes: first of none, then of those that are no floats, then
 * of all but the first, then of all.
 */
export function infer(name: string): Outcome {
  const folder = `${CASES}${name}`;
  const read = readOnnx(bufferSource(readFileSync(`${folder}/model.onnx`)), name);
  const [inputs, outputs] = [tensorsIn(`${folder}/test_data_set_0`, 'input'), tensorsIn(`${folder}/test_data_set_0`, 'output')];
  const operator = operatorIn(read);
  const expected = shapesOf(outputs);
  const shapes = Object.fromEntries(read.graph.inputs.map((input, i) => [input.name, inputs[i]?.shape ?? []]));
  let why = '';
  const [data] = inputs;
  const stages = [() => false, ({ type }: OnnxTensor) => !FLOATS.has(type), (tensor: OnnxTensor) => tensor !== data, () => true];
  for (const isKnown of stages) {
    const known = withKnown(read, inputs, isKnown);
    const free = known.graph.inputs.filter((input) => !known.graph.initializers.has(input.name));
    try {
      const settings = { inputs: Object.fromEntries(free.map((input) => [input.name, shapes[input.name] as readonly number[]])) };
      const inferred = translate(known, name, settings);
      // A guess is not a shape that is known, nor one that is only declared.
      if ((inferred.warnings !== undefined || inferred.unknown !== undefined) && isKnown !== stages.at(-1)) continue;
      const isUncounted = inferred.unknown !== undefined;
      return { name, operator, expected, inferred: inferred.outputs.map((tensor) => tensor.shape), isUncounted };
    } catch (error) {
      if (!(error instanceof FlopwiseError)) throw error;
      why ||= error.problems[0]?.code ?? '';
      if (error.problems[0]?.code === 'ONNX_UNKNOWN_OPERATOR') break;
      why = error.message;
    }
  }
  return { name, operator, expected, why, isUncounted: false };
}

/** Layers have scalars as vectors of one element. */
export const sameShapes = ({ expected, inferred }: Outcome): boolean =>
  inferred !== undefined &&
  inferred.length === expected.length &&
  inferred.every((shape, i) => shape.join() === (expected[i]?.length === 0 ? '1' : expected[i]?.join()));
