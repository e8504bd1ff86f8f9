import { type OperatorName, operatorNames } from '../operators/registry.ts';

/**
 * How a layer is written in the published implementation. It changes nothing of what the layer computes, but tools that
 * hook into Python count by it.
 */
export const WAYS = ['module', 'subclass', 'function', 'operator', 'einsum', 'mean'] as const;
export type Written = (typeof WAYS)[number];

/** What each way means. */
export const WAYS_IN_WORDS: Readonly<Record<Written, string>> = {
  module: 'an object of the framework’s own class for it, as nn.ReLU',
  subclass: 'an object of a class derived from that, as a LayerNorm2d of one’s own',
  function: 'a call of a function or method, as F.relu(x), torch.add(x, y) or q.matmul(k)',
  operator: 'an operator of Python or a method in place, as x + y, x += y or q @ k',
  einsum: 'torch.einsum',
  mean: 'Tensor.mean over the axes',
};

const usual = <const N extends OperatorName>(way: Written, ...names: readonly N[]): Record<N, Written> =>
  Object.fromEntries(names.map((name) => [name, way])) as Record<N, Written>;

const OTHERS: Partial<Record<OperatorName, Written>> = {
  ...usual('operator', 'add', 'multiply', 'slice', 'relativeposition'),
  ...usual(
    'function',
    'matmul',
    'fft',
    'dynamicconv',
    'l2norm',
    'concat',
    'split',
    'shuffle',
    'flatten',
    'reshape',
    'permute',
    'pad',
    'roll',
    'rope',
    'splitheads',
    'mergeheads',
    'cache',
    'dispatch',
    'combine',
    'sdpa',
  ),
};

/** How an operator is written where a layer does not say. */
export const USUALLY = Object.fromEntries(operatorNames.map((name) => [name, OTHERS[name] ?? 'module'])) as Readonly<
  Record<OperatorName, Written>
>;

export const isWritten = (value: unknown): value is Written => (WAYS as readonly unknown[]).includes(value);
