import type { Shape } from '../../core/shape.ts';
import type { Edge, Graph } from '../../graph/graph.ts';
import { operatorOf } from '../../operators/registry.ts';

/** Where the channels are: after the batch, as of images, or last, as of sequences. */
type Channels = 'first' | 'last';

/** Where the channels of each tensor are, as far as operators tell. */
export function channelsOf(graph: Graph): ReadonlyMap<Edge, Channels> {
  const known = new Map<Edge, Channels>(graph.inputs.map(({ tensor }) => [tensor, tensor.shape.length >= 4 ? 'first' : 'last']));
  for (const { operator, inputs, outputs } of graph.nodes) {
    const { givesMap, takesVectors } = operatorOf(operator);
    const [input] = inputs;
    const there = givesMap === true ? 'first' : takesVectors === true ? 'last' : ((input && known.get(input)) ?? 'last');
    for (const tensor of outputs) known.set(tensor, there);
  }
  return known;
}

/** `56×56` of `1×64×56×56`; `1` where there are no positions, as after the last pooling. */
export function sizeText(shape: Shape, channels: Channels = 'first'): string {
  const positions = channels === 'first' ? shape.slice(2) : shape.slice(1, -1);
  return positions.every((size) => size === 1) ? '1' : positions.join('×');
}

/** `64×56×56`: all but the batch. */
export const outputText = (shape: Shape): string => (shape.length < 2 ? String(shape[0] ?? 1) : shape.slice(1).join('×'));
