import * as z from 'zod/mini';
import { type Tensor, type Value, value, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Factor, factor } from '../core/work.ts';
import { about, positive, real, withDefault } from './kit/attributes.ts';
import { checkChannels } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';

export const lrn = defineOperator({
  name: 'lrn',
  summary: 'Divide every element of [n, c, …] by a power of the sum of squares over its neighbours in so many channels.',
  attributes: z.strictObject({
    size: about(positive, 'How many neighbouring channels are summed over.'),
    alpha: about(withDefault(real, 1e-4), 'Factor of the sum of squares.'),
    beta: about(withDefault(real, 0.75), 'Exponent of the divisor.'),
    bias: about(withDefault(real, 1), 'Added to the sum before the power is taken.'),
  }),
  rule: 'x / (bias + alpha/size · Σ x²)^beta, the power as exp(beta · log): one multiply and one add per element and neighbour, channels beyond the edge included as zeros; per element two multiplies, one add, one log, one exp and one divide.',
  source: 'Krizhevsky et al. 2012, section 3.3; ONNX operator LRN',
  shape(_, [x]) {
    checkChannels('lrn', x);
    return x;
  },
  work({ size }, [x]) {
    const [batch, ...rest] = elementFactors(x) as [Factor, ...Factor[]];
    return [
      each({ multiply: 1, add: 1 }, [batch, factor('neighbours', size), ...rest]),
      each({ multiply: 2, add: 1, log: 1, exp: 1, divide: 1 }, [batch, ...rest]),
    ];
  },
  gradient: { none: 'its gradient is not derived yet' },
  run({ size, alpha, beta, bias }, [x], _, alu): Tensor {
    const channels = x.shape[1] as number;
    const share = value(alpha / size);
    const before = Math.floor((size - 1) / 2);
    return fill(x.shape, alu, (at) => {
      const channel = at[1] as number;
      let squares: Value = ZERO;
      for (let i = 0; i < size; i++) {
        const neighbour = channel - before + i;
        const element = neighbour >= 0 && neighbour < channels ? read(x, at.with(1, neighbour)) : ZERO;
        squares = alu.add(squares, alu.multiply(element, element));
      }
      const base = alu.add(value(bias), alu.multiply(share, squares));
      return alu.divide(read(x, at), alu.exp(alu.multiply(value(beta), alu.log(base))));
    });
  },
});
