import type { Graph } from '../graph/graph.ts';
import { operatorOf } from '../operators/registry.ts';
import { FlopwiseError, type Problem, ProblemError } from '../problems/problem.ts';

/** A batch that no size of a layer is likely to have. */
const OTHER = 7;

const regroups = ({ nodes }: Graph): boolean => nodes.some(({ operator }) => operatorOf(operator).regroups === true);

/** What is doubtful with another batch alone: where a layer spreads the batch, a batch of one does not show it. */
function doubtsWith(expand: (batch: number) => Graph): Problem[] {
  try {
    const found = expand(OTHER).warnings ?? [];
    return found.flatMap((warning) => (warning.code === 'BATCH_INSIDE' ? [{ ...warning, data: { ...warning.data, isOther: true } }] : []));
  } catch (error) {
    // A spec that is for a batch of one says so where another is asked for.
    if (error instanceof FlopwiseError || error instanceof ProblemError) return [];
    throw error;
  }
}

/** A graph with a batch of one, and what is doubtful about it with another. */
export function seenWithOtherBatch(graph: Graph, expand: (batch: number) => Graph): Graph {
  if (graph.inputs[0]?.tensor.shape[0] !== 1 || !regroups(graph)) return graph;
  const more = doubtsWith(expand);
  return more.length === 0 ? graph : { ...graph, warnings: [...(graph.warnings ?? []), ...more] };
}
