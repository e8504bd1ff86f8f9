import { elements, sameShape } from '../../core/shape.ts';
import type { Edge, Graph, Node, Weight } from '../../graph/graph.ts';
import { idsIn, idsOf } from '../../graph/ids.ts';
import { startOf } from '../../operators/kit/experts.ts';
import { withAllowance } from '../../problems/allowance.ts';
import { ProblemError } from '../../problems/problem.ts';
import { modelProto, type OnnxOutput, type WrittenTensor } from '../file/proto.ts';
import { type Chunks, chunksOf, type Later, sizeOf } from '../file/wire-writer.ts';
import { Emission, LayerWriter } from './emission.ts';
import { LAYERS, type WriteRule } from './layers.ts';
import { concatenated, reshaped, sliced } from './shaping.ts';

/** Where the elements of weights go. */
export type Placement =
  /** Into the file; beside it where a file of protocol buffers cannot be so large. */
  | 'inside'
  /** Into a file beside it. */
  | 'beside'
  /** Nowhere: the file tells only their shapes, and that they lie beside it. */
  | 'nowhere';

export interface ExportOptions {
  /** The elements of a weight, in row-major order, in chunks of any size. */
  readonly elementsOf: (weight: Weight) => Iterable<Float32Array>;
  readonly placement?: Placement;
  /** The name, without folder, of the file that holds the weights where they lie beside the model. */
  readonly dataFile: string;
  /** Of flopwise. */
  readonly version: string;
}

/** A file, byte by byte. */
export interface WrittenFile {
  readonly bytes: number;
  chunks(): Iterable<Uint8Array>;
}

export interface Exported {
  readonly model: WrittenFile;
  /** What goes into `dataFile`, where it is written. */
  readonly data: WrittenFile | undefined;
}

/** Protocol buffers end here. */
const MOST_BYTES = 2 ** 31 - 1;

const BYTES_PER_ELEMENT = 4n;

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of numbers in the order of ONNX, the lowest first. */
function littleEndian(numbers: Float32Array): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (isLittleEndian) return bytes;
  const swapped = new DataView(new ArrayBuffer(numbers.byteLength));
  for (const [i, number] of numbers.entries()) swapped.setFloat32(4 * i, number, true);
  return new Uint8Array(swapped.buffer);
}

function* bytesOf(numbers: Iterable<Float32Array>): Generator<Uint8Array> {
  for (const chunk of numbers) yield littleEndian(chunk);
}

interface HeldWeight {
  readonly weight: Weight;
  readonly value: OnnxOutput;
}

/** Names every weight after the first layer that holds it, and its role there. */
function nameWeights({ nodes }: Graph, emission: Emission): ReadonlyMap<Weight, HeldWeight> {
  const held = new Map<Weight, HeldWeight>();
  for (const { path, weights } of nodes)
    for (const [role, weight] of Object.entries(weights)) {
      if (held.has(weight) || weight.madeBy !== undefined) continue;
      const name = emission.unique(`${path}.${role.replaceAll(' ', '_')}`);
      held.set(weight, { weight, value: { name, type: 'float32', shape: weight.shape } });
    }
  return held;
}

const written = (node: Node, writer: LayerWriter): OnnxOutput[] => {
  const outputs = (LAYERS[node.operator] as WriteRule)(writer, node.attributes as never);
  return 'name' in outputs ? [outputs] : [...outputs];
};

/** Each expert by itself, on its rows and with its weights, and what they give put together. */
function writeExperts(
  emission: Emission,
  node: Node,
  experts: number,
  inputs: readonly OnnxOutput[],
  weights: Readonly<Record<string, OnnxOutput>>,
): OnnxOutput[] {
  const shapes = node.outputs.map(({ shape }) => shape);
  const writer = new LayerWriter(emission, node.path, inputs, weights, shapes);
  const rows = inputs[0]?.shape[0] as number;
  const parts: OnnxOutput[][] = [];
  for (let expert = 0; expert < experts; expert++) {
    const [from, to] = [startOf(expert, experts, rows), startOf(expert + 1, experts, rows)];
    if (from === to) continue;
    const own = Object.entries(weights).map(
      ([role, weight]) => [role, reshaped(writer, sliced(writer, weight, 0, expert, expert + 1), weight.shape.slice(1))] as const,
    );
    const its = inputs.map((input) => (input.shape[0] === rows ? sliced(writer, input, 0, from, to) : input));
    const outputs = shapes.map((shape) => shape.with(0, to - from));
    parts.push(written(node, new LayerWriter(emission, `${node.path}/expert[${expert}]`, its, Object.fromEntries(own), outputs)));
  }
  return shapes.map((shape, index) =>
    concatenated(
      writer,
      parts.map((part) => part[index] as OnnxOutput),
      0,
      shape,
    ),
  );
}

function writeLayer(
  emission: Emission,
  node: Node,
  inputs: readonly OnnxOutput[],
  held: ReadonlyMap<Weight, HeldWeight>,
  values: ReadonlyMap<Edge, OnnxOutput>,
): OnnxOutput[] {
  const outputs = node.outputs.map(({ shape }) => shape);
  const weights: Record<string, OnnxOutput> = {};
  const writer = new LayerWriter(emission, node.path, inputs, weights, outputs);
  for (const [role, weight] of Object.entries(node.weights)) {
    const made = weight.madeBy && values.get(weight.madeBy);
    weights[role] =
      made === undefined
        ? (held.get(weight) as HeldWeight).value
        : sameShape(made.shape, weight.shape)
          ? made
          : reshaped(writer, made, weight.shape);
  }
  try {
    if (node.experts === undefined) return written(node, writer);
    return writeExperts(emission, node, node.experts.count, inputs, weights);
  } catch (error) {
    throw error instanceof ProblemError ? new ProblemError({ ...error.problem, path: node.path, position: node.locate?.() }) : error;
  }
}

/** What a node makes can be an output under its own name, once; an input, or the same value again, needs a node that passes it on. */
function writeOutputs(emission: Emission, tensors: readonly Edge[], values: ReadonlyMap<Edge, OnnxOutput>): OnnxOutput[] {
  const made = new Set(emission.nodes.flatMap((node) => node.outputs));
  return tensors.map((tensor, index) => {
    const value = values.get(tensor) as OnnxOutput;
    if (made.delete(value.name)) return value;
    const name = emission.unique(`output_${index}`);
    emission.nodes.push({ name: `/${name}/Identity`, operator: 'Identity', inputs: [value.name], outputs: [name], attributes: {} });
    return { ...value, name };
  });
}

/** The elements of a weight, when they are written. */
const later = (weight: Weight, elementsOf: ExportOptions['elementsOf']): Later => ({
  size: Number(BYTES_PER_ELEMENT * elements(weight.shape)),
  chunks: () => bytesOf(elementsOf(weight)),
});

const fileOf = (pieces: Chunks): WrittenFile => ({ bytes: sizeOf(pieces), chunks: () => chunksOf(pieces) });

/** Whether nothing reads a tensor but what takes ids. */
const isOfIds = ({ nodes }: Graph, ids: Edge): boolean =>
  nodes.every((node) => !node.inputs.includes(ids) || (idsOf(node) !== undefined && node.inputs.lastIndexOf(ids) === 0));

/**
 * Writes a graph as an ONNX model of opset 17. Every node is named after the path of its layer, every value has its shape.
 * Nothing is made before `chunks` is asked for it, so that a model of any size needs little memory.
 * @throws ProblemError where a layer stands for an operator that is not known, FlopwiseError where it would take too many constants.
 */
export const exportOnnx = (graph: Graph, options: ExportOptions): Exported => withAllowance(() => exported(graph, options));

function exported(graph: Graph, { elementsOf, placement = 'inside', dataFile, version }: ExportOptions): Exported {
  const emission = new Emission();
  const ids = idsIn(graph.nodes);
  const inputs = graph.inputs.map(
    ({ name, tensor }): OnnxOutput => ({
      name: emission.unique(name),
      type: ids.has(tensor) && isOfIds(graph, tensor) ? 'int64' : 'float32',
      shape: tensor.shape,
    }),
  );
  const held = nameWeights(graph, emission);
  const values = new Map(graph.inputs.map(({ tensor }, index) => [tensor, inputs[index] as OnnxOutput] as const));
  for (const node of graph.nodes) {
    const given = node.inputs.map((tensor) => values.get(tensor) as OnnxOutput);
    for (const [i, value] of writeLayer(emission, node, given, held, values).entries()) values.set(node.outputs[i] as Edge, value);
  }
  const outputs = writeOutputs(emission, graph.outputs, values);
  const outputNames = new Set(outputs.map(({ name }) => name));
  const all = [...held.values()];
  const contents = all.map(({ weight }) => later(weight, elementsOf));
  const write = (weights: readonly WrittenTensor[]): Chunks =>
    modelProto(
      {
        name: graph.name,
        description: `${graph.name} (${graph.source}), written by flopwise`,
        nodes: emission.nodes,
        inputs,
        outputs,
        values: emission.values.filter(({ name }) => !outputNames.has(name)),
        tensors: [...weights, ...emission.tensors],
      },
      version,
    );
  if (placement === 'inside') {
    const pieces = write(all.map(({ value }, i) => ({ ...value, elements: contents[i] as Later })));
    if (sizeOf(pieces) <= MOST_BYTES) return { model: fileOf(pieces), data: undefined };
  }
  let offset = 0n;
  const located = all.map(({ value }, i) => {
    const length = BigInt((contents[i] as Later).size);
    const tensor = { ...value, elements: { file: dataFile, offset, length } };
    offset += length;
    return tensor;
  });
  return { model: fileOf(write(located)), data: placement === 'nowhere' ? undefined : fileOf(contents) };
}
