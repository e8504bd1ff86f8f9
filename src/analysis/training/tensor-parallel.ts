import { countMacs } from '../../core/work.ts';
import type { Edge, Graph, Node } from '../../graph/graph.ts';
import type { OperatorName } from '../../operators/registry.ts';

/**
 * How tensors lie on devices that divide every weight, without sequence parallelism: Shoeybi et al. 2019, arXiv:1909.08053, section 3. A
 * layer whose input is whole divides its outputs (column parallel); one whose input is divided adds up partial sums to a whole output (row
 * parallel). What lies between is divided; what norms over all features and residual sums see is whole.
 */

/** How a tensor lies: whole on each device, or divided by features or by heads. */
type Layout = 'whole' | 'features' | 'heads';

/** Norms over all features of a position: they need a position whole, unless heads are normed one by one. */
const NORMS: ReadonlySet<OperatorName> = new Set(['layernorm', 'rmsnorm', 'groupnorm', 'l2norm', 'lrn']);

/** What is the same for every input: it lies as what it is joined with. */
const FIXED: ReadonlySet<OperatorName> = new Set(['constant', 'parameter', 'relativebias', 'relativeposition']);

/** A product with weights that can be divided; what only looks rows of a table up is none. */
const isProduct = ({ work, weights }: Node): boolean =>
  countMacs(work) > 0n && Object.values(weights).some(({ shape, learned }) => learned && shape.length > 1);

/** An operator that holds all its products: its input and output are whole, what it keeps between is divided. */
const isClosed = ({ operator }: Node): boolean => operator === 'attention' || operator === 'recurrent';

/** The layout of a node's outputs, by those of its inputs that are not fixed. */
function outputLayout(node: Node, layouts: readonly Layout[]): Layout {
  const isDivided = layouts.length > 0 && !layouts.includes('whole');
  if (isClosed(node)) return 'whole';
  if (isProduct(node)) return isDivided ? 'whole' : 'features';
  if (!isDivided) return 'whole';
  if (node.operator === 'splitheads') return 'heads';
  if (node.operator === 'mergeheads') return 'features';
  if (layouts.includes('heads')) return 'heads';
  return NORMS.has(node.operator) ? 'whole' : 'features';
}

export interface TensorParallelism {
  /** Tensors of which each device has a part. */
  readonly divided: ReadonlySet<Edge>;
  /** Whether each device keeps a part only of what a layer keeps beside its inputs and outputs. */
  readonly dividesWithin: (node: Node) => boolean;
}

export function tensorParallelism({ nodes }: Graph): TensorParallelism {
  const layouts = new Map<Edge, Layout>();
  const fixed = new Set<Edge>();
  for (const node of nodes) {
    const layout = outputLayout(
      node,
      node.inputs.filter((tensor) => !fixed.has(tensor)).map((tensor) => layouts.get(tensor) ?? 'whole'),
    );
    for (const tensor of node.outputs) {
      layouts.set(tensor, layout);
      if (FIXED.has(node.operator)) fixed.add(tensor);
    }
  }
  const isDivided = (tensor: Edge): boolean => (layouts.get(tensor) ?? 'whole') !== 'whole';
  return {
    divided: new Set([...layouts.keys()].filter(isDivided)),
    dividesWithin: (node) => isClosed(node) || node.outputs.some(isDivided),
  };
}
