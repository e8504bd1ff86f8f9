import type { OperatorName } from '../../operators/registry.ts';

/** Of torchvision's classification models, and of recurrent layers. */
const OF_MODELS: readonly OperatorName[] = [
  'conv',
  'linear',
  'matmul',
  'attention',
  'recurrent',
  'batchnorm',
  'layernorm',
  'l2norm',
  'relu',
  'relu6',
  'gelu',
  'silu',
  'sigmoid',
  'softmax',
  'hardsigmoid',
  'hardswish',
  'maxpool',
  'avgpool',
  'globalavgpool',
  'adaptiveavgpool',
  'add',
  'multiply',
  'concat',
  'split',
  'slice',
  'shuffle',
  'flatten',
  'reshape',
  'permute',
  'pointwise',
  'roll',
  'parameter',
  'constant',
  'relativeposition',
  'dropout',
  'stochasticdepth',
];

/** Of convolutional networks. */
const OF_CONVOLUTIONAL: readonly OperatorName[] = [
  'conv',
  'linear',
  'batchnorm',
  'relu',
  'maxpool',
  'avgpool',
  'globalavgpool',
  'adaptiveavgpool',
  'add',
  'concat',
  'flatten',
  'dropout',
  'hardsigmoid',
  'multiply',
  'identity',
];

/** Of language models without rotary positions, and with them. */
const OF_GPT: readonly OperatorName[] = [
  'linear',
  'sdpa',
  'rmsnorm',
  'gelu',
  'add',
  'identity',
  'embedding',
  'positions',
  'splitheads',
  'mergeheads',
];
const OF_LLAMA: readonly OperatorName[] = [
  'linear',
  'sdpa',
  'rmsnorm',
  'silu',
  'add',
  'multiply',
  'rope',
  'identity',
  'embedding',
  'splitheads',
  'mergeheads',
];

/** Of those with experts too. */
const OF_EXPERTS: readonly OperatorName[] = [...OF_LLAMA, 'softmax', 'topk', 'dispatch', 'combine'];

/** Of DeepSeek's too, with their latent attention. */
const OF_DEEPSEEK: readonly OperatorName[] = [...OF_EXPERTS, 'cache', 'concat', 'move', 'split'];

/**
 * By convention, the operators of which layers were measured: the rules give, to the integer or to all its decimals, what the
 * tool printed for networks that have them. The figures are in test/analysis/conventions/figures.ts, from which a test
 * derives this table.
 */
export const MEASURED: Readonly<Record<string, readonly OperatorName[]>> = {
  fvcore: [...OF_MODELS, 'convtranspose', 'einsum', 'groupnorm', 'upsample'],
  ptflops: [...OF_MODELS, 'tanh'],
  'ptflops-aten': [...OF_MODELS, 'tanh'],
  thop: [...OF_MODELS, 'tanh'],
  torchinfo: [...OF_MODELS, 'tanh'],
  calflops: [...OF_MODELS, 'convtranspose', 'tanh', 'upsample'],
  'calflops-macs': [...OF_MODELS, 'convtranspose', 'tanh'],
  'ptflops-0.7': OF_CONVOLUTIONAL,
  'torchinfo-1.8': [
    'conv',
    'linear',
    'attention',
    'layernorm',
    'gelu',
    'add',
    'concat',
    'slice',
    'flatten',
    'permute',
    'parameter',
    'dropout',
    'embedding',
    'recurrent',
  ],
  torch: [...OF_GPT, 'conv', 'einsum', 'matmul'],
  chinchilla: OF_GPT,
  nanogpt: OF_GPT,
  megatron: OF_EXPERTS,
  maxtext: OF_DEEPSEEK,
  verl: [...OF_DEEPSEEK, 'parameter', 'sigmoid'],
  xla: ['conv', 'einsum', 'linear', 'matmul', 'maxpool', 'reduce'],
  'thop-2.1': ['conv', 'linear'],
  deepspeed: ['linear', 'sdpa'],
  'deepspeed-macs': ['linear', 'sdpa'],
  // timm publishes what fvcore counts.
  timm: [...OF_MODELS, 'convtranspose', 'einsum', 'groupnorm', 'upsample'],
};
