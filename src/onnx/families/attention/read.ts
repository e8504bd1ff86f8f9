import { elementCount, type Shape, sameShape } from '../../../core/shape.ts';
import { broken, type Call, input, int, ints, type ReadRule, type ReadRules, real } from '../../read/call.ts';
import { filled, movedByData, passedOn, reshapedTo } from '../../read/layers.ts';
import { known, numberIn, numbersIn, type ReadValue, reordered } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/** Attention is products of queries, keys and values, each `[n, heads, positions, features]`. */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

/** `[n, positions, features]` split into heads; what has heads already is as it is. */
export function withHeads(call: Call, x: ReadValue, heads: number | undefined): ReadValue {
  if (x.shape.length === 4) return x;
  if (heads === undefined || x.shape.length !== 3)
    throw broken(call.node, `${x.shape.join('×')} cannot be split into ${heads ?? 'no'} heads`);
  const [n, positions, features] = x.shape as [number, number, number];
  if (features % heads !== 0) throw broken(call.node, `${features} features cannot be split into ${heads} heads`);
  if (elementCount(x.shape) === 0) return only(filled(call, [x], [n, heads, positions, features / heads]));
  return only(call.layer('splitheads', { heads }, [x]));
}

export function merged(call: Call, x: ReadValue): ReadValue {
  const [n, heads, positions, features] = x.shape as [number, number, number, number];
  return elementCount(x.shape) === 0 ? only(filled(call, [x], [n, positions, heads * features])) : only(call.layer('mergeheads', {}, [x]));
}

/** What earlier steps left, before what is new. */
export function behind(call: Call, past: ReadValue | undefined, x: ReadValue): ReadValue {
  if (past === undefined || elementCount(past.shape) === 0) return x;
  if (past.shape.length !== 4 || !sameShape(past.shape.with(2, 0), x.shape.with(2, 0)))
    throw broken(call.node, `a cache of ${past.shape.join('×')} does not go before ${x.shape.join('×')}`);
  return elementCount(x.shape) === 0 ? past : only(call.layer('concat', { axis: 2 }, [past, x]));
}

interface Attended {
  readonly q: ReadValue;
  readonly k: ReadValue;
  readonly v: ReadValue;
  /** Added to the scores, or a mask. */
  readonly bias?: ReadValue | undefined;
  readonly causal?: boolean;
  readonly window?: number | undefined;
  readonly scale?: number | undefined;
  readonly softcap?: number | undefined;
  readonly sinks?: ReadValue | undefined;
  /** Positions of the keys before the first of the queries. */
  readonly past: number;
}

/** Values mixed by the softmax of queries times keys. */
export function attended(call: Call, { q, k, v, bias, causal = false, window, scale, softcap, sinks, past }: Attended): ReadValue {
  const [n, heads, queries] = q.shape as [number, number, number];
  const keys = k.shape[2] as number;
  const output: Shape = [n, heads, queries, v.shape[3] as number];
  if (elementCount(output) === 0 || keys === 0) return only(filled(call, [q], output));
  // The last query is at the last key; where it is not, the mask is not of that kind, and as many products are made.
  const isAligned = keys - queries === past;
  const attributes = {
    causal: causal && isAligned,
    ...(window !== undefined && window > 0 && isAligned && { window }),
    ...(scale !== undefined && scale !== 0 && { scale }),
    ...(softcap !== undefined && softcap !== 0 && { softcap }),
    sinks: sinks !== undefined,
  };
  const inputs = bias === undefined ? [q, k, v] : [q, k, v, bias];
  return only(call.layer('sdpa', attributes, inputs, { weights: sinks === undefined ? {} : { sinks } }));
}

/** A mask in a shape that broadcasts to the scores; none where it says only lengths. */
export function maskIn(call: Call, mask: ReadValue | undefined, [n, , queries, keys]: Shape): ReadValue | undefined {
  if (mask === undefined) return undefined;
  const { shape } = mask;
  const [first = 0, last = 0] = shape;
  const isFlat = shape.length === 2 && first === n;
  const wanted: Shape = isFlat ? [first, 1, 1, last] : shape.length === 3 ? [first, 1, ...shape.slice(1)] : shape;
  const fits =
    wanted.length === 4 && wanted.at(-1) === keys && (wanted.at(-2) === 1 || wanted.at(-2) === queries) && elementCount(wanted) > 0;
  return fits && elementCount(wanted) === elementCount(shape) ? only(reshapedTo(call, mask, wanted)) : undefined;
}

export const lengthOf = (value: ReadValue | undefined): number => value?.shape[2] ?? 0;

/** The standard operator, from opset 23 on. */
const attention: ReadRule = (call) => {
  const { node } = call;
  const q = withHeads(call, input(call, 0), int(node, 'q_num_heads'));
  const [key, value] = [
    withHeads(call, input(call, 1), int(node, 'kv_num_heads')),
    withHeads(call, input(call, 2), int(node, 'kv_num_heads')),
  ];
  const [mask, pastKey, pastValue] = [call.inputs[3], call.inputs[4], call.inputs[5]];
  const [k, v] = [behind(call, pastKey, key), behind(call, pastValue, value)];
  const scores = [...q.shape.slice(0, 3), k.shape[2] as number];
  const fits = mask !== undefined && mask.shape.at(-1) === scores[3] && elementCount(mask.shape) > 0;
  const y = attended(call, {
    q,
    k,
    v,
    bias: fits ? mask : undefined,
    causal: int(node, 'is_causal') === 1,
    scale: real(node, 'scale'),
    softcap: real(node, 'softcap'),
    past: lengthOf(pastKey),
  });
  const products = (node.outputs[3] ?? '') === '' ? [] : movedByData(call, [q, k], [scores]);
  return [input(call, 0).shape.length === 3 ? merged(call, y) : y, k, v, ...products];
};

/** Queries, keys and values from one projection: a matrix `[in, q + k + v]`, and a bias. */
export function projected(call: Call, x: ReadValue, matrix: ReadValue, bias: ReadValue | undefined): ReadValue {
  const [features, out] = matrix.shape as [number, number];
  if (matrix.shape.length !== 2 || features !== x.shape.at(-1))
    throw broken(call.node, `its weights of ${matrix.shape.join('×')} do not fit an input of ${x.shape.join('×')}`);
  if (!matrix.isConstant) {
    const product = only(call.layer('matmul', {}, [x, matrix]));
    return bias === undefined ? product : only(joinedBy(call, 'add', [product, bias], product.shape, x.type));
  }
  const weights = { matrix: reordered(matrix, [1, 0]), ...(bias !== undefined && { bias }) };
  return only(call.layer('linear', { out, bias: bias !== undefined }, [x], { weights }));
}

/** Features split into parts of these sizes. */
export const parted = (call: Call, x: ReadValue, sizes: readonly number[]): ReadValue[] =>
  call.layer('split', { sizes: [...sizes], axis: x.shape.length - 1 }, [x]);

/** Keys and values of earlier steps, which are one tensor here: `[2, n, heads, positions, features]`. */
function pastOf(call: Call, past: ReadValue | undefined): readonly [ReadValue | undefined, ReadValue | undefined] {
  if (past === undefined || past.shape.length !== 5 || elementCount(past.shape) === 0) return [undefined, undefined];
  const shape = past.shape.slice(1);
  const half = (start: number): ReadValue =>
    only(reshapedTo(call, only(call.layer('slice', { axis: 0, start, end: start + 1 }, [past])), shape));
  return [half(0), half(1)];
}

/** Both again as one tensor. */
function presentOf(call: Call, k: ReadValue, v: ReadValue): ReadValue {
  const parts = [k, v].map((one) => only(reshapedTo(call, one, [1, ...one.shape])));
  return elementCount(k.shape) === 0 ? only(filled(call, [k], [2, ...k.shape])) : only(call.layer('concat', { axis: 0 }, parts));
}

interface Packed {
  readonly matrix: ReadValue;
  readonly bias: ReadValue | undefined;
  readonly mask: ReadValue | undefined;
  readonly past: ReadValue | undefined;
  readonly added: ReadValue | undefined;
}

/** With the projection of its input. */
function selfAttention(call: Call, { matrix, bias, mask, past, added }: Packed): ReadValue[] {
  const { node } = call;
  const x = input(call, 0);
  const heads = int(node, 'num_heads') ?? 1;
  const out = matrix.shape[1] as number;
  const sizes = ints(node, 'qkv_hidden_sizes') ?? [out / 3, out / 3, out / 3];
  if (sizes.length !== 3 || sizes.some((size) => !Number.isInteger(size / heads)))
    throw broken(node, `${out} features are no queries, keys and values of ${heads} heads`);
  const [query, key, value] = parted(call, projected(call, x, matrix, bias), sizes).map((one) => withHeads(call, one, heads)) as [
    ReadValue,
    ReadValue,
    ReadValue,
  ];
  const rotated = (one: ReadValue): ReadValue => (int(node, 'do_rotary') === 1 ? only(call.layer('rope', {}, [one])) : one);
  const [pastKey, pastValue] = pastOf(call, past);
  const [q, k, v] = [rotated(query), behind(call, pastKey, rotated(key)), behind(call, pastValue, value)];
  const scores = [...q.shape.slice(0, 3), k.shape[2] as number];
  const y = attended(call, {
    q,
    k,
    v,
    bias: added ?? maskIn(call, mask, scores),
    causal: int(node, 'unidirectional') === 1,
    scale: real(node, 'scale'),
    past: lengthOf(pastKey),
  });
  const present = (node.outputs[1] ?? '') === '' ? [] : [presentOf(call, k, v)];
  return [merged(call, y), ...present];
}

/** So many parts along the last axis but one: of packed `[n, positions, heads, parts, features]`. */
function unpacked(call: Call, x: ReadValue, wanted: 2 | 3): ReadValue[] {
  const [n, positions, heads, parts, features] = x.shape as [number, number, number, number, number];
  if (parts !== wanted) throw broken(call.node, `${x.shape.join('×')} is not packed of ${wanted} parts`);
  if (elementCount(x.shape) === 0) return Array.from({ length: parts }, () => only(filled(call, [x], [n, heads, positions, features])));
  return Array.from({ length: parts }, (_, part) => {
    const piece = only(call.layer('slice', { axis: 3, start: part, end: part + 1 }, [x]));
    return only(call.layer('permute', { order: [0, 2, 1, 3] }, [only(reshapedTo(call, piece, [n, positions, heads, features]))]));
  });
}

/** Queries, keys and values as they come, maybe packed; the bias of their projections is added here. */
function threeOf(call: Call, heads: number): [ReadValue, ReadValue, ReadValue] {
  const [query, key, value, bias] = [input(call, 0), call.inputs[1], call.inputs[2], call.inputs[3]];
  if (query.shape.length === 5) return unpacked(call, query, 3) as [ReadValue, ReadValue, ReadValue];
  if (key === undefined) throw broken(call.node, 'it has no keys');
  const widths = [query, key, value ?? key].map((one) => one.shape.at(-1) as number);
  let start = 0;
  const biased = (one: ReadValue, index: number): ReadValue => {
    const size = widths[index] as number;
    const from = start;
    start += size;
    if (bias === undefined || one.shape.length !== 3) return one;
    const part = only(call.layer('slice', { axis: 0, start: from, end: from + size }, [bias]));
    return only(joinedBy(call, 'add', [one, part], one.shape, one.type));
  };
  const q = withHeads(call, biased(query, 0), heads);
  if (key.shape.length === 5) return [q, ...(unpacked(call, key, 2) as [ReadValue, ReadValue])];
  if (value === undefined) throw broken(call.node, 'it has no values');
  return [q, withHeads(call, biased(key, 1), heads), withHeads(call, biased(value, 2), heads)];
}

/** Of queries, keys and values that are projected already. */
const multiHead: ReadRule = (call) => {
  const { node } = call;
  const [q, key, value] = threeOf(call, int(node, 'num_heads') ?? 1);
  const [pastKey, pastValue] = [call.inputs[6], call.inputs[7]];
  const [k, v] = [behind(call, pastKey, key), behind(call, pastValue, value)];
  const scores = [...q.shape.slice(0, 3), k.shape[2] as number];
  const y = attended(call, {
    q,
    k,
    v,
    bias: maskIn(call, call.inputs[5], scores) ?? maskIn(call, call.inputs[4], scores),
    causal: int(node, 'unidirectional') === 1,
    scale: real(node, 'scale'),
    past: lengthOf(pastKey),
  });
  const products = (node.outputs[3] ?? '') === '' ? [] : movedByData(call, [q, k], [scores]);
  return [merged(call, y), k, v, ...products];
};

/** Rows of a table of cosines have half as many features as are rotated. */
export const rotatedFeatures = (table: ReadValue | undefined, features: number): number =>
  Math.min(2 * (table?.shape.at(-1) ?? features / 2), features);

/** Queries, keys and values as they come, or packed, with fewer heads of keys than of queries. */
export function groupedHeads(call: Call, heads: number, keyHeads: number): [ReadValue, ReadValue, ReadValue] {
  const first = input(call, 0);
  const width = (first.shape.at(-1) as number) / (heads + 2 * keyHeads);
  const three =
    call.inputs[1] === undefined
      ? parted(call, first, [heads * width, keyHeads * width, keyHeads * width])
      : [first, call.inputs[1], call.inputs[2]];
  return three.map((one, index) => withHeads(call, one ?? input(call, index), index === 0 ? heads : keyHeads)) as [
    ReadValue,
    ReadValue,
    ReadValue,
  ];
}

/** Each head of keys serves several of queries; the keys of earlier steps are in a buffer that may be longer than what is used. */
const groupQuery: ReadRule = (call) => {
  const { node } = call;
  const [heads, keyHeads] = [int(node, 'num_heads') ?? 1, int(node, 'kv_num_heads') ?? 1];
  const [query, key, value] = groupedHeads(call, heads, keyHeads);
  const [pastKey, pastValue] = [call.inputs[3], call.inputs[4]];
  const interleaved = int(node, 'rotary_interleaved') === 1;
  const rotated = (one: ReadValue): ReadValue => {
    if (int(node, 'do_rotary') !== 1 || elementCount(one.shape) === 0) return one;
    return only(call.layer('rope', { dim: rotatedFeatures(call.inputs[7], one.shape[3] as number), interleaved }, [one]));
  };
  const [q, k, v] = [rotated(query), behind(call, pastKey, rotated(key)), behind(call, pastValue, value)];
  // Where the total is known, the buffer of the past need not be full.
  const total = call.inputs[6] && numberIn(call.inputs[6]);
  const used = total === undefined || total <= 0 ? (k.shape[2] as number) : Math.min(total, k.shape[2] as number);
  const cutTo = (one: ReadValue): ReadValue =>
    one.shape[2] === used || used === 0 ? one : only(call.layer('slice', { axis: 2, start: 0, end: used }, [one]));
  const [usedKey, usedValue] = [cutTo(k), cutTo(v)];
  const present =
    total !== undefined && total > 0 && lengthOf(pastKey) >= total ? [pastKey as ReadValue, pastValue as ReadValue] : [usedKey, usedValue];
  const scores = [...q.shape.slice(0, 3), used];
  const reach = int(node, 'local_window_size') ?? -1;
  const y = attended(call, {
    q,
    k: usedKey,
    v: usedValue,
    bias: maskIn(call, call.inputs[10], scores),
    causal: true,
    window: reach > 0 ? reach : undefined,
    scale: real(node, 'scale'),
    softcap: real(node, 'softcap'),
    sinks: call.inputs[11],
    past: used - (q.shape[2] as number),
  });
  return [merged(call, y), ...present];
};

/** Where each sequence of packed tokens begins, and where the last ends; `undefined` where only a run knows. */
function boundsOf(call: Call, index: number, tokens: number): number[] | undefined {
  const bounds = numbersIn(call.inputs[index]);
  if (bounds === undefined) return undefined;
  const isOrdered = bounds[0] === 0 && bounds.at(-1) === tokens && bounds.every((bound, i) => bound >= (bounds[i - 1] ?? 0));
  if (!isOrdered) throw broken(call.node, `its sequences of ${tokens} tokens cannot begin at ${bounds.join(', ')}`);
  return bounds;
}

/** What queries, keys and values are of `[n, positions, features]`. */
type Three = readonly [ReadValue, ReadValue, ReadValue];

/** Tokens of sequences that have different lengths, one after the other: each attends to those of its sequence. */
function packedAttention(
  call: Call,
  three: Three,
  { offsets, lengths, bias }: { offsets: number; lengths: number; bias: number },
): ReadValue {
  const { node } = call;
  const heads = int(node, 'num_heads') ?? 1;
  const attend = (parts: readonly ReadValue[], added?: ReadValue): ReadValue => {
    const [q, k, v] = parts.map((one) => withHeads(call, one, heads)) as [ReadValue, ReadValue, ReadValue];
    return merged(call, attended(call, { q, k, v, bias: added, scale: real(node, 'scale'), past: 0 }));
  };
  const tokens = three[0].shape[0] as number;
  const features = three[2].shape[1] as number;
  const [n, longest] = input(call, offsets).shape as [number, number];
  if (n === undefined || longest === undefined || tokens > n * longest)
    throw broken(node, `${tokens} tokens are more than there are places in ${input(call, offsets).shape.join('×')}`);
  const added = call.inputs[bias];
  const isFull = tokens === n * longest;
  const bounds = isFull ? undefined : boundsOf(call, lengths, tokens);
  if (bounds !== undefined && added === undefined) {
    const sequences = bounds.slice(1).flatMap((end, index) => {
      const start = bounds[index] as number;
      if (end === start) return [];
      const parts = three.map((one) => {
        const part = end - start === tokens ? one : only(call.layer('slice', { axis: 0, start, end }, [one]));
        return only(reshapedTo(call, part, [1, end - start, one.shape[1] as number]));
      });
      return [only(reshapedTo(call, attend(parts), [end - start, features]))];
    });
    if (sequences.length === 0) return only(filled(call, [three[0]], [0, features]));
    return sequences.length === 1 ? (sequences[0] as ReadValue) : only(call.layer('concat', { axis: 0 }, sequences));
  }
  if (!isFull) call.countsMost();
  const padded = three.map((one) => {
    const shape = [n, longest, one.shape[1] as number];
    return isFull ? only(reshapedTo(call, one, shape)) : only(movedByData(call, [one, input(call, offsets)], [shape]));
  });
  const y = attend(padded, added);
  return isFull ? only(reshapedTo(call, y, [tokens, features])) : only(movedByData(call, [y, input(call, offsets)], [[tokens, features]]));
}

const packed: ReadRule = (call) => {
  const [x, matrix] = [input(call, 0), input(call, 1)];
  const out = matrix.shape[1] as number;
  const sizes = ints(call.node, 'qkv_hidden_sizes') ?? [out / 3, out / 3, out / 3];
  if (x.shape.length !== 2 || sizes.length !== 3 || sizes.some((size) => !Number.isInteger(size)))
    throw broken(call.node, `${x.shape.join('×')} is not packed, or ${out} features are no queries, keys and values`);
  const three = parted(call, projected(call, x, matrix, call.inputs[2]), sizes) as unknown as Three;
  return [packedAttention(call, three, { offsets: 3, lengths: 4, bias: 5 })];
};

/** Of queries, keys and values that are projected already, or of `[tokens, heads, 3, features]`. */
const packedMultiHead: ReadRule = (call) => {
  const { node } = call;
  const x = input(call, 0);
  const bias = call.inputs[3];
  const places = { offsets: 4, lengths: 5, bias: 6 };
  if (x.shape.length === 4) {
    const [tokens, heads, parts, features] = x.shape as [number, number, number, number];
    if (parts !== 3) throw broken(node, `${x.shape.join('×')} is not packed of 3 parts`);
    const three = [0, 1, 2].map((part) => {
      const piece = only(call.layer('slice', { axis: 2, start: part, end: part + 1 }, [x]));
      return only(reshapedTo(call, piece, [tokens, heads * features]));
    });
    return [packedAttention(call, three as unknown as Three, places)];
  }
  const three = [x, input(call, 1), input(call, 2)];
  if (three.some(({ shape }) => shape.length !== 2)) throw broken(node, `${x.shape.join('×')} is not packed`);
  let start = 0;
  const biased = three.map((one) => {
    const [from, to] = [start, start + (one.shape[1] as number)];
    start = to;
    if (bias === undefined) return one;
    const part = only(call.layer('slice', { axis: 0, start: from, end: to }, [bias]));
    return only(joinedBy(call, 'add', [one, part], one.shape, one.type));
  });
  return [packedAttention(call, biased as unknown as Three, places)];
};

/** Tokens without padding, of `[n, positions, features]`; how many are padding only a run knows. */
const withoutPadding: ReadRule = (call) => {
  const [x, lengths] = [input(call, 0), input(call, 1)];
  const [n, longest, features] = x.shape as [number, number, number];
  if (x.shape.length !== 3) throw broken(call.node, `${x.shape.join('×')} is no batch of sequences`);
  const counts = numbersIn(lengths);
  const tokens = counts?.reduce((sum, count) => sum + count, 0);
  const shapes: Shape[] = tokens === undefined ? call.atMost([[n * longest, features]]) : [[tokens, features]];
  const bounds = counts?.map((_, index) => counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0));
  const [y] = movedByData(call, [x, lengths], shapes);
  const offsets = movedByData(call, [lengths], [[n, longest]], ['int32']);
  const cumulated =
    bounds === undefined ? only(movedByData(call, [lengths], [[n + 1]], ['int32'])) : known('int32', [n + 1], [0, ...bounds]);
  const most = counts === undefined ? only(movedByData(call, [lengths], [[1]], ['int32'])) : known('int32', [1], [Math.max(...counts)]);
  return [y as ReadValue, only(offsets), cumulated, most];
};

/** The same tokens among padding. */
const withPadding: ReadRule = (call) => {
  const [x, offsets] = [input(call, 0), input(call, 1)];
  return movedByData(call, [x, offsets], [[...offsets.shape, x.shape.at(-1) as number]]);
};

/** Whether all blocks on and below the diagonal are there, so that sparse attention leaves nothing out. */
function hasAllBlocks(rows: ReadValue | undefined, used: number, size: number): boolean {
  const numbers = numbersIn(rows);
  const width = rows?.shape.at(-1) ?? 0;
  const blocks = Math.ceil(used / size);
  return numbers?.every((end, i) => i % width === 0 || i % width > blocks || end - (numbers[i - 1] as number) === i % width) === true;
}

/** Attention of blocks: as many keys as are used of a cache that has room for more, and at the most all blocks before them. */
const sparse: ReadRule = (call) => {
  const { node } = call;
  const [heads, keyHeads] = [int(node, 'num_heads') ?? 1, int(node, 'kv_num_heads') ?? 1];
  const [query, key, value] = groupedHeads(call, heads, keyHeads);
  const [pastKey, pastValue] = [input(call, 3), input(call, 4)];
  const interleaved = int(node, 'rotary_interleaved') === 1;
  const rotated = (one: ReadValue): ReadValue => {
    if (int(node, 'do_rotary') !== 1 || elementCount(one.shape) === 0) return one;
    return only(call.layer('rope', { dim: rotatedFeatures(call.inputs[9], one.shape[3] as number), interleaved }, [one]));
  };
  const [q, newKey] = [rotated(query), rotated(key)];
  const [room, given] = [lengthOf(pastKey), q.shape[2] as number];
  const total = call.inputs[7] && numberIn(call.inputs[7]);
  const used = total !== undefined && total >= given && total <= room ? total : room;
  if (!hasAllBlocks(call.inputs[5], used, int(node, 'sparse_block_size') ?? 1) || used !== total) call.countsMost();
  // New keys are written into the cache, behind those of earlier steps.
  const written = (cache: ReadValue, fresh: ReadValue): ReadValue => only(movedByData(call, [cache, fresh], [cache.shape]));
  const [presentKey, presentValue] = [written(pastKey, newKey), written(pastValue, value)];
  const cutTo = (one: ReadValue): ReadValue => (used === room ? one : only(call.layer('slice', { axis: 2, start: 0, end: used }, [one])));
  const y = attended(call, {
    q,
    k: cutTo(presentKey),
    v: cutTo(presentValue),
    causal: true,
    scale: real(node, 'scale'),
    past: used - given,
  });
  return [merged(call, y), presentKey, presentValue];
};

/** Features of a head: those of the input, where it has heads already or nothing says how many there are. */
function widthOf({ node }: Call, x: Shape, table: ReadValue | undefined): number {
  const features = x.at(-1) as number;
  if (x.length === 4) return features;
  const heads = int(node, 'num_heads') ?? 0;
  const rotated = (int(node, 'rotary_embedding_dim') ?? 0) || 2 * (table?.shape.at(-1) ?? 0) || features;
  const width = heads > 0 ? features / heads : rotated;
  if (features % width !== 0) throw broken(node, `${features} features cannot be split into heads of ${width}`);
  return width;
}

/** Pairs of features turned by angles that tables have: rows for each position. */
const rotary =
  (cosines: number): ReadRule =>
  (call) => {
    const { node } = call;
    const x = input(call, 0);
    if (elementCount(x.shape) === 0) return passedOn(call, x);
    const table = call.inputs[cosines];
    const width = widthOf(call, x.shape, table);
    const stated = int(node, 'rotary_embedding_dim') ?? 0;
    const dim = stated > 0 ? Math.min(stated, width) : rotatedFeatures(table, width);
    const split = withHeads(call, x, (x.shape.at(-1) as number) / width);
    const y = only(call.layer('rope', { dim, interleaved: int(node, 'interleaved') === 1 }, [split]));
    return [x.shape.length === 4 ? y : merged(call, y)];
  };

/** Attention and the positions that it knows, of the standard. */
export const attending: ReadRules = {
  Attention: attention,
  RotaryEmbedding: rotary(1),
};

const attentionOfMicrosoft: ReadRule = (call) =>
  selfAttention(call, {
    matrix: input(call, 1),
    bias: call.inputs[2],
    mask: call.inputs[3],
    past: call.inputs[4],
    added: call.inputs[5],
  });

/** The same of `com.microsoft`. */
export const attendingOfMicrosoft: ReadRules = {
  Attention: attentionOfMicrosoft,
  QAttention: (call) =>
    selfAttention(call, { matrix: input(call, 1), bias: call.inputs[2], mask: call.inputs[5], past: call.inputs[8], added: undefined }),
  DecoderMaskedSelfAttention: attentionOfMicrosoft,
  MultiHeadAttention: multiHead,
  GroupQueryAttention: groupQuery,
  SparseAttention: sparse,
  PackedAttention: packed,
  PackedMultiHeadAttention: packedMultiHead,
  RemovePadding: withoutPadding,
  RestorePadding: withPadding,
  RotaryEmbedding: rotary(2),
  MRotaryEmbedding: rotary(2),
};
