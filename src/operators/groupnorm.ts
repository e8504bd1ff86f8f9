import * as z from 'zod/mini';
import { countOf } from '../core/shape.ts';
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
  scaleAndShift,
} from './kit/normalise.ts';
import { defineOperator } from './kit/operator.ts';

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
  gradient: normalisationGradient(({ groups }: { readonly affine: boolean; readonly groups: number }, x) => [x[0] as number, groups]),
  run({ groups, epsilon }, [x], weights, alu) {
    const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
    const perGroup = channels / groups;
    const positions = countOf(spatial);
    const grouped = reshaped(x, [n, groups, perGroup, positions]);
    const channelOf = (vector: number, element: number) => (vector % groups) * perGroup + Math.floor(element / positions);
    return reshaped(normalise(grouped, [2, 3], epsilon, weights, channelOf, alu)[0], x.shape);
  },
});
