import type { Tensor } from '../core/tensor.ts';
import type { Graph, Weight } from '../graph/graph.ts';
import { idsIn } from '../graph/ids.ts';
import { chunksOf, tensorFrom } from './elements.ts';
import { Synthesis } from './synthetic.ts';

/** Numbers weights in the order in which they are met; those that are shared have one number. */
export function numberWeights({ nodes }: Graph): ReadonlyMap<Weight, number> {
  const weights = new Set(nodes.flatMap((node) => Object.values(node.weights)));
  return new Map([...weights].map((weight, index) => [weight, index]));
}

/** The elements of every weight of a graph as `execute` makes them up, in chunks, so that none has to be in memory as a whole. */
export function syntheticWeights(graph: Graph, seed: number): (weight: Weight) => Iterable<Float32Array> {
  const synthesis = new Synthesis(seed);
  const numbers = numberWeights(graph);
  return (weight) => chunksOf(synthesis.weight(weight, numbers.get(weight) as number));
}

/** The inputs of a graph as `execute` makes them up. */
export function syntheticInputs(graph: Graph, seed: number): Tensor[] {
  const synthesis = new Synthesis(seed);
  const { size } = numberWeights(graph);
  const ids = idsIn(graph.nodes);
  return graph.inputs.map(({ tensor }, index) => tensorFrom(synthesis.input(tensor.shape, size + index, ids.get(tensor))));
}
