import type { Convention } from './convention.ts';
import { macs } from './macs.ts';

/** The ResNet paper’s "FLOPs (multiply-adds)". */
export const paper: Convention = {
  ...macs,
  name: 'paper',
  summary: 'The ResNet paper’s multiply-adds, of the network as the paper has it: no biases, no norms, no activations.',
  version: 'He et al. 2015, arXiv:1512.03385, Table 1',
  source: 'https://arxiv.org/abs/1512.03385',
  network: 'paper',
};
