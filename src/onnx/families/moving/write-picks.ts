import { eachPlace } from '../../../core/places.ts';
import { elementCount, type Shape } from '../../../core/shape.ts';
import { axisOf } from '../../../operators/kit/axes.ts';
import { type Pick, type PickBy, type PickName, pickOf, type WrittenPick } from '../../../operators/kit/pick.ts';
import { type ElementSource, pickedShape, type Steering, sourcesOf } from '../../../operators/kit/sources.ts';
import { charge } from '../../../problems/allowance.ts';
import { fail } from '../../../problems/problem.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, concatenated, reshaped } from '../../write/shaping.ts';

/** Moves of elements: as the operator of ONNX that they name where they read where from, else as one Gather. */

/** Whole numbers of indices, around where they are out of range of these sizes. */
export function indices(writer: LayerWriter, x: OnnxOutput, ...sizes: readonly number[]): OnnxOutput {
  const bounds = sizes.length === 1 ? writer.int(sizes[0] as number) : writer.ints(...sizes);
  return writer.nodes('Mod', [cast(writer, x, 'int64'), bounds], [x.shape], {}, ['int64'])[0] as OnnxOutput;
}

/** Writes what goes to an output; `undefined` where an input that says where from is missing. */
type Writing<N extends PickName> = (writer: LayerWriter, pick: PickBy<N>, to: Shape) => OnnxOutput | undefined;

const gather: Writing<'gather'> = (writer, pick, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined || pick.indices !== undefined) return undefined;
  const axis = axisOf(pick.axis, x.shape);
  const shape = [...x.shape.slice(0, axis), ...input.shape, ...x.shape.slice(axis + 1)];
  return reshaped(writer, writer.node('Gather', [x, indices(writer, input, x.shape[axis] as number)], shape, { axis: { int: axis } }), to);
};

const gatherElements: Writing<'gatherelements'> = (writer, pick, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined || pick.indices !== undefined) return undefined;
  const axis = axisOf(pick.axis, x.shape);
  return writer.node('GatherElements', [x, indices(writer, input, x.shape[axis] as number)], to, { axis: { int: axis } });
};

const gatherNd: Writing<'gathernd'> = (writer, { batch }, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined) return undefined;
  const sizes = x.shape.slice(batch, batch + (input.shape.at(-1) as number));
  const shape = [...input.shape.slice(0, -1), ...x.shape.slice(batch + sizes.length)];
  return reshaped(writer, writer.node('GatherND', [x, indices(writer, input, ...sizes)], shape, { batch_dims: { int: batch } }), to);
};

const scatter: Writing<'scatterelements'> = (writer, pick, to) => {
  const [x, input, updates] = writer.inputs;
  if (x === undefined || input === undefined || updates === undefined) return undefined;
  const axis = axisOf(pick.axis, x.shape);
  return writer.node('ScatterElements', [x, indices(writer, input, x.shape[axis] as number), updates], to, { axis: { int: axis } });
};

const scatterNd: Writing<'scatternd'> = (writer, _, to) => {
  const [x, input, updates] = writer.inputs;
  if (x === undefined || input === undefined || updates === undefined) return undefined;
  const sizes = x.shape.slice(0, input.shape.at(-1) as number);
  const shape = [...input.shape.slice(0, -1), ...x.shape.slice(sizes.length)];
  return writer.node('ScatterND', [x, indices(writer, input, ...sizes), reshaped(writer, updates, shape)], to);
};

const where: Writing<'where'> = (writer, _, to) => {
  const [condition, a, b] = writer.inputs;
  return condition && a && b && writer.node('Where', [cast(writer, condition, 'bool'), a, b], to);
};

const oneHot: Writing<'onehot'> = (writer, pick, stated) => {
  const [x, values = writer.numbers([2], [0, 1])] = writer.inputs;
  if (x === undefined) return undefined;
  const to = pickedShape(pick, [x.shape]);
  const axis = axisOf(pick.axis, to);
  const places = cast(writer, x, 'int64');
  return reshaped(writer, writer.node('OneHot', [places, writer.int(to[axis] as number), values], to, { axis: { int: axis } }), stated);
};

const reverseSequence: Writing<'reversesequence'> = (writer, { axis }, to) => {
  const [x, lengths] = writer.inputs;
  if (x === undefined || lengths === undefined) return undefined;
  const clipped = writer.node('Clip', [lengths, writer.number(0), writer.number(x.shape[axis] as number)], lengths.shape);
  const attributes = { time_axis: { int: axis }, batch_axis: { int: 1 - axis } };
  return writer.node('ReverseSequence', [x, cast(writer, clipped, 'int64')], to, attributes);
};

const maxUnpool: Writing<'maxunpool'> = (writer, { within }, to) => {
  const [x, input] = writer.inputs;
  if (x === undefined || input === undefined) return undefined;
  const shape = within ?? to;
  const [count, places] = [elementCount(shape), elementCount(x.shape)];
  const zeros = writer.node('Expand', [writer.number(0), writer.ints(count)], [count]);
  const flat = [zeros, indices(writer, reshaped(writer, input, [places]), count), reshaped(writer, x, [places])];
  const full = reshaped(writer, writer.node('ScatterElements', flat, [count], { axis: { int: 0 } }), shape);
  if (shape.every((size, axis) => size === to[axis])) return full;
  const after = to.map((size, axis) => size - (shape[axis] as number));
  return writer.node('Pad', [full, writer.ints(...to.map(() => 0), ...after)], to);
};

const label: Writing<'label'> = (writer, { ignore }, to) => {
  const [x, labels] = writer.inputs;
  return x && labels && withoutIgnored(writer, ofClasses(writer, x, labels, to), labels, ignore, to);
};

const labelWeight: Writing<'labelweight'> = (writer, { ignore }, to) => {
  const [x, labels = x] = writer.inputs;
  if (x === undefined || labels === undefined) return undefined;
  const one = writer.node('Expand', [writer.number(1), writer.ints(...to)], to);
  return withoutIgnored(writer, x === labels ? one : chosen(writer, x, labels, to), labels, ignore, to);
};

/** 0 where the label is to be ignored. */
function withoutIgnored(writer: LayerWriter, picked: OnnxOutput, labels: OnnxOutput, ignore: number | undefined, to: Shape): OnnxOutput {
  if (ignore === undefined) return picked;
  const whole = cast(writer, reshaped(writer, labels, to), 'int64');
  const [isIgnored] = writer.nodes('Equal', [whole, writer.int(ignore)], [to], {}, ['bool']);
  return writer.node('Where', [isIgnored, writer.number(0), picked], to);
}

const chosen = (writer: LayerWriter, x: OnnxOutput, labels: OnnxOutput, to: Shape): OnnxOutput =>
  reshaped(writer, writer.node('Gather', [x, indices(writer, labels, x.shape[0] as number)], labels.shape), to);

function ofClasses(writer: LayerWriter, x: OnnxOutput, labels: OnnxOutput, to: Shape): OnnxOutput {
  const single = x.shape.with(1, 1);
  const places = indices(writer, reshaped(writer, labels, single), x.shape[1] as number);
  return reshaped(writer, writer.node('GatherElements', [x, places], single, { axis: { int: 1 } }), to);
}

const logical =
  (operator: string): Writing<PickName> =>
  (writer, _, to) => {
    const truths = writer.inputs.map((input) => cast(writer, input, 'bool'));
    return cast(writer, writer.nodes(operator, truths, [to], {}, ['bool'])[0] as OnnxOutput, 'float32');
  };

const whole: Writing<'cast'> = (writer, { mode }) => {
  const [x] = writer.inputs;
  return x && cast(writer, cast(writer, x, mode === 'truth' ? 'bool' : 'int64'), 'float32');
};

/** Opset 17 has no such operator for what layers hold. */
const none =
  (operator: string): Writing<PickName> =>
  () => {
    throw fail('NOT_EXPORTABLE', { operator });
  };

const REDUCTIONS: Partial<Record<string, string>> = { add: 'add', multiply: 'mul' };

/** Opset 17 adds and multiplies. */
export function scatterJoined(writer: LayerWriter, { by, axis }: { readonly by: string; readonly axis?: number | undefined }): OnnxOutput {
  const [x, input, updates] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput];
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
const WRITINGS: { readonly [N in PickName]?: Writing<N> } = {
  gather,
  gatherelements: gatherElements,
  gathernd: gatherNd,
  scatterelements: scatter,
  scatternd: scatterNd,
  where,
  onehot: oneHot,
  reversesequence: reverseSequence,
  maxunpool: maxUnpool,
  label,
  labelweight: labelWeight,
  and: logical('And'),
  or: logical('Or'),
  xor: logical('Xor'),
  not: logical('Not'),
  cast: whole,
  bitwiseand: none('BitwiseAnd'),
  bitwiseor: none('BitwiseOr'),
  bitwisexor: none('BitwiseXor'),
  bitwisenot: none('BitwiseNot'),
  bitshift: none('BitShift'),
  fill: (writer, { value }, to) => writer.node('Expand', [writer.number(value), writer.ints(...to)], to),
  random: (writer, { mode }, to) => writer.node(mode === 'normal' ? 'RandomNormal' : 'RandomUniform', [], to, { shape: { ints: [...to] } }),
  expand: (writer, _, to) => writer.node('Expand', [writer.inputs[0] as OnnxOutput, writer.ints(...to)], to),
};

/** These picks read no elements to know where others are. */
const UNSTEERED: Steering = {
  wholes: () => [],
  truths: () => [],
};

/** Where all that goes to the output comes from, as indices of the inputs laid end to end, and of numbers that are filled in. */
function gathered(writer: LayerWriter, pick: Pick, stated: Shape): OnnxOutput {
  const shapes = writer.inputs.map(({ shape }) => shape);
  const to = pick.by === 'other' ? stated : pickedShape(pick, shapes);
  const sourceAt = sourcesOf(pick, shapes, to, UNSTEERED);
  charge('elements', elementCount(to));
  const sources: ElementSource[] = [];
  eachPlace(to, (at, offset) => sources.push(sourceAt(at, offset)));
  const lengths = shapes.map(elementCount);
  const starts = lengths.map((_, input) => lengths.slice(0, input).reduce((sum, length) => sum + length, 0));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const fillings = [...new Set(sources.flatMap((source) => ('fill' in source ? [source.fill] : [])))];
  const full = writer.inputs
    .filter(({ shape }) => elementCount(shape) > 0)
    .map((input) => reshaped(writer, input, [elementCount(input.shape)]));
  const parts = fillings.length === 0 ? full : [...full, writer.numbers([fillings.length], fillings)];
  const all = concatenated(writer, parts, 0, [total + fillings.length]);
  const from = sources.map((source) =>
    'fill' in source ? total + fillings.indexOf(source.fill) : (starts[source.input] as number) + source.offset,
  );
  return writer.node('Gather', [all, writer.indices(stated, from)], stated);
}

export function move(writer: LayerWriter, attributes: WrittenPick): OnnxOutput[] {
  const pick = pickOf(attributes);
  const writing = WRITINGS[pick.by] as Writing<PickName> | undefined;
  return writer.outputs.map((to) => writing?.(writer, pick, to) ?? gathered(writer, pick, to));
}
