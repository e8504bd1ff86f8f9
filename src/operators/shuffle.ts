import * as z from 'zod/mini';
import { about, positive } from './kit/attributes.ts';
import { checkChannels, checkDivides } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { MOVED } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

export const shuffle = defineOperator({
  name: 'shuffle',
  summary: 'Interleave groups of channels of [n, c, …], so that a grouped convolution that follows sees all groups.',
  attributes: z.strictObject({ groups: about(positive, 'How many groups the channels are interleaved from.') }),
  rule: 'Only moves elements: no operations.',
  source: 'Zhang et al. 2017, arXiv:1707.01083, section 3.1; torch.nn.ChannelShuffle',
  shape({ groups }, [x]) {
    checkChannels('shuffle', x);
    checkDivides('channels', x[1] as number, 'groups', groups);
    return x;
  },
  gradient: MOVED,
  run({ groups }, [x], _, alu) {
    const perGroup = (x.shape[1] as number) / groups;
    return fill(x.shape, alu, (at) => {
      const channel = at[1] as number;
      return read(x, at.with(1, (channel % groups) * perGroup + Math.floor(channel / groups)));
    });
  },
});
