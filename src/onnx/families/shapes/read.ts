import { elements as countElements, elementCount, formatShape, type Shape } from '../../../core/shape.ts';
import { charge } from '../../../problems/allowance.ts';
import { elementType } from '../../file/element-types.ts';
import type { ElementType, OnnxElement } from '../../file/model.ts';
import {
  axesOf,
  axisIn,
  broken,
  type Call,
  input,
  int,
  ints,
  type ReadRule,
  type ReadRules,
  real,
  reals,
  textAttribute,
  texts,
  unresolved,
} from '../../read/call.ts';
import { filled, movedByData, moveLayer, passedOn, reshapedTo } from '../../read/layers.ts';
import { calculate, cast, isInteger } from '../../read/numbers.ts';
import { axesIn, settled, shapeIn, sizesIn } from '../../read/steering.ts';
import { isWeight, known, MAX_FOLDED, numberIn, type ReadValue, viewed } from '../../read/value.ts';

/** A constant whose elements are too many to be known. */
const large = (type: ElementType | undefined, shape: Shape): ReadValue => ({ type, shape, isConstant: true, elements: () => undefined });

const shapeOf: ReadRule = (call) => {
  const { shape } = input(call, 0);
  const bound = (name: string, usual: number): number => {
    const at = int(call.node, name) ?? usual;
    return Math.min(Math.max(at < 0 ? at + shape.length : at, 0), shape.length);
  };
  const [start, end] = [bound('start', 0), bound('end', shape.length)];
  const sizes = shape.slice(start, Math.max(start, end));
  return [known('int64', [sizes.length], sizes)];
};

const size: ReadRule = (call) => [known('int64', [], [Number(countElements(input(call, 0).shape))])];

/** A list of an attribute, or a scalar. */
const given = (type: ElementType, value: OnnxElement | readonly OnnxElement[] | undefined): ReadValue | undefined => {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? known(type, [value.length], value) : known(type, [], [value]);
};

const constant: ReadRule = (call) => {
  const { node } = call;
  const { value, sparse_value: sparse } = node.attributes;
  if (sparse?.kind === 'tensor') return [call.literal(sparse.value)];
  const found =
    value?.kind === 'tensor'
      ? call.literal(value.value)
      : (given('int64', int(node, 'value_int')) ??
        given('float32', real(node, 'value_float')) ??
        given('string', textAttribute(node, 'value_string')) ??
        given('int64', ints(node, 'value_ints')) ??
        given('string', texts(node, 'value_strings')) ??
        given('float32', reals(node, 'value_floats')));
  if (found === undefined) throw broken(node, 'it has no value that is a tensor, a number or a list');
  return [found];
};

const constantOfShape: ReadRule = (call) => {
  const shape = settled(call, () => shapeIn(call, 0));
  const { value } = call.node.attributes;
  const fill = value?.kind === 'tensor' ? value.value : undefined;
  const type = fill?.type ?? 'float32';
  if (countElements(shape) > BigInt(MAX_FOLDED)) return [{ ...large(type, shape), isFilled: true }];
  charge('elements', elementCount(shape));
  return [{ ...known(type, shape, new Array<OnnxElement>(elementCount(shape)).fill(fill?.elements()?.[0] ?? 0)), isFilled: true }];
};

const range: ReadRule = (call) => {
  const [start, limit, step] = [0, 1, 2].map((index) => numberIn(input(call, index)));
  const { type } = input(call, 0);
  if (start === undefined || limit === undefined || step === undefined) {
    const open = [start, limit, step].indexOf(undefined);
    const declared = call.declared(0);
    if (declared === undefined) throw unresolved(call.node, call.node.inputs[open] ?? '');
    return [large(type, declared)];
  }
  if (step === 0) throw broken(call.node, 'it steps by 0');
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!Number.isSafeInteger(count)) throw broken(call.node, `it steps by ${step}`);
  if (count <= MAX_FOLDED) charge('elements', count);
  if (count > MAX_FOLDED) return [large(type, [count])];
  const numbers = Array.from({ length: count }, (_, i) => calculate('Add', start, i * step, type) ?? start + i * step);
  return [known(type, [count], numbers)];
};

/** 0 keeps a size, −1 is what is left. */
function resolvedShape(call: Call, x: Shape, to: readonly number[]): Shape {
  const keepsZeros = int(call.node, 'allowzero') !== 1;
  const sizes = to.map((length, axis) => (length === 0 && keepsZeros ? (x[axis] ?? 0) : length));
  const total = countElements(x);
  const rest = sizes.indexOf(-1);
  const named = countElements(sizes.filter((length) => length !== -1));
  const asked = `it makes ${to.join('×')} of ${x.join('×') || 'a scalar'}`;
  if (rest === -1) {
    if (named !== total || sizes.some((length) => length < 0)) throw broken(call.node, asked);
    return sizes;
  }
  if (sizes.indexOf(-1, rest + 1) !== -1 || sizes.some((length) => length < -1)) throw broken(call.node, asked);
  if (named === 0n || total % named !== 0n) throw broken(call.node, asked);
  return sizes.with(rest, Number(total / named));
}

const reshape: ReadRule = (call) => {
  const x = input(call, 0);
  const shape = settled(call, () => resolvedShape(call, x.shape, call.opset < 5 ? (ints(call.node, 'shape') ?? []) : sizesIn(call, 1)));
  if (countElements(shape) !== countElements(x.shape))
    throw broken(call.node, `it makes ${shape.join('×')} of ${x.shape.join('×') || 'a scalar'}`);
  return reshapedTo(call, x, shape);
};

const flatten: ReadRule = (call) => {
  const x = input(call, 0);
  const { shape } = x;
  const axis = int(call.node, 'axis') ?? 1;
  const at = axis < 0 ? axis + shape.length : axis;
  if (!(at >= 0 && at <= shape.length && (axis >= 0 || call.opset >= 11)))
    throw broken(call.node, `there is no axis ${axis} among ${shape.length}`);
  const isUsual = at === 1 && shape.length > 1 && !x.isConstant && elementCount(shape) > 0;
  return isUsual ? call.layer('flatten', {}, [x]) : reshapedTo(call, x, [elementCount(shape.slice(0, at)), elementCount(shape.slice(at))]);
};

const squeeze: ReadRule = (call) => {
  const x = input(call, 0);
  const named = axesIn(call, 13);
  // An empty list is as none.
  const axes = named === undefined || named.length === 0 ? undefined : axesOf(call.node, named, x.shape.length);
  const wrong = axes?.find((axis) => x.shape[axis] !== 1);
  if (wrong !== undefined) throw broken(call.node, `axis ${wrong} of ${x.shape.join('×')} is not 1`);
  const left = x.shape.filter((length, axis) => (axes === undefined ? length !== 1 : !axes.includes(axis)));
  return reshapedTo(call, x, left);
};

const unsqueeze: ReadRule = (call) => {
  const x = input(call, 0);
  const axes = axesIn(call, 13) ?? [];
  const rank = x.shape.length + axes.length;
  const added = new Set(axes.map((axis) => axisIn(call.node, axis, rank)));
  if (added.size !== axes.length) throw broken(call.node, 'it names an axis twice');
  const rest = [...x.shape];
  const wider = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (rest.shift() as number)));
  return reshapedTo(call, x, wider);
};

const typeNumbered = (number: number | undefined): ElementType | undefined => (number === undefined ? undefined : elementType(number));

/** A weight stays what it is in another type; other constants are cast. */
function castTo(call: Call, x: ReadValue, type: ElementType | undefined): ReadValue[] {
  const drops = type === 'bool' ? x.type !== 'bool' : isInteger(type) && !isInteger(x.type) && x.type !== 'bool';
  if (!x.isConstant && x.type !== undefined && drops && elementCount(x.shape) > 0)
    return moveLayer(call, { by: 'cast', mode: type === 'bool' ? 'truth' : 'whole' }, [x], type);
  if (!x.isConstant || isWeight(x) || type === undefined) return passedOn(call, x, type);
  const elements = (): readonly OnnxElement[] | undefined => {
    const own = x.elements();
    if (own === undefined) return undefined;
    charge('elements', own.length);
    const all: OnnxElement[] = [];
    for (const element of own) {
      const result = cast(element, type);
      if (result === undefined) return undefined;
      all.push(result);
    }
    return all;
  };
  return [{ ...viewed(x, x.shape, type), elements }];
}

/** Before opset 6 the type is a text. */
const casting: ReadRule = (call) => {
  const { node, opset } = call;
  const number = opset < 6 ? undefined : int(node, 'to');
  const type = typeNumbered(number);
  if (opset >= 6 && type === undefined) throw broken(node, number === undefined ? 'it has no "to"' : `there is no type ${number}`);
  return castTo(call, input(call, 0), type);
};

/** Nothing is dropped at inference, as the mask says. */
const dropout: ReadRule = (call) => {
  const x = input(call, 0);
  const ratio = call.inputs[1];
  if (ratio !== undefined && elementCount(ratio.shape) !== 1)
    throw broken(call.node, `its ratio is ${ratio.shape.join('×')}, and must be one number`);
  const kept = x.isConstant ? [x] : call.layer('dropout', {}, [x], { shapes: [x.shape] });
  return call.node.outputs.length < 2 ? kept : [...kept, ...filled(call, [x], x.shape, 'bool', 1)];
};

const nonZero: ReadRule = (call) => {
  const x = input(call, 0);
  const elements = x.elements();
  if (elements === undefined || !x.isConstant)
    return movedByData(call, [x], call.atMost([[Math.max(x.shape.length, 1), elementCount(x.shape)]]), ['int64']);
  charge('elements', elements.length * (1 + x.shape.length));
  const found = [...elements.keys()].filter((i) => Number(elements[i]) !== 0);
  const sizes = x.shape.length === 0 ? [1] : x.shape;
  const rows = sizes.map((length, axis) => {
    const inner = elementCount(sizes.slice(axis + 1));
    return found.map((i) => Math.floor(i / inner) % length);
  });
  return [known('int64', [sizes.length, found.length], rows.flat())];
};

const eyeLike: ReadRule = (call) => {
  const x = input(call, 0);
  const [rows, columns] = x.shape;
  if (rows === undefined || columns === undefined || x.shape.length > 2)
    throw broken(call.node, `it takes a matrix, not ${formatShape(x.shape)}`);
  const k = int(call.node, 'k') ?? 0;
  const type = typeNumbered(int(call.node, 'dtype')) ?? x.type;
  if (rows * columns > MAX_FOLDED) return [large(type, x.shape)];
  charge('elements', rows * columns);
  const numbers = Array.from({ length: rows * columns }, (_, i) => ((i % columns) - Math.floor(i / columns) === k ? 1 : 0));
  return [known(type, x.shape, numbers)];
};

/** The parts of a window: a constant, and waves of one and two periods. */
const samples =
  (parts: readonly number[]): ReadRule =>
  (call) => {
    const count = numberIn(input(call, 0));
    if (count === undefined) throw unresolved(call.node, call.node.inputs[0] ?? '');
    const type = typeNumbered(int(call.node, 'output_datatype') ?? 1);
    if (!Number.isSafeInteger(count) || count < 0) throw broken(call.node, `it asks for ${count} samples`);
    if (count > MAX_FOLDED) return [large(type, [count])];
    charge('elements', count);
    const period = (int(call.node, 'periodic') ?? 1) === 1 ? count : count - 1;
    const sample = (at: number): number =>
      parts.reduce((sum, part, wave) => sum + (wave % 2 === 0 ? part : -part) * Math.cos((2 * Math.PI * wave * at) / period), 0);
    return [
      known(
        type,
        [count],
        Array.from({ length: count }, (_, at) => sample(at)),
      ),
    ];
  };

/** What makes shapes, or gives one to the same elements. */
export const shapes: ReadRules = {
  Shape: shapeOf,
  Size: size,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Cast: casting,
  CastLike: (call) => castTo(call, input(call, 0), input(call, 1).type),
  Identity: (call) => passedOn(call, input(call, 0)),
  Dropout: dropout,
  NonZero: nonZero,
  EyeLike: eyeLike,
  HannWindow: samples([0.5, 0.5]),
  HammingWindow: samples([25 / 46, 21 / 46]),
  BlackmanWindow: samples([0.42, 0.5, 0.08]),
};
