import * as z from 'zod/mini';
import { type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { flag, withDefault } from './attributes.ts';
import { checkChannels } from './axes.ts';
import { fill, read } from './elements.ts';
import { defineOperator, learned } from './operator.ts';

export const prelu = defineOperator({
  name: 'prelu',
  summary: 'Multiply what is negative by a learned slope: one for all, or with shared: false one for each channel of [n, c, …].',
  attributes: () => z.strictObject({ shared: withDefault(flag(), true) }),
  rule: 'x > 0 ? x : slope·x, both arms computed: one compare and one multiply per element.',
  source: 'He et al. 2015, arXiv:1502.01852; torch.nn.PReLU',
  shape({ shared }, [x]) {
    if (!shared) checkChannels('prelu', x);
    return x;
  },
  weights: ({ shared }, [x]) => ({ slope: learned([shared ? 1 : (x[1] as number)]) }),
  work: (_, [x]) => [each({ compare: 1, multiply: 1 }, elementFactors(x))],
  inPlace: true,
  run({ shared }, [x], { slope }, alu) {
    const { data: slopes } = slope as Tensor;
    return fill(x.shape, alu, (at) => {
      const element = read(x, at);
      const scaled = alu.multiply(slopes[shared ? 0 : (at[1] as number)], element);
      return alu.compare(element, ZERO) ? element : scaled;
    });
  },
});
