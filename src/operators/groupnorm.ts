import * as z from 'zod/mini';
import { elementCount, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { elementFactors, factor } from '../core/work.ts';
import { about, positive } from './kit/attributes.ts';
import { checkChannels, checkDivides } from './kit/axes.ts';
import { reshaped } from './kit/elements.ts';
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

/** The shape with an axis of groups, and the channel of an element of a group. */
function groupedBy(groups: number, x: Shape) {
  const [n, channels, ...spatial] = x as [number, number, ...number[]];
  const [perGroup, positions] = [channels / groups, elementCount(spatial)];
  return {
    grouped: [n, groups, perGroup, positions],
    channelOf: (vector: number, element: number) => (vector % groups) * perGroup + Math.floor(element / positions),
  };
}

export const groupnorm = defineOperator({
  name: 'groupnorm',
  summary: 'Normalise over groups of channels of [n, c, …] and all positions.',
  attributes: z.strictObject({
    groups: about(positive, 'How many groups of channels are normalised, each by itself.'),
    ...normalisationAttributes(true),
  }),
  rule: NORMALISE_RULE,
  source: 'Wu and He 2018, arXiv:1803.08494; torch.nn.GroupNorm',
  shape({ groups }, [x]) {
    checkChannels('groupnorm', x);
    checkDivides('channels', x[1] as number, 'groups', groups);
    return x;
  },
  weights: ({ affine }, [x]) => scaleAndShift(affine, [x[1] as number]),
  work({ affine, groups }, [x]) {
    const elements = elementFactors(x);
    return normalisation(affine, elements, [...elements.slice(0, 1), factor('groups', groups)]);
  },
  gradient: {
    ...normalisationGradient(({ groups }: { readonly affine: boolean; readonly groups: number }, x) => [x[0] as number, groups]),
    run({ groups, epsilon }, pass, alus) {
      const [x, g] = [pass.inputs[0], pass.gradients[0]] as [Tensor, Tensor];
      const { grouped, channelOf } = groupedBy(groups, x.shape);
      const parts = { ...pass, inputs: [reshaped(x, grouped)], gradients: [reshaped(g, grouped)] };
      const { inputs, weights } = normaliseBack([2, 3], epsilon, channelOf, parts, alus);
      return { inputs: inputs.map((one) => one && reshaped(one, x.shape)), weights };
    },
  },
  run({ groups, epsilon }, [x], weights, alu) {
    const { grouped, channelOf } = groupedBy(groups, x.shape);
    return reshaped(normalise(reshaped(x, grouped), [2, 3], epsilon, weights, channelOf, alu).y, x.shape);
  },
});
