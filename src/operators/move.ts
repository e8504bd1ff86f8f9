import * as z from 'zod/mini';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Element, elementOf, isTrue, type Tensor, wholeOf } from '../core/tensor.ts';
import {
  about,
  anyAmounts,
  indexTensor,
  integer,
  integers,
  optional,
  positive,
  real,
  shapes,
  sizes,
  text,
  wholeOrZero,
} from './kit/attributes.ts';
import { fill, reshaped } from './kit/elements.ts';
import { addedUp, permutedLayout, unbroadcast } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { PICKS, type Pick, type PickBy, type PickName, pickOf, type WrittenPick } from './kit/pick.ts';
import { reachOfPick } from './kit/pick-reach.ts';
import { type ElementSource, outputShapes, pickedShape, type Steering, sourcesOf } from './kit/sources.ts';

/** Keys of all ways to pick; which of them one has, and which it needs, its own schema says. */
const attributes = z.strictObject({
  by: about(text, 'How elements are picked; names are taken in any case.'),
  to: about(optional(shapes), 'Shapes of the outputs. Where they follow from the inputs they are checked, and may be left out.'),
  axis: about(optional(integer), 'Axis that is picked along.'),
  batch: about(optional(wholeOrZero), 'Number of leading axes that are a batch of their own (gathernd).'),
  indices: about(optional(indexTensor), 'Fixed indices, in lists as deep as their tensor has axes; without it they are the second input.'),
  repeats: about(optional(sizes), 'How often to repeat along each axis (tile).'),
  start: about(optional(integers), 'First element along each axis (slice).'),
  step: about(optional(integers), 'Distance between elements along each axis (slice).'),
  order: about(optional(integers), 'Axes in their new order (transpose).'),
  block: about(optional(positive), 'Pixels along each side of a block (depthtospace, spacetodepth).'),
  diagonal: about(optional(integer), 'How far above the main diagonal (trilu).'),
  depth: about(optional(wholeOrZero), 'Number of classes (onehot).'),
  amount: about(optional(anyAmounts), 'Elements to add, or with a minus to take away, before and after each axis (pad).'),
  within: about(optional(sizes), 'Shape that indices count in (maxunpool).'),
  ignore: about(optional(integer), 'Label that is left out (label, labelweight).'),
  mode: about(
    optional(text),
    'How: constant, edge, reflect or wrap (pad), upper or lower (trilu), DCR or CRD (depthtospace), whole or truth (cast), LEFT or RIGHT (bitshift), back or ahead (distance), uniform or normal (random).',
  ),
  value: about(optional(real), 'Number to fill in (fill, pad).'),
});

const steeringOf = (inputs: readonly Tensor[]): Steering => {
  const elements = (input: number): ArrayLike<Element> => (inputs[input] as Tensor).data;
  return { wholes: (input) => Array.from(elements(input), wholeOf), truths: (input) => Array.from(elements(input), isTrue) };
};

const names = Object.keys(PICKS).filter((name) => name !== 'other');

/** Which inputs have gradients, and whether one element may go to several places, whose gradients are added up. */
interface Flow {
  readonly from: (input: number) => boolean;
  readonly repeats: boolean;
  /** Inputs broadcast, and only the gradients of those that are smaller are added up. */
  readonly broadcasts?: boolean;
}

/** Whether an element is kept more than once. */
function keepsTwice({ axis, indices }: PickBy<'compress'>, input: Shape): boolean {
  const size = axis === undefined ? elementCount(input) : (input.at(axis) as number);
  const places = ([indices] as unknown[]).flat(Number.POSITIVE_INFINITY as 1).map((index) => (Number(index) + size) % size);
  return new Set(places).size < places.length;
}

/** Whether the gradient of an input is added up. Constants around an input come from nowhere. */
function isAdded(pick: Pick, input: Shape, output: Shape): boolean {
  const { repeats, broadcasts = false } = FLOWS[pick.by];
  if (pick.by === 'compress') return keepsTwice(pick, input);
  if (broadcasts) return unbroadcast(input, output).length > 0;
  return repeats && !(pick.by === 'pad' && pick.mode === 'constant');
}

const first = (input: number): boolean => input === 0;
const MOVED_ONCE: Flow = { from: first, repeats: false };
const REPEATED: Flow = { from: first, repeats: true };
/** Whole numbers, truths and numbers that are fixed have no slope. */
const NO_FLOW: Flow = { from: () => false, repeats: false };

const FLOWS: { readonly [N in PickName]: Flow } = {
  gather: REPEATED,
  gatherelements: REPEATED,
  gathernd: REPEATED,
  scatterelements: { from: (input) => input !== 1, repeats: false },
  scatternd: { from: (input) => input !== 1, repeats: false },
  expand: REPEATED,
  tile: REPEATED,
  where: { from: (input) => input > 0, repeats: false, broadcasts: true },
  slice: MOVED_ONCE,
  transpose: MOVED_ONCE,
  depthtospace: MOVED_ONCE,
  spacetodepth: MOVED_ONCE,
  trilu: MOVED_ONCE,
  onehot: NO_FLOW,
  compress: MOVED_ONCE,
  reversesequence: MOVED_ONCE,
  pad: REPEATED,
  centercroppad: MOVED_ONCE,
  maxunpool: MOVED_ONCE,
  resize: REPEATED,
  offset: REPEATED,
  distance: REPEATED,
  label: MOVED_ONCE,
  labelweight: NO_FLOW,
  stack: { from: () => true, repeats: false },
  fill: NO_FLOW,
  random: NO_FLOW,
  cast: NO_FLOW,
  and: NO_FLOW,
  or: NO_FLOW,
  xor: NO_FLOW,
  not: NO_FLOW,
  bitwiseand: NO_FLOW,
  bitwiseor: NO_FLOW,
  bitwisexor: NO_FLOW,
  bitwisenot: NO_FLOW,
  bitshift: NO_FLOW,
  other: NO_FLOW,
};

export const move = defineOperator({
  name: 'move',
  summary: `Pick, repeat or rearrange elements of its inputs: by ${names.join(', ')}. The shape of the output follows from the inputs; where "to" states it, the batch first, it is checked. By any other name elements are taken in turn, to outputs of the shapes in "to".`,
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'ONNX operators Gather, Scatter, Tile, Expand, Where, DepthToSpace and their like',
  inputs: { min: 1, max: Number.POSITIVE_INFINITY },
  shape: (a, inputs) => outputShapes(pickOf(a as WrittenPick), inputs),
  reach: (a, inputs) => reachOfPick(pickOf(a as WrittenPick), inputs),
  window: () => 'apart',
  gradient: {
    view(a, input) {
      const pick = pickOf(a as WrittenPick);
      return pick.by === 'transpose' ? [permutedLayout(input, pick.order)] : undefined;
    },
    inputs(a, inputs) {
      const pick = pickOf(a as WrittenPick);
      const flow = FLOWS[pick.by];
      const output = outputShapes(pick, inputs)[0] as Shape;
      return inputs.map((input, index) => (!flow.from(index) ? 'none' : isAdded(pick, input, output) ? addedUp(output) : []));
    },
    repeats(a, of, inputs) {
      const pick = pickOf(a as WrittenPick);
      return isAdded(pick, inputs[of as number] as Shape, outputShapes(pick, inputs)[0] as Shape);
    },
  },
  run(a, inputs, _, alu) {
    const pick = pickOf(a as WrittenPick);
    const shapesOfInputs = inputs.map(({ shape }) => shape);
    const elementAt = (source: ElementSource): Element =>
      'fill' in source ? elementOf(source.fill) : inputs[source.input]?.data[source.offset];
    const outputs = outputShapes(pick, shapesOfInputs);
    return outputs.map((stated) => {
      const shape: Shape = pick.by === 'other' ? stated : pickedShape(pick, shapesOfInputs);
      const sourceAt = sourcesOf(pick, shapesOfInputs, shape, steeringOf(inputs));
      return reshaped(
        fill(shape, alu, (at, offset) => elementAt(sourceAt(at, offset))),
        stated,
      );
    });
  },
});
