import * as z from 'zod/mini';
import type { Tensor } from '../core/tensor.ts';
import { elementFactors } from '../core/work.ts';
import { otherAxes } from './kit/elements.ts';
import {
  NORMALISE_RULE,
  normalisation,
  normalisationAttributes,
  normalisationGradient,
  normalise,
  normaliseBack,
  scaleAndShift,
} from './kit/normalise.ts';
import { defineOperator } from './kit/operator.ts';
import { checkSpatial } from './kit/window.ts';

export const instancenorm = defineOperator({
  name: 'instancenorm',
  summary: 'Normalise each channel of [n, c, …] over its own positions.',
  attributes: z.strictObject(normalisationAttributes(false)),
  rule: NORMALISE_RULE,
  source: 'Ulyanov et al. 2016, arXiv:1607.08022; torch.nn.InstanceNorm1d, InstanceNorm2d, InstanceNorm3d',
  shape(_, [x]) {
    checkSpatial('instancenorm', x);
    return x;
  },
  weights: ({ affine }, [x]) => scaleAndShift(affine, [x[1] as number]),
  work({ affine }, [x]) {
    const elements = elementFactors(x);
    return normalisation(affine, elements, elements.slice(0, 2));
  },
  gradient: {
    ...normalisationGradient((_, x) => x.slice(0, 2)),
    run({ epsilon }, pass, alus) {
      const { shape } = pass.inputs[0] as Tensor;
      return normaliseBack(otherAxes(shape, [0, 1]), epsilon, (vector) => vector % (shape[1] as number), pass, alus);
    },
  },
  run: ({ epsilon }, [x], weights, alu) =>
    normalise(x, otherAxes(x.shape, [0, 1]), epsilon, weights, (vector) => vector % (x.shape[1] as number), alu).y,
});
