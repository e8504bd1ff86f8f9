import { eachPlace, offsetIn, stridesOf } from '../../../core/places.ts';
import { elementCount, type Shape } from '../../../core/shape.ts';
import type { ReductionName } from '../../../operators/reduce.ts';
import { charge } from '../../../problems/allowance.ts';
import type { ElementType, OnnxElement } from '../../file/model.ts';
import { axesOf, axisIn, broken, input, int, type ReadRule, type ReadRules } from '../../read/call.ts';
import { filled, movedByData, passedOn } from '../../read/layers.ts';
import { calculate, rounded } from '../../read/numbers.ts';
import { axesIn } from '../../read/steering.ts';

import { isWeight, known, numberIn, type ReadValue } from '../../read/value.ts';

const FOLDED: Partial<Record<ReductionName, string>> = { sum: 'Add', mean: 'Add', prod: 'Mul', max: 'Max', min: 'Min' };

/** The result for known elements; `undefined` where it has to be computed. */
function folded(x: ReadValue, by: ReductionName, axes: readonly number[], shape: Shape): ReadValue | undefined {
  const operation = FOLDED[by];
  const elements = x.isConstant && !isWeight(x) ? x.elements() : undefined;
  if (operation === undefined || elements === undefined || elements.length === 0) return undefined;
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const results: (OnnxElement | undefined)[] = new Array(elementCount(kept)).fill(undefined);
  let i = 0;
  charge('elements', elements.length);
  eachPlace(x.shape, (at) => {
    const to = offsetIn(strides, at);
    const element = elements[i++] as OnnxElement;
    const before = results[to];
    results[to] = before === undefined ? element : calculate(operation, before, element, x.type);
  });
  if (results.some((result) => result === undefined)) return undefined;
  const counted = elements.length / Math.max(results.length, 1);
  return known(x.type, shape, by === 'mean' ? results.map((sum) => meanOf(Number(sum), counted, x.type)) : (results as OnnxElement[]));
}

const meanOf = (sum: number, count: number, type: ElementType | undefined): number =>
  type?.startsWith('float') ? rounded(sum / count, type) : Math.trunc(sum / count);

/** Over all axes where none are named, unless that means none. */
const reduction =
  (by: ReductionName, since: number): ReadRule =>
  (call) => {
    const x = input(call, 0);
    const named = axesIn(call, since);
    if ((named === undefined || named.length === 0) && int(call.node, 'noop_with_empty_axes') === 1) return passedOn(call, x);
    const all = named === undefined || named.length === 0;
    // A scalar has one axis, as vectors of one element do.
    const axis = all ? [...x.shape.keys()] : axesOf(call.node, named, Math.max(x.shape.length, 1));
    const keep = (int(call.node, 'keepdims') ?? 1) === 1;
    const shape = keep
      ? x.shape.map((size, index) => (axis.includes(index) ? 1 : size))
      : x.shape.filter((_, index) => !axis.includes(index));
    const result = folded(x, by, axis, shape);
    if (result !== undefined) return [result];
    if (elementCount(x.shape) === 0) return filled(call, [x], shape);
    return call.layer('reduce', { by, axis: x.shape.length === 0 ? [0] : axis, keep }, [x], { shapes: [shape] });
  };

/** Where the greatest or the least element stands: a comparison for each. */
const position =
  (by: 'argmax' | 'argmin'): ReadRule =>
  (call) => {
    const x = input(call, 0);
    const axis = axisIn(call.node, int(call.node, 'axis') ?? 0, x.shape.length);
    const keep = (int(call.node, 'keepdims') ?? 1) === 1;
    const shape = keep ? x.shape.with(axis, 1) : x.shape.toSpliced(axis, 1);
    return call.layer('reduce', { by, axis, keep, last: int(call.node, 'select_last_index') === 1 }, [x], {
      shapes: [shape],
      types: ['int64'],
    });
  };

const topK: ReadRule = (call) => {
  const x = input(call, 0);
  const named = call.opset < 10 ? int(call.node, 'k') : numberIn(input(call, 1));
  const axis = axisIn(call.node, int(call.node, 'axis') ?? -1, x.shape.length);
  const size = x.shape[axis] as number;
  const k = named ?? (call.atMost([x.shape, x.shape])[0]?.[axis] as number);
  if (!(k >= 0 && k <= size)) throw broken(call.node, `it asks for the first ${k} of ${size}`);
  const shape = x.shape.with(axis, k);
  if (elementCount(shape) === 0) return movedByData(call, [x], [shape, shape], [x.type, 'int64']);
  return call.layer('topk', { k, axis, smallest: int(call.node, 'largest') === 0 }, [x], {
    shapes: [shape, shape],
    types: [x.type, 'int64'],
  });
};

const cumSum: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = numberIn(input(call, 1)) ?? 0;
  const [exclusive, reverse] = [int(call.node, 'exclusive') === 1, int(call.node, 'reverse') === 1];
  return call.layer('cumsum', { axis: axisIn(call.node, axis, x.shape.length), exclusive, reverse }, [x], { shapes: [x.shape] });
};

/** Many elements to one. From opset 18 on axes are an input; of ReduceSum from 13 on. */
export const reductions: ReadRules = {
  ReduceSum: reduction('sum', 13),
  ReduceMean: reduction('mean', 18),
  ReduceMax: reduction('max', 18),
  ReduceMin: reduction('min', 18),
  ReduceProd: reduction('prod', 18),
  ReduceL1: reduction('l1', 18),
  ReduceL2: reduction('l2', 18),
  ReduceSumSquare: reduction('squares', 18),
  ReduceLogSum: reduction('logsum', 18),
  ReduceLogSumExp: reduction('logsumexp', 18),
  ArgMax: position('argmax'),
  ArgMin: position('argmin'),
  TopK: topK,
  CumSum: cumSum,
};
