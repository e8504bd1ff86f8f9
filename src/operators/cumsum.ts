import * as z from 'zod/mini';
import { ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { integer, withDefault } from './attributes.ts';
import { axisOf } from './axes.ts';
import { offsetsAlong, otherAxes } from './elements.ts';
import { defineOperator } from './operator.ts';

export const cumsum = defineOperator({
  name: 'cumsum',
  summary: 'Replace every element by the sum of all up to it along an axis, the last by default.',
  attributes: () => z.strictObject({ axis: withDefault(integer(), -1) }),
  rule: 'One add per element.',
  source: 'torch.cumsum; ONNX operator CumSum',
  shape({ axis }, [x]) {
    axisOf(axis, x);
    return x;
  },
  work: (_, [x]) => [each({ add: 1 }, elementFactors(x))],
  window: () => 'apart',
  run(a, [{ shape, data }], _, alu) {
    const axis = axisOf(a.axis, shape);
    const y = alu.zeros(shape);
    const along = offsetsAlong(shape, [axis]);
    for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
      let sum = ZERO;
      for (const place of along) {
        sum = alu.add(sum, data[start + place]);
        y.data[start + place] = sum;
      }
    }
    return y;
  },
});
