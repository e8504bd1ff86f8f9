import type { Shape } from '../core/shape.ts';
import type { Edge, Graph, Node } from '../graph/graph.ts';
import { operatorOf } from '../operators/registry.ts';
import type { Problem } from '../problems/problem.ts';
import type { ProblemCode, ProblemData } from '../problems/sentences.ts';

/** What can be counted, but is hardly what was meant: warnings that name the layer, and the likely fix. */

const at = <C extends ProblemCode>(node: Node, code: C, data: ProblemData[C]): Problem<C> => ({
  code,
  data,
  path: node.path,
  position: node.locate?.(),
});

const batchOf = ({ shape }: Edge): number => shape[0] as number;

const shapesOf = (tensors: readonly Edge[]): Shape[] => tensors.map(({ shape }) => shape);

/** Tensors `[n, c, …]` that come from layers which slide over images, and from what works on them element by element. */
function mapsIn({ nodes }: Graph): ReadonlySet<Edge> {
  const maps = new Set<Edge>();
  for (const node of nodes) {
    const operator = operatorOf(node.operator);
    const [first] = node.inputs;
    const isKept = first !== undefined && maps.has(first) && operator.window?.(node.attributes, shapesOf(node.inputs)) !== 'apart';
    for (const output of node.outputs)
      if (operator.givesMap === true || (isKept && output.shape.length === first.shape.length)) maps.add(output);
  }
  return maps;
}

/** Layers that take the last axis for features, where it is the width of an image. */
function onMaps(graph: Graph): Problem[] {
  const maps = mapsIn(graph);
  return graph.nodes.flatMap((node) => {
    const [input] = node.inputs;
    if (operatorOf(node.operator).takesVectors !== true || input === undefined || !maps.has(input)) return [];
    return [at(node, 'LAST_AXIS_OF_MAP', { operator: node.operator, shape: input.shape, size: input.shape.at(-1) as number })];
  });
}

/** Layers that spread a batch over other axes. */
const acrossBatch = ({ nodes }: Graph, batch: number): Problem[] =>
  nodes.flatMap((node) => {
    const [[input], [output]] = [node.inputs, node.outputs];
    if (operatorOf(node.operator).regroups !== true || input === undefined || output === undefined) return [];
    if (batchOf(input) !== batch || batchOf(output) % batch === 0) return [];
    return [at(node, 'BATCH_INSIDE', { from: input.shape, to: output.shape, batch })];
  });

/** The layer that the batch of an output comes from. */
function originOf(output: Edge, batch: number, makers: ReadonlyMap<Edge, Node>): Node | undefined {
  let node = makers.get(output);
  while (node !== undefined && !node.inputs.some((input) => batchOf(input) === batch)) {
    const makersOfInputs = node.inputs.flatMap((input) => makers.get(input) ?? []);
    // A tensor that comes from no input has the shape that it is given: who takes it in place of an input is to blame.
    const before: Node | undefined = makersOfInputs.find(({ operator }) => operatorOf(operator).takesBatch === undefined);
    if (before === undefined) break;
    node = before;
  }
  return node;
}

/** Outputs whose first axis is not the batch of the inputs. */
function otherBatches({ nodes, outputs }: Graph, batch: number): Problem[] {
  const others = outputs.filter((output) => batchOf(output) !== batch);
  if (others.length === 0) return [];
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  return others.flatMap((output) => {
    const origin = originOf(output, batch, makers);
    return origin === undefined ? [] : [at(origin, 'OTHER_BATCH', { output: output.shape, batch })];
  });
}

/** Inputs that no layer takes, and that are no output either. */
function unread({ inputs, nodes, outputs }: Graph): Problem[] {
  const taken = new Set(outputs);
  for (const node of nodes) for (const tensor of node.inputs) taken.add(tensor);
  return inputs.flatMap(({ name, tensor }): Problem[] => (taken.has(tensor) ? [] : [{ code: 'UNREAD_INPUT', data: { name } }]));
}

/** Shapes that attributes state, and nothing derives. */
const statedOnly = ({ nodes }: Graph): Problem[] =>
  nodes.flatMap((node) => {
    if (operatorOf(node.operator).reach(node.attributes, shapesOf(node.inputs)) !== 'stated') return [];
    const { by } = node.attributes as { readonly by?: string };
    return [at(node, 'ONLY_STATED', { operator: node.operator, by, shapes: shapesOf(node.outputs) })];
  });

/** What is doubtful about a graph. */
export function doubtsAbout(graph: Graph): Problem[] {
  const [first] = graph.inputs;
  if (first === undefined) return [];
  const batch = batchOf(first.tensor);
  const inside = acrossBatch(graph, batch);
  return [...unread(graph), ...onMaps(graph), ...statedOnly(graph), ...inside, ...(inside.length > 0 ? [] : otherBatches(graph, batch))];
}
