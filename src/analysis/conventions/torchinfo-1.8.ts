import type { Convention } from './convention.ts';
import { torchinfo } from './torchinfo.ts';

/** As released: a linear layer counts its weights once for each of the batch. */
export const torchinfoReleased: Convention = {
  ...torchinfo,
  name: 'torchinfo-1.8',
  summary: 'torchinfo as released in 1.8.0: a linear layer counts once for each of the batch, whatever its positions.',
  version: 'torchinfo 1.8.0',
  source: 'https://pypi.org/project/torchinfo/1.8.0/',
  rules: {
    ...torchinfo.rules,
    linear: {
      count: 'batch * parameters if module or subclass else 0',
      says: 'weights and biases, once for each of the batch',
      where: 'layer_info.py, calculate_macs',
      bug: 'A linear layer is counted at one position, however many it is applied to.',
      bugIf: 'i > batch * features',
    },
  },
};
