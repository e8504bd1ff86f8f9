import { elementCount, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { alibiBias } from '../../operators/kit/alibi.ts';
import type { FastKernel, Running } from './by-operator.ts';
import { multiply } from './product.ts';
import type { Resident } from './resident.ts';

interface Attention {
  readonly causal: boolean;
  readonly window?: number;
  readonly scale?: number;
  readonly softcap?: number;
  readonly alibi: boolean;
  readonly sinks: boolean;
}

/** So many queries at a time have their scores in a processor's cache. */
const QUERIES = 256;

/** A bias that broadcasts to the scores: where that of a head begins, and how far the next query's is, in bytes. */
function biasOf(bias: Resident, scores: Shape): (image: number, head: number) => { readonly place: number; readonly step: number } {
  const shape = [...new Array<number>(scores.length - bias.shape.length).fill(1), ...bias.shape];
  const stepOf = (axis: number): number => (shape[axis] === 1 ? 0 : 4 * elementCount(shape.slice(axis + 1)));
  return (image, head) => ({ place: bias.place + image * stepOf(0) + head * stepOf(1), step: stepOf(2) });
}

/**
 * What the distance adds to the scores of a head: those of the first query begin so far in that each later query's begin one element
 * before.
 */
function slopesOf({ machine }: Running, head: number, heads: number, queries: number, keys: number, offset: number): number {
  const last = offset + queries - 1;
  return machine.hold(Float32Array.from({ length: last + keys }, (_, at) => alibiBias(head, heads, last - at)));
}

export const sdpa: FastKernel = (running) => {
  const { machine, node, inputs, weights } = running;
  const { causal, window = 0, scale, softcap = 0, alibi } = node.attributes as Attention;
  const [query, key, values, bias] = inputs.map((input) => machine.asIn(input as Tensor, 'channels first')) as [
    Resident,
    Resident,
    Resident,
    Resident | undefined,
  ];
  const [n, heads, queries, width] = query.shape as [number, number, number, number];
  const [, keyHeads, keys] = key.shape as [number, number, number];
  const features = values.shape[3] as number;
  // A bias with one element for all keys is left to the reference kernel.
  if (bias !== undefined && bias.shape.at(-1) !== keys) return undefined;
  const biases = bias && biasOf(bias, [n, heads, queries, keys]);
  const offset = Math.max(keys - queries, 0);
  const sinks = machine.vector(weights.sinks);
  const y = machine.take([n, heads, queries, features]);
  const attend = (image: number, head: number, first: number): void => {
    const rows = Math.min(QUERIES, queries - first);
    const group = image * keyHeads + Math.floor(head / (heads / keyHeads));
    const row = (image * heads + head) * queries + first;
    const scores = machine.room(rows * keys);
    multiply(
      machine,
      { rows, inner: width, columns: keys },
      { place: query.place + 4 * row * width, down: width, across: 1 },
      { place: key.place + 4 * group * keys * width, down: 1, across: width },
      { place: scores, down: keys, across: 1 },
    );
    const own = biases?.(image, head);
    const slopes = alibi ? slopesOf(running, head, heads, queries, keys, offset) : 0;
    machine.exports.attend(
      scores,
      rows,
      keys,
      offset + first,
      Number(causal),
      window,
      scale ?? 1 / Math.sqrt(width),
      softcap,
      alibi ? slopes + 4 * (queries - 1 - first) : 0,
      -4,
      own === undefined ? 0 : own.place + first * own.step,
      own?.step ?? 0,
      sinks === 0 ? 0 : sinks + 4 * head,
      width,
      features,
    );
    multiply(
      machine,
      { rows, inner: keys, columns: features },
      { place: scores, down: keys, across: 1 },
      { place: values.place + 4 * group * keys * features, down: features, across: 1 },
      { place: y.place + 4 * row * features, down: features, across: 1 },
    );
  };
  for (let image = 0; image < n; image++)
    for (let head = 0; head < heads; head++)
      for (let first = 0; first < queries; first += QUERIES) machine.within(() => attend(image, head, first));
  return y;
};
