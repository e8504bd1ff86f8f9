import type { Shape } from '../../core/shape.ts';
import type { Edge, Graph } from '../../graph/graph.ts';
import { operatorOf } from '../../operators/registry.ts';

/** Where the channels are: after the batch, as of images, or last, as of sequences. */
type Channels = 'first' | 'last';

const isSameShape = (a: Shape, b: Shape): boolean => a.join() === b.join();

/** Where the channels come to be, where they are moved to the end or back: from `64×56×56` to `56×56×64`. */
function turned([batch, first, ...rest]: Shape, to: Shape): Channels | undefined {
  const [second, ...others] = rest;
  if (batch === undefined || first === undefined || second === undefined || others.length === 0) return undefined;
  if (isSameShape([batch, ...rest, first], to)) return 'last';
  return isSameShape([batch, rest.at(-1) as number, first, ...rest.slice(0, -1)], to) ? 'first' : undefined;
}

/** Where readers of tensors take the channels to be: a tensor is as what comes after it, of the same shape, is read. */
function readChannels({ nodes }: Graph): ReadonlyMap<Edge, Channels> {
  const read = new Map<Edge, Channels>();
  for (const { operator, inputs, outputs } of nodes.toReversed()) {
    const { givesMap, takesVectors } = operatorOf(operator);
    const [output] = outputs;
    for (const input of inputs) {
      const inherited = output !== undefined && isSameShape(input.shape, output.shape) ? read.get(output) : undefined;
      const there = givesMap === true ? 'first' : takesVectors === true ? 'last' : inherited;
      if (there !== undefined) read.set(input, there);
    }
  }
  return read;
}

/** Where the channels of each tensor are, as far as operators tell. */
export function channelsOf(graph: Graph): ReadonlyMap<Edge, Channels> {
  const read = readChannels(graph);
  const known = new Map<Edge, Channels>(graph.inputs.map(({ tensor }) => [tensor, tensor.shape.length >= 4 ? 'first' : 'last']));
  for (const { operator, inputs, outputs } of graph.nodes) {
    const { givesMap, takesVectors } = operatorOf(operator);
    const [input] = inputs;
    const inherited = (input && known.get(input)) ?? 'last';
    for (const tensor of outputs) {
      const moved =
        input === undefined || isSameShape(input.shape, tensor.shape) ? undefined : (turned(input.shape, tensor.shape) ?? read.get(tensor));
      const there = givesMap === true ? 'first' : takesVectors === true ? 'last' : (moved ?? inherited);
      known.set(tensor, there);
    }
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
