import { elementCount } from '../../../core/shape.ts';
import type { Experts } from '../../../graph/graph.ts';
import { broadcastAll, broken, type Call, decimal, input, int, type ReadRule, type ReadRules, textAttribute } from '../../read/call.ts';
import { delegate } from '../../read/delegate.ts';
import { filled, moveLayer, reshapedTo } from '../../read/layers.ts';
import { known, type ReadValue, reordered } from '../../read/value.ts';
import { elementwise, joinedBy } from '../elementwise/read.ts';
import { unpacked } from '../packed-weights.ts';
import { reductions } from '../reductions/read.ts';

/**
 * Mixtures of experts of `com.microsoft`: each position goes through the best k of them, as the logits of a router say. Layers as the
 * experts of specs have them: rows are dealt to experts, each expert has two or three linear layers, and what they give is added up.
 */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

/** Where the inputs of a node are. */
interface Places {
  readonly matrices: readonly [number, number, number];
  readonly biases: readonly [number, number, number];
  /** Shares for what the experts give, where they are not those of the router. */
  readonly shares?: number;
}

type Unpack = (call: Call, matrix: ReadValue) => ReadValue;

/** Matrices `[experts, out, in]`, the order since onnxruntime 1.23; before, they were `[experts, in, out]`. */
interface Matrices {
  readonly first: ReadValue;
  readonly second: ReadValue;
  readonly third: ReadValue | undefined;
  readonly experts: number;
  /** Features within an expert. */
  readonly inner: number;
}

/** The last two axes turned round. */
const turned = (call: Call, matrix: ReadValue): ReadValue =>
  matrix.isConstant ? reordered(matrix, [0, 2, 1]) : only(call.layer('permute', { order: [0, 2, 1] }, [matrix]));

function matricesOf(call: Call, { matrices }: Places, features: number, unpack: Unpack): Matrices {
  const [first, second] = [unpack(call, input(call, matrices[0])), unpack(call, input(call, matrices[1]))];
  const given = call.inputs[matrices[2]];
  const third = given && unpack(call, given);
  const misfit = () =>
    broken(call.node, `its experts of ${first.shape.join('×')} and ${second.shape.join('×')} do not fit an input of ${features} features`);
  if (first.shape.length !== 3 || second.shape.length !== 3 || first.shape[0] !== second.shape[0]) throw misfit();
  const isNew = first.shape[2] === features && second.shape[1] === features;
  const isOld = first.shape[1] === features && second.shape[2] === features;
  if (!isNew && !isOld) throw misfit();
  const all = isNew
    ? { first, second, third }
    : { first: turned(call, first), second: turned(call, second), third: third && turned(call, third) };
  return { ...all, experts: first.shape[0] as number, inner: all.second.shape[2] as number };
}

const ACTIVATIONS: Readonly<Record<string, (call: Call, x: ReadValue) => ReadValue>> = {
  identity: (_, x) => x,
  relu: (call, x) => only(call.layer('relu', {}, [x])),
  gelu: (call, x) => only(call.layer('gelu', {}, [x])),
  silu: (call, x) => only(call.layer('silu', {}, [x])),
};

const times = (call: Call, a: ReadValue, b: ReadValue): ReadValue => only(joinedBy(call, 'multiply', [a, b], a.shape, a.type));

const withNumber = (call: Call, operation: 'add' | 'multiply', x: ReadValue, number: number): ReadValue =>
  only(call.layer('arithmetic', { operation, number }, [x]));

/** Gates times their sigmoid, times values: bounded, scaled and shifted where attributes say so. */
function gated(call: Call, gates: ReadValue, values: ReadValue): ReadValue {
  const { node } = call;
  const [alpha, beta, limit] = [
    decimal(node, 'activation_alpha') ?? 1,
    decimal(node, 'activation_beta') ?? 0,
    decimal(node, 'swiglu_limit'),
  ];
  const number = (value: number): ReadValue => known(gates.type, [], [value]);
  const [g, v] =
    limit === undefined
      ? [gates, values]
      : [
          only(delegate(elementwise, call, 'Clip', [gates, undefined, number(limit)])),
          only(delegate(elementwise, call, 'Clip', [values, number(-limit), number(limit)])),
        ];
  const scaled = alpha === 1 ? g : withNumber(call, 'multiply', g, alpha);
  const activated =
    alpha === 1 ? only(call.layer('silu', {}, [g])) : times(call, g, only(delegate(elementwise, call, 'Sigmoid', [scaled])));
  return times(call, activated, beta === 0 ? v : withNumber(call, 'add', v, beta));
}

/** What is between the linear layers of an expert; of a first one that is twice as wide, half are gates. */
function between(call: Call, first: ReadValue, third: ReadValue | undefined, inner: number): ReadValue {
  const { node } = call;
  const name = textAttribute(node, 'activation_type') ?? 'relu';
  const width = first.shape[1] as number;
  if (third === undefined && name === 'swiglu' && width === 2 * inner) {
    const [gates, values] = call.layer('split', { sizes: [inner, inner], axis: 1 }, [first]) as [ReadValue, ReadValue];
    return gated(call, gates, values);
  }
  if (width !== inner || (third !== undefined && third.shape[1] !== inner))
    throw broken(node, `its experts give ${width} features, and take ${inner}`);
  if (third !== undefined && name === 'swiglu') return gated(call, first, third);
  const activation = ACTIVATIONS[name];
  if (activation === undefined) throw broken(node, `its activation "${name}" is not known`);
  const activated = activation(call, first);
  return third === undefined ? activated : times(call, activated, third);
}

/** The best experts of each position, and their shares. */
function chosen(call: Call, { shares }: Places, { count, best }: Experts): { readonly gates: ReadValue; readonly places: ReadValue } {
  const router = input(call, 1);
  const all = only(call.layer('softmax', {}, [router]));
  const [values, places] = call.layer('topk', { k: best }, [all], { types: [all.type, 'int64'] }) as [ReadValue, ReadValue];
  const own = shares === undefined ? undefined : call.inputs[shares];
  if (own !== undefined && (own.shape.length !== 2 || own.shape[1] !== count))
    throw broken(call.node, `its shares of ${own.shape.join('×')} are not of ${count} experts`);
  const gates = own === undefined ? values : only(moveLayer(call, { by: 'gatherelements', axis: 1 }, [own, places]));
  if (int(call.node, 'normalize_routing_weights') !== 1) return { gates, places };
  const sum = only(delegate(reductions, { ...call, opset: 17 }, 'ReduceSum', [gates, known('int64', [1], [-1])]));
  return { gates: only(joinedBy(call, 'divide', [gates, sum], broadcastAll(call.node, [gates.shape, sum.shape]), gates.type)), places };
}

const mixture =
  (where: Places, unpack: Unpack): ReadRule =>
  (call) => {
    const { node } = call;
    const [x, router] = [input(call, 0), input(call, 1)];
    const features = x.shape.at(-1) ?? 0;
    const { first, second, third, experts, inner } = matricesOf(call, where, features, unpack);
    const best = int(node, 'k') ?? 1;
    const rows = elementCount(x.shape.slice(0, -1));
    if (router.shape.length !== 2 || router.shape[0] !== rows || router.shape[1] !== experts)
      throw broken(node, `its router of ${router.shape.join('×')} does not say which of ${experts} experts ${rows} positions take`);
    if (!(best >= 1 && best <= experts)) throw broken(node, `positions cannot go through ${best} of ${experts} experts`);
    if (rows === 0) return filled(call, [x], x.shape);
    const { gates, places } = chosen(call, where, { count: experts, best });
    const dealt = only(call.layer('dispatch', { experts }, [only(reshapedTo(call, x, [rows, features])), places]));
    const linear = (rowsOf: ReadValue, matrix: ReadValue, index: 0 | 1 | 2): ReadValue => {
      const bias = call.inputs[where.biases[index]];
      const weights = bias === undefined ? { matrix } : { matrix, bias };
      const attributes = { out: matrix.shape[1] as number, bias: bias !== undefined };
      return only(call.layer('linear', attributes, [rowsOf], { weights, experts: { count: experts, best } }));
    };
    const hidden = between(call, linear(dealt, first, 0), third && linear(dealt, third, 2), inner);
    const y = only(call.layer('combine', { experts }, [linear(hidden, second, 1), gates]));
    return reshapedTo(call, y, x.shape);
  };

/** So many numbers are in each byte of the last axis. */
const unpackedRows: Unpack = (call, matrix) => {
  const bits = int(call.node, 'expert_weight_bits') ?? 4;
  if (8 % bits !== 0) throw broken(call.node, `its weights have ${bits} bits`);
  return unpacked(call, matrix, matrix.shape.with(-1, (matrix.shape.at(-1) as number) * (8 / bits)), bits);
};

export const experts: ReadRules = {
  MoE: mixture({ matrices: [2, 4, 6], biases: [3, 5, 7] }, (_, matrix) => matrix),
  QMoE: mixture({ matrices: [2, 5, 8], biases: [4, 7, 10], shares: 14 }, unpackedRows),
};
