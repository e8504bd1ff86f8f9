import * as z from 'zod/mini';
import { elementFactors, factor } from '../core/work.ts';
import { flag, positive, withDefault } from './attributes.ts';
import { checkChannels, checkDivides } from './axes.ts';
import { NORMALISE_RULE, normalisation, scaleAndShift } from './normalise.ts';
import { defineOperator } from './operator.ts';

export const groupnorm = defineOperator({
  name: 'groupnorm',
  summary: 'Normalise over groups of channels of [n, c, …] and all positions.',
  attributes: z.strictObject({ groups: positive, affine: withDefault(flag, true) }),
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
});
