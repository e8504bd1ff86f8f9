import type { Edge, Node } from './graph.ts';

/** The tensors that a node reads: its inputs, and what it holds as weights that other nodes make. */
export const readsOf = ({ inputs, weights }: Pick<Node, 'inputs' | 'weights'>): readonly Edge[] => {
  const made = Object.values(weights).flatMap((weight) => weight.madeBy ?? []);
  return made.length === 0 ? inputs : [...inputs, ...made];
};
