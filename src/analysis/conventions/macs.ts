import { type Convention, each, MACS, type Rule, rulesFor } from './convention.ts';
import { withoutProducts } from './without-products.ts';

const products: Rule = { count: 'macs', says: 'multiply-accumulates, no bias' };

/** What flopwise prints unless told otherwise. */
export const macs: Convention = {
  name: 'macs',
  summary: 'The default: one per multiply-accumulate of convolutions, linear layers and matrix products, nothing else.',
  unit: MACS,
  rules: rulesFor({
    ...each(products, 'conv', 'convtranspose', 'dynamicconv', 'deformconv', 'linear', 'matmul', 'einsum', 'attention', 'sdpa', 'recurrent'),
    ...withoutProducts,
    combine: products,
    fft: products,
    deltarule: products,
  }),
};
