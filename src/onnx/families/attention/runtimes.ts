import { elementCount, type Shape } from '../../../core/shape.ts';
import { broken, type Call, input, int, type ReadRule, type ReadRules, real, textAttribute } from '../../read/call.ts';
import { filled, movedByData, reshapedTo } from '../../read/layers.ts';
import { known, numberIn, numbersIn, type ReadValue } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';
import { attended, behind, groupedHeads, lengthOf, maskIn, merged, parted, projected, rotatedFeatures, withHeads } from './read.ts';

/** Attention of `com.microsoft` whose keys are in buffers, pages or a state, or of which flags say what is computed. */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

/** A part of a vector of biases, added. */
function biased(call: Call, x: ReadValue, bias: ReadValue | undefined, start: number): ReadValue {
  if (bias === undefined) return x;
  const part = only(call.layer('slice', { axis: 0, start, end: start + (x.shape.at(-1) as number) }, [bias]));
  return only(joinedBy(call, 'add', [x, part], x.shape, x.type));
}

/**
 * Each token attends to its neighbours, and those that data name to all. At the most all do: all keys for each token, and the
 * projections of both kinds.
 */
const longformer: ReadRule = (call) => {
  const x = input(call, 0);
  const heads = int(call.node, 'num_heads') ?? 1;
  const features = x.shape.at(-1) as number;
  const local = parted(call, projected(call, x, input(call, 1), input(call, 2)), [features, features, features]);
  const global = parted(call, projected(call, x, input(call, 4), input(call, 5)), [features, features, features]);
  const [q, k, v] = [0, 1, 2].map((part) =>
    withHeads(call, only(movedByData(call, [local[part] as ReadValue, global[part] as ReadValue, input(call, 6)], [x.shape])), heads),
  ) as [ReadValue, ReadValue, ReadValue];
  call.countsMost();
  const length = x.shape[1] as number;
  const bias = maskIn(call, input(call, 3), [x.shape[0] as number, heads, length, length]);
  return [merged(call, attended(call, { q, k, v, bias, past: 0 }))];
};

/** Positions before the batch. */
const batchFirst = (call: Call, x: ReadValue): ReadValue => only(call.layer('permute', { order: [1, 0, 2] }, [x]));

/** Of itself or of another sequence, with a cache or without, as flags say; of flags that only a run knows, no cache is taken. */
const decoderAttention: ReadRule = (call) => {
  const { node } = call;
  const [query, key, bias] = [input(call, 0), input(call, 1), input(call, 4)];
  const heads = int(node, 'num_heads') ?? 1;
  const features = query.shape.at(-1) as number;
  const [isStatic, usesPast] = [8, 9].map((index) => numberIn(input(call, index)));
  if (isStatic === undefined || usesPast === undefined) call.countsMost();
  const q = withHeads(call, biased(call, projected(call, batchFirst(call, query), input(call, 2), undefined), bias, 0), heads);
  const [pastKey, pastValue] = usesPast === 1 ? [input(call, 6), input(call, 7)] : [undefined, undefined];
  const fresh = (): [ReadValue, ReadValue] => {
    const both = projected(call, batchFirst(call, isStatic === 0 ? query : key), input(call, 3), undefined);
    const [k, v] = parted(call, both, [features, features]) as [ReadValue, ReadValue];
    return [withHeads(call, biased(call, k, bias, features), heads), withHeads(call, biased(call, v, bias, 2 * features), heads)];
  };
  const isCached = isStatic === 1 && pastKey !== undefined && pastValue !== undefined;
  const [own, ownValue] = isCached ? [pastKey, pastValue] : fresh();
  const [k, v] = isCached ? [own, ownValue] : [behind(call, pastKey, own), behind(call, pastValue, ownValue)];
  const scores = [...q.shape.slice(0, 3), k.shape[2] as number];
  const mask = call.inputs[5] === undefined || numberIn(call.inputs[11] ?? call.inputs[5]) === 0 ? undefined : call.inputs[5];
  const y = merged(call, attended(call, { q, k, v, bias: maskIn(call, mask, scores), past: lengthOf(pastKey) }));
  return [batchFirst(call, y), k, v];
};

/** One query for each sequence, its keys among those of a buffer of which a part may be used. */
const maskedMultiHead: ReadRule = (call) => {
  const { node } = call;
  const [query, key, value, bias] = [input(call, 0), call.inputs[1], call.inputs[2], call.inputs[10]];
  const heads = int(node, 'num_heads') ?? 1;
  const width = (query.shape.at(-1) as number) / 3;
  const [first, second = key, third = value] = key === undefined ? parted(call, query, [width, width, width]) : [query];
  if (first === undefined || second === undefined || third === undefined) throw broken(node, 'it has no keys, or no values');
  const q = withHeads(call, biased(call, first, bias, 0), heads);
  const features = first.shape.at(-1) as number;
  const [ownKey, ownValue] =
    second.shape.length === 4
      ? [second, third]
      : [withHeads(call, biased(call, second, bias, features), heads), withHeads(call, biased(call, third, bias, 2 * features), heads)];
  const [pastKey, pastValue] = second.shape.length === 4 ? [undefined, undefined] : [call.inputs[5], call.inputs[6]];
  const isShared = int(node, 'past_present_share_buffer') === 1 && pastKey !== undefined && pastValue !== undefined;
  const length = call.inputs[7] && numberIn(call.inputs[7]);
  const used = isShared && length !== undefined ? Math.min(length + 1, lengthOf(pastKey)) : lengthOf(pastKey);
  if (isShared && length === undefined) call.countsMost();
  const within = (cache: ReadValue, fresh: ReadValue): ReadValue => only(movedByData(call, [cache, fresh], [cache.shape.with(2, used)]));
  const [k, v] = isShared
    ? [within(pastKey, ownKey), within(pastValue, ownValue)]
    : [behind(call, pastKey, ownKey), behind(call, pastValue, ownValue)];
  const scores = [...q.shape.slice(0, 3), k.shape[2] as number];
  const added = maskIn(call, call.inputs[4], scores) ?? maskIn(call, call.inputs[3], scores);
  const y = merged(call, attended(call, { q, k, v, bias: added, scale: real(node, 'scale'), past: lengthOf(k) - 1 }));
  return [
    y,
    isShared ? pastKey : k,
    isShared ? pastValue : v,
    ...((node.outputs[3] ?? '') === '' ? [] : movedByData(call, [q, k], [scores])),
  ];
};

/** How long each sequence is, and how much of it is in pages already; `undefined` where only a run knows. */
function lengthsOf(call: Call): { readonly start: number; readonly count: number; readonly past: number }[] | undefined {
  const [ends, pasts] = [numbersIn(input(call, 5)), numbersIn(input(call, 6))];
  if (ends === undefined || pasts === undefined) return undefined;
  return ends
    .slice(1)
    .map((end, index) => ({ start: ends[index] as number, count: end - (ends[index] as number), past: pasts[index] ?? 0 }));
}

/** Keys and values are in blocks of a cache; at the most each token attends to all that a row of the table of blocks can name. */
const paged: ReadRule = (call) => {
  const { node } = call;
  const [heads, keyHeads] = [int(node, 'num_heads') ?? 1, int(node, 'kv_num_heads') ?? 1];
  const [cache, valueCache] = [input(call, 3), call.inputs[4]];
  const query = input(call, 0);
  const tokens = query.shape[0] as number;
  const isLatent = textAttribute(node, 'kv_cache_layout') === 'LATENT';
  const batched = [query, call.inputs[1], isLatent ? call.inputs[1] : call.inputs[2]].map(
    (one) => one && only(reshapedTo(call, one, [1, ...one.shape])),
  );
  const three = groupedHeads({ ...call, inputs: batched }, heads, keyHeads);
  const prepared = (one: ReadValue, norm: ReadValue | undefined): ReadValue => {
    if (elementCount(one.shape) === 0) return one;
    const normed = norm === undefined ? one : only(call.layer('rmsnorm', { affine: norm.isConstant }, [one], { weights: { scale: norm } }));
    if (int(node, 'do_rotary') !== 1) return normed;
    const dim = rotatedFeatures(call.inputs[8], one.shape[3] as number);
    return only(call.layer('rope', { dim, interleaved: int(node, 'rotary_interleaved') === 1 }, [normed]));
  };
  const [q, ownKey, ownValue] = [prepared(three[0], call.inputs[12]), prepared(three[1], call.inputs[13]), three[2]];
  const width = q.shape[3] as number;
  const valueWidth = isLatent ? int(node, 'v_head_size') || width : (ownValue.shape[3] as number);
  const paging = (from: ReadValue, fresh: ReadValue, length: number, features: number): ReadValue =>
    only(movedByData(call, [from, fresh], [[1, keyHeads, length, features]]));
  const attend = (queries: ReadValue, length: number, causal: boolean): ReadValue =>
    merged(
      call,
      attended(call, {
        q: queries,
        k: paging(cache, ownKey, length, width),
        v: paging(valueCache ?? cache, ownValue, length, valueWidth),
        causal,
        window: causal && (int(node, 'local_window_size') ?? -1) > 0 ? int(node, 'local_window_size') : undefined,
        scale: real(node, 'scale'),
        softcap: real(node, 'softcap'),
        sinks: call.inputs[11],
        past: length - (queries.shape[2] as number),
      }),
    );
  const output: Shape = [tokens, heads * valueWidth];
  const caches = [cache, ...(valueCache === undefined ? [] : [valueCache])].map((one) =>
    only(movedByData(call, [one, ownKey], [one.shape])),
  );
  const sequences = lengthsOf(call);
  const isCausal = (int(node, 'is_causal') ?? 1) === 1;
  if (sequences === undefined) {
    call.countsMost();
    const most = (input(call, 7).shape[1] as number) * (cache.shape[1] as number);
    return [only(reshapedTo(call, attend(q, most, false), output)), ...caches];
  }
  const parts = sequences.flatMap(({ start, count, past }) => {
    if (count === 0) return [];
    const own = count === tokens ? q : only(call.layer('slice', { axis: 2, start, end: start + count }, [q]));
    return [only(reshapedTo(call, attend(own, past + count, isCausal), [count, heads * valueWidth]))];
  });
  if (parts.length === 0) return [only(filled(call, [q], output)), ...caches];
  return [parts.length === 1 ? only(parts) : only(call.layer('concat', { axis: 0 }, parts)), ...caches];
};

interface Recurrence {
  readonly query: ReadValue;
  readonly key: ReadValue;
  readonly value: ReadValue;
  readonly past: ReadValue | undefined;
  readonly decay: ReadValue | undefined;
  readonly rate: ReadValue | undefined;
}

/** `[n, positions, heads, width]` from packed features. */
const headed = (call: Call, x: ReadValue, heads: number): ReadValue => {
  const [n, length, features] = x.shape as [number, number, number];
  if (features % heads !== 0) throw broken(call.node, `${features} features cannot be split into ${heads} heads`);
  return only(reshapedTo(call, x, [n, length, heads, features / heads]));
};

/** A state takes up the product of key and value at each position, and decays if there is a gate; a query reads it. */
function gatedSum(call: Call, { query, key, value, past, decay }: Recurrence): ReadValue {
  const [n, length, heads, width] = key.shape as [number, number, number, number];
  const features = value.shape[3] as number;
  const all: Shape = [n, length, heads, width, features];
  const columns = only(reshapedTo(call, key, [n, length, heads, width, 1]));
  const rows = only(reshapedTo(call, value, [n, length, heads, 1, features]));
  const outer = only(joinedBy(call, 'multiply', [columns, rows], all, value.type));
  const taken = past === undefined ? outer : only(movedByData(call, [outer, past], [all]));
  const factor = (gate: ReadValue): ReadValue => {
    const gates = only(reshapedTo(call, gate, [n, length, heads, elementCount(gate.shape) / (n * length * heads), 1]));
    return only(call.layer('pointwise', { function: 'exp' }, [gates]));
  };
  const states =
    decay === undefined ? only(call.layer('cumsum', { axis: 1 }, [taken])) : only(call.layer('scan', {}, [factor(decay), taken]));
  const grouped = only(reshapedTo(call, query, [n, length, heads, (query.shape[2] as number) / heads, width]));
  return only(call.layer('matmul', {}, [grouped, states]));
}

/** The same, but a value is first lessened by what the state has for its key. Where several queries read one state, one for each is counted. */
function deltaRule(call: Call, { query, key, value, decay, rate }: Recurrence): ReadValue {
  const [n, length, heads, features] = value.shape as [number, number, number, number];
  const positionsLast = (x: ReadValue): ReadValue => only(call.layer('permute', { order: [0, 2, 1, 3] }, [x]));
  const perHead = (x: ReadValue | undefined): ReadValue => {
    if (x === undefined) return known('float32', [n, heads, length], new Array<number>(n * heads * length).fill(0));
    if (elementCount(x.shape) !== n * length * heads) return only(movedByData(call, [x], [[n, heads, length]]));
    return only(call.layer('permute', { order: [0, 2, 1] }, [only(reshapedTo(call, x, [n, length, heads]))]));
  };
  const [queries, keys] = [query.shape[2] as number, key.shape[2] as number];
  if (queries !== keys) call.countsMost();
  const wide = (x: ReadValue, count: number): ReadValue =>
    x.shape[2] === count ? x : only(movedByData(call, [x], [x.shape.with(2, count)]));
  const count = Math.max(queries, keys);
  const total = Math.max(count, heads);
  const [q, k, v] = [wide(query, count), wide(key, count), wide(value, total)].map(positionsLast) as [ReadValue, ReadValue, ReadValue];
  const gates = [perHead(decay), perHead(rate)].map((one) =>
    total === heads ? one : only(movedByData(call, [one], [[n, total, length]])),
  );
  const y = positionsLast(only(call.layer('deltarule', {}, [q, k, v, ...gates])));
  return only(reshapedTo(call, y, [n, length, total, features]));
}

/** Attention by a state in place of a cache, position by position. */
const linear: ReadRule = (call) => {
  const { node } = call;
  const [queryHeads, heads] = [int(node, 'q_num_heads') ?? 1, int(node, 'kv_num_heads') ?? 1];
  const width = (input(call, 0).shape.at(-1) as number) / queryHeads;
  const value = headed(call, input(call, 2), heads);
  const [n, length] = value.shape as [number, number];
  const features = value.shape[3] as number;
  const keyHeads = (input(call, 1).shape.at(-1) as number) / width;
  const isDelta = (textAttribute(node, 'update_rule') ?? 'gated_delta').endsWith('delta');
  const isGated = (textAttribute(node, 'update_rule') ?? 'gated_delta').startsWith('gated');
  const out = Math.max(queryHeads, heads);
  const window = int(node, 'state_window') ?? 0;
  const state: Shape = [...(window > 0 ? [window] : []), n, heads, width, features];
  const parts: Recurrence = {
    query: headed(call, input(call, 0), queryHeads),
    key: headed(call, input(call, 1), keyHeads),
    value,
    past: call.inputs[3],
    decay: isGated ? input(call, 4) : undefined,
    rate: isDelta ? input(call, 5) : undefined,
  };
  if (!isDelta && (keyHeads !== heads || queryHeads % heads !== 0))
    throw broken(node, `${queryHeads} heads of queries, ${keyHeads} of keys and ${heads} of values do not fit`);
  if (elementCount([n, length, out, features]) === 0)
    return [only(filled(call, [value], [n, length, out * features])), ...filled(call, [value], state)];
  const y = only(reshapedTo(call, (isDelta ? deltaRule : gatedSum)(call, parts), [n, length, out * features]));
  const scale = real(node, 'scale') || 1 / Math.sqrt(width);
  const scaled = only(call.layer('arithmetic', { operation: 'multiply', number: scale }, [y]));
  return [scaled, only(movedByData(call, [parts.key, value], [state]))];
};

export const attendingByState: ReadRules = {
  LongformerAttention: longformer,
  DecoderAttention: decoderAttention,
  DecoderMaskedMultiHeadAttention: maskedMultiHead,
  PagedAttention: paged,
  LinearAttention: linear,
};
