import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, elementOf, LEAST, type Tensor, ZERO } from '../core/tensor.ts';
import { each, factor } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, fraction, positive, real, withDefault } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

const attributes = z.strictObject({
  most: about(positive, 'Boxes kept per image and class, at most.'),
  rows: about(positive, 'Rows of the output.'),
  overlap: about(withDefault(fraction, 0), 'Drop a box whose IoU with a better one exceeds this.'),
  score: about(withDefault(real, -1e30), 'Drop boxes with a score up to this.'),
  centres: about(withDefault(flag, false), 'Whether boxes are [x, y, width, height] around their centre, not two corners.'),
});

type Attributes = z.infer<typeof attributes>;

/** Checks that there is a score for each class and box, and names every quantity. */
function geometry({ most }: Attributes, boxes: Shape, scores: Shape) {
  const [n, classes, count] = scores as [number, number, number];
  if (boxes.length !== 3 || scores.length !== 3 || boxes[2] !== 4 || boxes[0] !== n || boxes[1] !== count) {
    const rule = 'boxes must be [n, boxes, 4], and scores [n, classes, boxes]';
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'nms', rule, shapes: [boxes, scores] });
  }
  return { n, classes, count, rounds: Math.min(most, count) };
}

/** From where to where along two axes, and the area. */
interface Box {
  readonly low: readonly [Element, Element];
  readonly high: readonly [Element, Element];
  readonly area: Element;
}

const greater = (a: Element, b: Element, alu: Alu): Element => (alu.compare(a, b) ? a : b);
const less = (a: Element, b: Element, alu: Alu): Element => (alu.compare(a, b) ? b : a);

/** Two corners, in any order, or a centre and sizes. */
function boxOf(data: Tensor['data'], start: number, centres: boolean, alu: Alu): Box {
  const [a, b, c, d] = [data[start], data[start + 1], data[start + 2], data[start + 3]];
  const sides = (first: Element, second: Element): [Element, Element] => {
    const half = centres ? alu.multiply(second, elementOf(0.5)) : undefined;
    const [one, other] = half === undefined ? [first, second] : [alu.subtract(first, half), alu.add(first, half)];
    return [less(one, other, alu), greater(one, other, alu)];
  };
  const [[low0, high0], [low1, high1]] = [sides(a, c), sides(b, d)];
  const area = alu.multiply(alu.subtract(high0, low0), alu.subtract(high1, low1));
  return { low: [low0, low1], high: [high0, high1], area };
}

/** Whether what two boxes share is more than so much of what they cover together. */
function overlaps(one: Box, other: Box, share: Element, alu: Alu): boolean {
  const along = (axis: 0 | 1): Element => {
    const side = alu.subtract(less(one.high[axis], other.high[axis], alu), greater(one.low[axis], other.low[axis], alu));
    return greater(side, ZERO, alu);
  };
  const shared = alu.multiply(along(0), along(1));
  const together = alu.subtract(alu.add(one.area, other.area), shared);
  return alu.compare(shared, alu.multiply(share, together));
}

/** The numbers of the boxes that are kept of one class, the best first. Each round looks at every box. */
function kept(a: Attributes, boxes: readonly Box[], scores: readonly Element[], alu: Alu): number[] {
  const isOut = scores.map((score) => !alu.compare(score, elementOf(a.score)));
  const found: number[] = [];
  for (let round = 0; round < a.most && round < boxes.length; round++) {
    let [best, place] = [LEAST, -1];
    for (const [i, score] of scores.entries()) if (alu.compare(isOut[i] ? LEAST : score, best)) [best, place] = [score, i];
    const chosen = boxes[Math.max(place, 0)] as Box;
    for (const [i, box] of boxes.entries()) {
      const isNear = overlaps(chosen, box, elementOf(a.overlap), alu);
      if (place >= 0 && (isNear || i === place)) isOut[i] = true;
    }
    if (place >= 0) found.push(place);
  }
  return found;
}

export const nms = defineOperator({
  name: 'nms',
  summary:
    'Of boxes [n, boxes, 4], with scores [n, classes, boxes], keep the best of each class, at most so many, and none that overlaps a better one by more than a share of what both cover: rows of image, class and box, as many as are asked for, the rest −1.',
  attributes,
  rule: 'Per box four compares, two subtracts and one multiply, and of centres two multiplies, two subtracts and two adds more; per score one compare. The best of a class is looked for as often as boxes are kept at most: each time eight compares, three subtracts, one add and two multiplies for every box, whether it is still there or not.',
  source: 'ONNX operator NonMaxSuppression; torchvision.ops.nms',
  inputs: { min: 2, max: 2 },
  shape(a, [boxes, scores]) {
    geometry(a, boxes, scores as Shape);
    return [a.rows, 3];
  },
  reach: ({ rows }) => asFarAs([rows, 3]),
  work(a, [boxes, scores]) {
    const { n, classes, count, rounds } = geometry(a, boxes, scores as Shape);
    const [batch, all, perClass] = [factor('n', n), factor('boxes', count), factor('classes', classes)];
    const perBox = a.centres ? { compare: 4, multiply: 3, subtract: 4, add: 2 } : { compare: 4, subtract: 2, multiply: 1 };
    return [
      each(perBox, [batch, all]),
      each({ compare: 1 }, [batch, perClass, all]),
      each({ compare: 8, subtract: 3, add: 1, multiply: 2 }, [batch, perClass, factor('rounds', rounds), all]),
    ];
  },
  window: () => 'apart',
  gradient: { none: 'it chooses boxes, and choosing has no slope' },
  run(a, [boxes, second], _, alu) {
    const scores = second as Tensor;
    const { n, classes, count } = geometry(a, boxes.shape, scores.shape);
    const y = alu.zeros([a.rows, 3]);
    for (let i = 0; i < y.data.length; i++) y.data[i] = elementOf(-1);
    let row = 0;
    for (let image = 0; image < n; image++) {
      const there = Array.from({ length: count }, (__, box) => boxOf(boxes.data, (image * count + box) * 4, a.centres, alu));
      for (let one = 0; one < classes; one++) {
        const own = Array.from({ length: count }, (__, box) => scores.data[(image * classes + one) * count + box]);
        for (const box of kept(a, there, own, alu)) {
          for (const [i, number] of [image, one, box].entries()) if (row < a.rows) y.data[row * 3 + i] = elementOf(number);
          row++;
        }
      }
    }
    return y;
  },
});
