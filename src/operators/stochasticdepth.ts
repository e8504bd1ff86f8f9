import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, fraction } from './kit/attributes.ts';
import { masked } from './kit/drop.ts';
import { toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

/** Each input of the batch is kept or dropped as a whole. */
const maskedRows = (x: Tensor, rate: number, alu: Alu): Tensor => masked(x, rate, x.data.length / (x.shape[0] as number), alu);

export const stochasticdepth = defineOperator({
  name: 'stochasticdepth',
  summary: 'Drop a whole branch at random while training; does nothing at inference.',
  attributes: z.strictObject({ rate: about(fraction, 'Share of inputs for which the branch is dropped in training.') }),
  rule: 'Free at inference: no operations.',
  source: 'Huang et al. 2016, arXiv:1603.09382; torchvision.ops.StochasticDepth',
  shape: (_, [x]) => x,
  inPlace: true,
  gradient: {
    training: {
      work: ({ rate }, [x]) => (rate === 0 ? [] : [each({ multiply: 1 }, elementFactors(x as Shape))]),
      run: ({ rate }, inputs, _, alu) => maskedRows(inputs[0] as Tensor, rate, alu),
    },
    run: toInput(({ rate }, { g }, alu) => maskedRows(g, rate, alu)),
    saves: ({ rate }, [x]) => (rate === 0 ? [] : [{ what: 'mask', shape: (x as Shape).slice(0, 1), type: 'element' }]),
    inputs: ({ rate }, [x]) => [rate === 0 ? [] : [each({ multiply: 1 }, elementFactors(x as Shape))]],
    view: ({ rate }, input) => (rate === 0 ? [input] : undefined),
  },
  run: (_, [x]) => x,
});
