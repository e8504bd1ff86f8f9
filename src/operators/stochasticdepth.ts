import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, fraction } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';

export const stochasticdepth = defineOperator({
  name: 'stochasticdepth',
  summary: 'Drop a whole branch at random while training; does nothing at inference.',
  attributes: z.strictObject({ rate: about(fraction, 'Share of inputs for which the branch is dropped in training.') }),
  rule: 'Free at inference: no operations.',
  source: 'Huang et al. 2016, arXiv:1603.09382; torchvision.ops.StochasticDepth',
  shape: (_, [x]) => x,
  inPlace: true,
  gradient: {
    forward: ({ rate }, [x]) => (rate === 0 ? [] : [each({ multiply: 1 }, elementFactors(x as Shape))]),
    saves: ({ rate }, [x]) => (rate === 0 ? [] : [{ what: 'mask', shape: (x as Shape).slice(0, 1), type: 'element' }]),
    inputs: ({ rate }, [x]) => [rate === 0 ? [] : [each({ multiply: 1 }, elementFactors(x as Shape))]],
    view: ({ rate }, input) => (rate === 0 ? [input] : undefined),
  },
  run: (_, [x]) => x,
});
