import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { elementFactors, factor } from '../core/work.ts';
import { flag, positive, withDefault } from './attributes.ts';
import { checkChannels } from './axes.ts';
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
    const total = x[1] as number;
    if (total % groups !== 0) throw fail('DOES_NOT_DIVIDE', { what: 'channels', total, parts: 'groups', divisor: groups }, 'groups');
    return x;
  },
  weights: ({ affine }, [x]) => scaleAndShift(affine, [x[1] as number]),
  work({ affine, groups }, [x]) {
    const elements = elementFactors(x);
    return normalisation(affine, elements, [...elements.slice(0, 1), factor('groups', groups)]);
  },
});
