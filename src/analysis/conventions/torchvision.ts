import type { Convention } from './convention.ts';
import { macs } from './macs.ts';

/** What torchvision publishes with its weights. */
export const torchvision: Convention = {
  ...macs,
  name: 'torchvision',
  summary: 'torchvision’s published GFLOPS (_ops), which are multiply-accumulates: convolutions, linear layers, matrix products.',
  version: 'torchvision 0.14, _ops of the weights, in billions with three decimals',
  source: 'https://docs.pytorch.org/vision/stable/models.html',
  decimals: 3,
};
