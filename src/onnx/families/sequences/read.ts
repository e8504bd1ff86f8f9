import { axisIn, broken, type Call, input, int, type ReadRule, type ReadRules, unresolved } from '../../read/call.ts';
import { reshapedTo } from '../../read/layers.ts';
import { known, listOf, numberIn, numbersIn, type ReadValue } from '../../read/value.ts';
import { moving } from '../moving/read.ts';

function itemsIn(call: Call, index = 0): readonly ReadValue[] {
  const items = call.inputs[index]?.items;
  if (items === undefined) throw unresolved(call.node, call.node.inputs[index] ?? '');
  return items;
}

/** A place in a list; the end, or where a new one goes, if it is not given. */
function placeIn(call: Call, index: number, length: number, usual: number): number {
  const value = call.inputs[index];
  const place = value === undefined ? usual : numberIn(value);
  if (place === undefined) throw unresolved(call.node, call.node.inputs[index] ?? '');
  const counted = place < 0 ? place + length : place;
  if (!(counted >= 0 && counted <= length)) throw broken(call.node, `it asks for element ${place} of a list of ${length}`);
  return counted;
}

const at: ReadRule = (call) => {
  const items = itemsIn(call);
  const item = items[placeIn(call, 1, items.length, 0)];
  if (item === undefined) throw broken(call.node, `it asks for an element past the end of a list of ${items.length}`);
  return [item];
};

const insert: ReadRule = (call) => {
  const items = itemsIn(call);
  return [listOf(items.toSpliced(placeIn(call, 2, items.length, items.length), 0, input(call, 1)))];
};

const erase: ReadRule = (call) => {
  const items = itemsIn(call);
  return [listOf(items.toSpliced(placeIn(call, 1, items.length, items.length - 1), 1))];
};

/** One tensor behind the other, along a new axis if it says so. */
const concat: ReadRule = (call) => {
  const items = itemsIn(call);
  const isNew = int(call.node, 'new_axis') === 1;
  const rank = (items[0]?.shape.length ?? 0) + (isNew ? 1 : 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 0, rank);
  const parts = isNew ? items.flatMap((item) => reshapedTo(call, item, item.shape.toSpliced(axis, 0, 1))) : items;
  const node = { ...call.node, attributes: { axis: { kind: 'int', value: axis } as const } };
  return (moving.Concat as ReadRule)({ ...call, node, inputs: parts });
};

/** Parts of one size, of sizes that are given, or of one each. */
const split: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 0, x.shape.length);
  const total = x.shape[axis] as number;
  const given = call.inputs[1];
  const numbers = given === undefined ? [1] : numbersIn(given);
  if (numbers === undefined) throw unresolved(call.node, call.node.inputs[1] ?? '');
  const [size = 1] = numbers;
  const isOne = given === undefined || given.shape.length === 0;
  if (isOne && !(size >= 1 && total / size <= MOST_PARTS)) throw broken(call.node, `it splits ${total} into parts of ${size}`);
  const sizes = isOne ? Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size)) : numbers;
  const node = { ...call.node, attributes: { axis: { kind: 'int', value: axis } as const } };
  const parts = (moving.Split as ReadRule)({ ...call, node, opset: 13, inputs: [x, known('int64', [sizes.length], sizes)] });
  const drops = given === undefined && int(call.node, 'keepdims') === 0;
  return [listOf(drops ? parts.flatMap((part) => reshapedTo(call, part, part.shape.toSpliced(axis, 1))) : parts)];
};

const MOST_PARTS = 1024;

const isThere = (value: ReadValue | undefined): boolean => value !== undefined && value.items?.length !== 0;

function present(call: Call): ReadValue {
  const [value] = call.inputs;
  if (value === undefined || !isThere(value)) throw broken(call.node, 'it takes what is not there');
  return value;
}

/** Lists of tensors, and what may be there or not, cost nothing themselves. */
export const sequences: ReadRules = {
  // What may be there is what is there, or an empty list.
  Optional: (call) => [call.inputs[0] ?? listOf([])],
  OptionalHasElement: (call) => [known('bool', [], [isThere(call.inputs[0]) ? 1 : 0])],
  OptionalGetElement: (call) => [present(call)],
  SequenceConstruct: (call) => [listOf(call.inputs.map((_, index) => input(call, index)))],
  SequenceEmpty: () => [listOf([])],
  SequenceAt: at,
  SequenceInsert: insert,
  SequenceErase: erase,
  SequenceLength: (call) => [known('int64', [], [itemsIn(call).length])],
  ConcatFromSequence: concat,
  SplitToSequence: split,
};
