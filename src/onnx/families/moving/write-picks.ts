import { CountingAlu } from '../../../core/alu.ts';
import { countOf, type Shape } from '../../../core/shape.ts';
import type { Tensor, Values } from '../../../core/tensor.ts';
import { axisOf } from '../../../operators/kit/axes.ts';
import type { Picks } from '../../../operators/kit/picking.ts';
import { move as operator } from '../../../operators/move.ts';
import { fail } from '../../../problems/problem.ts';
import type { WrittenValue } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, concatenated, reshaped } from '../../write/shaping.ts';

/** Moves of elements: as the operator of ONNX that they name where they read where from, else as one Gather. */

/** Whole numbers of indices, around where they are out of range of these sizes. */
export function indices(writer: LayerWriter, x: WrittenValue, ...sizes: readonly number[]): WrittenValue {
  const bounds = sizes.length === 1 ? writer.int(sizes[0] as number) : writer.ints(...sizes);
  return writer.nodes('Mod', [cast(writer, x, 'int64'), bounds], [x.shape], {}, ['int64'])[0] as WrittenValue;
}

/** Writes what goes to an output; `undefined` where an input that says where from is missing. */
type Writing = (writer: LayerWriter, picks: Picks, to: Shape) => WrittenValue | undefined;

const gather: Writing = (writer, { axis = 0, places }, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined || places !== undefined) return undefined;
  const shape = [...x.shape.slice(0, axis), ...input.shape, ...x.shape.slice(axis + 1)];
  return reshaped(writer, writer.node('Gather', [x, indices(writer, input, x.shape[axis] as number)], shape, { axis: { int: axis } }), to);
};

const gatherElements: Writing = (writer, { axis = 0, places }, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined || places !== undefined) return undefined;
  return writer.node('GatherElements', [x, indices(writer, input, x.shape[axis] as number)], to, { axis: { int: axis } });
};

const gatherNd: Writing = (writer, { axis = 0 }, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined) return undefined;
  const sizes = x.shape.slice(axis, axis + (input.shape.at(-1) as number));
  const shape = [...input.shape.slice(0, -1), ...x.shape.slice(axis + sizes.length)];
  return reshaped(writer, writer.node('GatherND', [x, indices(writer, input, ...sizes)], shape, { batch_dims: { int: axis } }), to);
};

const scatter: Writing = (writer, { axis = 0 }, to) => {
  const [x, input, updates] = writer.inputs;
  if (x === undefined || input === undefined || updates === undefined) return undefined;
  return writer.node('ScatterElements', [x, indices(writer, input, x.shape[axis] as number), updates], to, { axis: { int: axis } });
};

const scatterNd: Writing = (writer, _, to) => {
  const [x, input, updates] = writer.inputs;
  if (x === undefined || input === undefined || updates === undefined) return undefined;
  const sizes = x.shape.slice(0, input.shape.at(-1) as number);
  const shape = [...input.shape.slice(0, -1), ...x.shape.slice(sizes.length)];
  return writer.node('ScatterND', [x, indices(writer, input, ...sizes), reshaped(writer, updates, shape)], to);
};

const where: Writing = (writer, _, to) => {
  const [condition, a, b] = writer.inputs;
  return condition && a && b && writer.node('Where', [cast(writer, condition, 'bool'), a, b], to);
};

const oneHot: Writing = (writer, { axis = 0 }, to) => {
  const [x, values = writer.numbers([2], [0, 1])] = writer.inputs;
  if (x === undefined) return undefined;
  const depth = to[axis] as number;
  const places = cast(writer, reshaped(writer, x, to.toSpliced(axis, 1)), 'int64');
  return writer.node('OneHot', [places, writer.int(depth), values], to, { axis: { int: axis } });
};

const reverseSequence: Writing = (writer, { axis = 0 }, to) => {
  const [x, lengths] = writer.inputs;
  if (x === undefined || lengths === undefined) return undefined;
  const clipped = writer.node('Clip', [lengths, writer.number(0), writer.number(x.shape[axis] as number)], lengths.shape);
  const attributes = { time_axis: { int: axis }, batch_axis: { int: 1 - axis } };
  return writer.node('ReverseSequence', [x, cast(writer, clipped, 'int64')], to, attributes);
};

const maxUnpool: Writing = (writer, { places: within }, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined) return undefined;
  const shape = within ?? to;
  const [count, places] = [countOf(shape), countOf(x.shape)];
  const zeros = writer.node('Expand', [writer.number(0), writer.ints(count)], [count]);
  const flat = [zeros, indices(writer, reshaped(writer, input, [places]), count), reshaped(writer, x, [places])];
  const full = reshaped(writer, writer.node('ScatterElements', flat, [count], { axis: { int: 0 } }), shape);
  if (shape.every((size, axis) => size === to[axis])) return full;
  const after = to.map((size, axis) => size - (shape[axis] as number));
  return writer.node('Pad', [full, writer.ints(...to.map(() => 0), ...after)], to);
};

const labelled: Writing = (writer, { mode, value: ignored }, to) => {
  const [x, labels = x] = writer.inputs;
  if (x === undefined || labels === undefined) return undefined;
  const one = writer.node('Expand', [writer.number(1), writer.ints(...to)], to);
  const picked = mode === 'weights' ? (x === labels ? one : chosen(writer, x, labels, to)) : ofClasses(writer, x, labels, to);
  if (ignored === undefined) return picked;
  const whole = cast(writer, reshaped(writer, labels, to), 'int64');
  const [isIgnored] = writer.nodes('Equal', [whole, writer.int(ignored)], [to], {}, ['bool']);
  return writer.node('Where', [isIgnored, writer.number(0), picked], to);
};

const chosen = (writer: LayerWriter, x: WrittenValue, labels: WrittenValue, to: Shape): WrittenValue =>
  reshaped(writer, writer.node('Gather', [x, indices(writer, labels, x.shape[0] as number)], labels.shape), to);

function ofClasses(writer: LayerWriter, x: WrittenValue, labels: WrittenValue, to: Shape): WrittenValue {
  const single = x.shape.with(1, 1);
  const places = indices(writer, reshaped(writer, labels, single), x.shape[1] as number);
  return reshaped(writer, writer.node('GatherElements', [x, places], single, { axis: { int: 1 } }), to);
}

const logical =
  (operator: string): Writing =>
  (writer, _, to) => {
    const truths = writer.inputs.map((input) => cast(writer, input, 'bool'));
    return cast(writer, writer.nodes(operator, truths, [to], {}, ['bool'])[0] as WrittenValue, 'float32');
  };

const whole: Writing = (writer, { mode }) => {
  const [x] = writer.inputs;
  return x && cast(writer, cast(writer, x, mode === 'truth' ? 'bool' : 'int64'), 'float32');
};

/** Opset 17 has no such operator for what layers hold. */
const none =
  (operator: string): Writing =>
  () => {
    throw fail('NOT_EXPORTABLE', { operator });
  };

const REDUCTIONS: Partial<Record<string, string>> = { add: 'add', multiply: 'mul' };

/** Opset 17 adds and multiplies. */
export function scatterJoined(
  writer: LayerWriter,
  { by, axis }: { readonly by: string; readonly axis?: number | undefined },
): WrittenValue {
  const [x, input, updates] = writer.inputs as [WrittenValue, WrittenValue, WrittenValue];
  const word = REDUCTIONS[by];
  if (word === undefined) throw fail('NOT_EXPORTABLE', { operator: `scatter by ${by}` });
  const reduction = { reduction: { text: word } };
  if (axis === undefined) {
    const sizes = x.shape.slice(0, input.shape.at(-1) as number);
    const shape = [...input.shape.slice(0, -1), ...x.shape.slice(sizes.length)];
    return writer.node('ScatterND', [x, indices(writer, input, ...sizes), reshaped(writer, updates, shape)], x.shape, reduction);
  }
  const along = axisOf(axis, x.shape);
  const places = indices(writer, input, x.shape[along] as number);
  return writer.node('ScatterElements', [x, places, updates], x.shape, { axis: { int: along }, ...reduction });
}

/** What reads where from, and what a table of places would be needlessly large for. */
const WRITINGS: Readonly<Partial<Record<string, Writing>>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatter,
  ScatterElements: scatter,
  ScatterND: scatterNd,
  Where: where,
  OneHot: oneHot,
  ReverseSequence: reverseSequence,
  MaxUnpool: maxUnpool,
  NegativeLogLikelihoodLoss: labelled,
  SoftmaxCrossEntropyLoss: labelled,
  And: logical('And'),
  Or: logical('Or'),
  Xor: logical('Xor'),
  Not: logical('Not'),
  Cast: whole,
  BitwiseAnd: none('BitwiseAnd'),
  BitwiseOr: none('BitwiseOr'),
  BitwiseXor: none('BitwiseXor'),
  BitwiseNot: none('BitwiseNot'),
  BitShift: none('BitShift'),
  Expand: (writer, _, to) => writer.node('Expand', [writer.inputs[0] as WrittenValue, writer.ints(...to)], to),
};

/** Elements that are places are told from those that are filled in by their size. */
const FIRST = 2 ** 40;

class WideAlu extends CountingAlu {
  override zeros(shape: Shape): Tensor {
    return { shape, data: new Float64Array(countOf(shape)) as unknown as Values };
  }
}

/** Where all that goes to the output comes from, told by moving places in place of elements. */
function gathered(writer: LayerWriter, by: string, picks: Picks, to: Shape): WrittenValue {
  let next = FIRST;
  const places = writer.inputs.map(({ shape }) => ({
    shape,
    data: Float64Array.from({ length: countOf(shape) }, () => next++) as unknown as Values,
  }));
  const [moved] = operator.run({ ...picks, by, to: [[...to]], places: picks.places && [...picks.places] }, places, {}, new WideAlu()) as [
    Tensor,
  ];
  const numbers = [...(moved.data as unknown as Float64Array)];
  const fillings = [...new Set(numbers.filter((number) => number < FIRST))];
  const full = writer.inputs.filter(({ shape }) => countOf(shape) > 0).map((input) => reshaped(writer, input, [countOf(input.shape)]));
  const parts = fillings.length === 0 ? full : [...full, writer.numbers([fillings.length], fillings)];
  const source = concatenated(writer, parts, 0, [next - FIRST + fillings.length]);
  const from = numbers.map((number) => (number < FIRST ? next - FIRST + fillings.indexOf(number) : number - FIRST));
  return writer.node('Gather', [source, writer.indices(to, from)], to);
}

export function move(writer: LayerWriter, { by, ...picks }: { readonly by: string } & Picks): WrittenValue[] {
  const writing = Object.hasOwn(WRITINGS, by) ? WRITINGS[by] : undefined;
  return writer.outputs.map((to) => writing?.(writer, picks, to) ?? gathered(writer, by, picks, to));
}
