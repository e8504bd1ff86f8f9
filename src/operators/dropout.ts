import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, fraction, withDefault } from './kit/attributes.ts';
import { masked } from './kit/drop.ts';
import { toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

export const dropout = defineOperator({
  name: 'dropout',
  summary: 'Zero elements at random while training; does nothing at inference.',
  attributes: z.strictObject({ rate: about(withDefault(fraction, 0.5), 'Share of elements dropped in training.') }),
  rule: 'Free at inference: no operations.',
  source: 'Srivastava et al. 2014; torch.nn.Dropout',
  shape: (_, [x]) => x,
  inPlace: true,
  gradient: {
    training: {
      work: ({ rate }, [x]) => (rate === 0 ? [] : [each({ multiply: 1 }, elementFactors(x as Shape))]),
      run: ({ rate }, inputs, _, alu) => masked(inputs[0] as Tensor, rate, 1, alu),
    },
    run: toInput(({ rate }, { g }, alu) => masked(g, rate, 1, alu)),
    saves: ({ rate }, [x]) => (rate === 0 ? [] : [{ what: 'mask', shape: x as Shape, type: 'mask' }]),
    inputs: ({ rate }, [x]) => [rate === 0 ? [] : [each({ multiply: 1 }, elementFactors(x as Shape))]],
    view: ({ rate }, input) => (rate === 0 ? [input] : undefined),
  },
  run: (_, [x]) => x,
});
