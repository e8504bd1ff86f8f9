import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, elementOf, LEAST, MOST, ONE, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Term } from '../core/work.ts';
import { about, axes, flag, oneOf, withDefault } from './kit/attributes.ts';
import { axesOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes, reshaped } from './kit/elements.ts';
import { type Saved, savedInput, savedOutput, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, type Extent, upTo } from './kit/reach.ts';

interface Reduction {
  /** For each element that goes in. */
  readonly perElement: Term['each'];
  /** For each that comes out. */
  readonly perOutput?: Term['each'];
  readonly start: Element;
  next(result: Element, element: Element, alu: Alu): Element;
  finish?(result: Element, count: number, alu: Alu): Element;
}

/** Looks for one element, and gives its place. */
interface Search {
  readonly perElement: Term['each'];
  readonly perOutput?: Term['each'];
  readonly start: Element;
  isBetter(element: Element, found: Element, alu: Alu): boolean;
}

const sum = { start: ZERO, next: (total: Element, x: Element, alu: Alu) => alu.add(total, x) };
const squares = { start: ZERO, next: (total: Element, x: Element, alu: Alu) => alu.add(total, alu.multiply(x, x)) };
const exponentials = { start: ZERO, next: (total: Element, x: Element, alu: Alu) => alu.add(total, alu.exp(x)) };

/** How many elements become one. The first is taken in like the others. */
const TABLE = {
  sum: { perElement: { add: 1 }, ...sum },
  mean: {
    perElement: { add: 1 },
    perOutput: { divide: 1 },
    ...sum,
    finish: (total: Element, count: number, alu: Alu) => alu.divide(total, elementOf(count)),
  },
  max: { perElement: { compare: 1 }, start: LEAST, next: (most: Element, x: Element, alu: Alu) => (alu.compare(x, most) ? x : most) },
  min: {
    perElement: { compare: 1 },
    start: MOST,
    next: (least: Element, x: Element, alu: Alu) => (alu.compare(least, x) ? x : least),
  },
  prod: { perElement: { multiply: 1 }, start: ONE, next: (result: Element, x: Element, alu: Alu) => alu.multiply(result, x) },
  l1: {
    perElement: { compare: 1, subtract: 1, add: 1 },
    start: ZERO,
    next(total: Element, x: Element, alu: Alu) {
      const negated = alu.subtract(ZERO, x);
      return alu.add(total, alu.compare(x, ZERO) ? x : negated);
    },
  },
  l2: {
    perElement: { multiply: 1, add: 1 },
    perOutput: { sqrt: 1 },
    ...squares,
    finish: (total: Element, _: number, alu: Alu) => alu.sqrt(total),
  },
  squares: { perElement: { multiply: 1, add: 1 }, ...squares },
  logsum: { perElement: { add: 1 }, perOutput: { log: 1 }, ...sum, finish: (total: Element, _: number, alu: Alu) => alu.log(total) },
  logsumexp: {
    perElement: { exp: 1, add: 1 },
    perOutput: { log: 1 },
    ...exponentials,
    finish: (total: Element, _: number, alu: Alu) => alu.log(total),
  },
  argmax: { perElement: { compare: 1 }, start: LEAST, isBetter: (x: Element, most: Element, alu: Alu) => alu.compare(x, most) },
  argmin: { perElement: { compare: 1 }, start: MOST, isBetter: (x: Element, least: Element, alu: Alu) => alu.compare(least, x) },
} satisfies Readonly<Record<string, Reduction | Search>>;

interface Slope {
  readonly keeps?: 'input' | 'both' | 'indices';
  /** Once for each output: what the gradients of its elements are made from. */
  shared?(g: Element, y: Element, count: number, alu: Alu): Element;
  /** The gradient of an element, from what is shared; that alone unless given. Where only one has it: whether this is it. */
  own?(shared: Element, x: Element, y: Element, alu: Alu): Element;
  readonly isChosen?: (x: Element, found: Element, alu: Alu) => boolean;
  readonly perElement?: Term['each'];
  readonly perOutput?: Term['each'];
}

/** Backward, for each element that went in and each that came out. The place of an element has no slope. torch 1.13 keeps what a mean is of. */
const GRADIENTS: { readonly [N in keyof typeof TABLE]: Slope | 'none' } = {
  sum: {},
  mean: { keeps: 'input', perOutput: { divide: 1 }, shared: (g, _, count, alu) => alu.divide(g, elementOf(count)) },
  max: { keeps: 'indices', isChosen: (x, most, alu) => alu.compare(x, most) },
  min: { keeps: 'indices', isChosen: (x, least, alu) => alu.compare(least, x) },
  prod: {
    keeps: 'both',
    perElement: { divide: 1 },
    perOutput: { multiply: 1 },
    shared: (g, y, _, alu) => alu.multiply(g, y),
    own: (product, x, _, alu) => alu.divide(product, x),
  },
  l1: {
    keeps: 'input',
    perElement: { compare: 1, subtract: 1 },
    own(g, x, _, alu) {
      const negated = alu.subtract(ZERO, g);
      return alu.compare(x, ZERO) ? g : negated;
    },
  },
  l2: {
    keeps: 'both',
    perElement: { multiply: 1 },
    perOutput: { divide: 1 },
    shared: (g, y, _, alu) => alu.divide(g, y),
    own: (share, x, _, alu) => alu.multiply(share, x),
  },
  squares: {
    keeps: 'input',
    perElement: { multiply: 1 },
    perOutput: { multiply: 1 },
    shared: (g, _, __, alu) => alu.multiply(g, elementOf(2)),
    own: (twice, x, _, alu) => alu.multiply(twice, x),
  },
  logsum: { keeps: 'both', perOutput: { exp: 1, divide: 1 }, shared: (g, y, _, alu) => alu.divide(g, alu.exp(y)) },
  logsumexp: {
    keeps: 'both',
    perElement: { subtract: 1, exp: 1, multiply: 1 },
    own: (g, x, y, alu) => alu.multiply(g, alu.exp(alu.subtract(x, y))),
  },
  argmax: 'none',
  argmin: 'none',
};

type Name = keyof typeof TABLE;
const NAMES = Object.keys(TABLE) as [Name, ...Name[]];
export type ReductionName = Name;

const attributes = z.strictObject({
  by: about(oneOf(...NAMES), 'What is made of the elements.'),
  axis: about(axes, 'The axes to reduce; from the end if negative.'),
  keep: about(withDefault(flag, true), 'Whether reduced axes stay, with size 1.'),
  last: about(withDefault(flag, false), 'Which of equals argmax and argmin find: the last, not the first.'),
});

function joined(elements: readonly Element[], { start, next, finish }: Reduction, alu: Alu): Element {
  let result = start;
  for (const element of elements) result = next(result, element, alu);
  return finish === undefined ? result : finish(result, elements.length, alu);
}

/** A later one that is as good counts only where the last is asked for: then it is enough that what was found is not better. */
function placeOf(elements: readonly Element[], { start, isBetter }: Search, isLast: boolean, alu: Alu): Element {
  let [found, place] = [start, 0];
  for (const [i, element] of elements.entries())
    if (isLast ? !isBetter(found, element, alu) : isBetter(element, found, alu)) [found, place] = [element, i];
  return elementOf(place);
}

/** The shape with the axes reduced to 1. */
const kept = (over: readonly number[], x: Shape): Shape => x.map((size, axis) => (over.includes(axis) ? 1 : size));

/** The shape of the output; of a whole tensor one element is left. */
function reduced({ axis, keep }: z.infer<typeof attributes>, x: Shape): Shape {
  const over = axesOf(axis, x);
  if (keep) return kept(over, x);
  const left = x.filter((_, index) => !over.includes(index));
  return left.length === 0 ? [1] : left;
}

export const reduce = defineOperator({
  name: 'reduce',
  summary:
    'Make one element of all along an axis or several; the axes stay, with size 1, or go with keep: false. Of argmax and argmin it is the place along the axes, of equals the first, or the last with last: true.',
  attributes,
  rule: 'Per input element: sum and mean one add; max, min, argmax and argmin one compare; prod one multiply; l1 one compare, subtract and add; l2 and squares one multiply and one add; logsum one add; logsumexp one exp and one add. Per output element: mean one divide, l2 one sqrt, logsum and logsumexp one log.',
  source: 'ONNX operators ReduceSum, ReduceMean, ReduceMax, ArgMax and their like; torch.sum, torch.mean',
  shape: (a, [x]) => reduced(a, x),
  reach({ axis, keep }, [x]) {
    const one = upTo(1);
    const all = [axis].flat().reduce<Extent>((extent, over) => extent.with(over, one), asFarAs(x));
    const left = keep ? all : all.filter((reach) => reach !== one);
    return left.length === 0 ? [one] : left;
  },
  work(a, [x]) {
    const over = axesOf(a.axis, x);
    const { perElement, perOutput }: Reduction | Search = TABLE[a.by];
    const elements = elementFactors(x);
    const outputs = elements.filter((_, axis) => !over.includes(axis));
    return perOutput === undefined ? [each(perElement, elements)] : [each(perElement, elements), each(perOutput, outputs)];
  },
  window: () => 'apart',
  gradient: {
    saves(a, [x]) {
      const slope = GRADIENTS[a.by];
      if (slope === 'none') return [];
      const indices: readonly Saved[] =
        slope.keeps === 'indices' ? [{ what: 'indices', shape: reduced(a, x as Shape), type: 'int64' }] : [];
      return [
        ...(slope.keeps === 'input' || slope.keeps === 'both' ? [savedInput(0)] : []),
        ...(slope.keeps === 'both' ? [savedOutput()] : []),
        ...indices,
      ];
    },
    inputs(a, [x]) {
      const slope = GRADIENTS[a.by];
      if (slope === 'none') return ['none'];
      const outputs = elementFactors(reduced(a, x as Shape));
      return [
        [
          ...(slope.perElement ? [each(slope.perElement, elementFactors(x as Shape))] : []),
          ...(slope.perOutput ? [each(slope.perOutput, outputs)] : []),
        ],
      ];
    },
    run: toInput((a, { x, y, g }, alu, remembered) => {
      const { shared, own, isChosen } = GRADIENTS[a.by] as Slope;
      const over = axesOf(a.axis, x.shape);
      const along = offsetsAlong(x.shape, over);
      const result = alu.zeros(x.shape);
      for (const [index, first] of offsetsAlong(x.shape, otherAxes(x.shape, over)).entries()) {
        const gradient = shared === undefined ? g.data[index] : shared(g.data[index], y.data[index], along.length, alu);
        const better = (found: number, place: number) =>
          isChosen?.(x.data[first + place], x.data[first + found], remembered) ? place : found;
        const places = isChosen === undefined ? along : [along.reduce(better)];
        for (const place of places)
          result.data[first + place] = own === undefined ? gradient : own(gradient, x.data[first + place], y.data[index], alu);
      }
      return result;
    }),
  },
  run(a, [x], _, alu) {
    const over = axesOf(a.axis, x.shape);
    const reduction: Reduction | Search = TABLE[a.by];
    const along = offsetsAlong(x.shape, over);
    const y = alu.zeros(kept(over, x.shape));
    for (const [index, first] of offsetsAlong(x.shape, otherAxes(x.shape, over)).entries()) {
      const elements = along.map((place) => x.data[first + place]);
      y.data[index] = 'isBetter' in reduction ? placeOf(elements, reduction, a.last, alu) : joined(elements, reduction, alu);
    }
    return reshaped(y, reduced(a, x.shape));
  },
});
