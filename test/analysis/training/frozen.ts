import type { FlowOptions } from '../../../src/gradients/flow.ts';

/** What was trained where not all was, by the names of the zoo. */
export const FROZEN: Readonly<Record<string, Readonly<Record<string, FlowOptions>>>> = {
  resnet50: {
    'only fc trained': { train: ['head/linear'] },
    'conv1, bn1, layer1 frozen': { freeze: ['conv1', 'conv2_x'] },
    'only layer4 and fc trained': { train: ['conv5_x', 'head'] },
    'only layer1 trained': { train: ['conv2_x'] },
    'only batch norms trained': { train: ['**/{scale,shift}'] },
    'only conv1 frozen (bn1 trained)': { freeze: ['conv1/conv'] },
    'only biases of fc trained': { train: ['head/linear/bias'] },
  },
  vit_b_16: {
    'only heads trained': { train: ['head'] },
    'conv_proj frozen (class token and positions trained)': { freeze: ['embedding/conv'] },
    'only biases trained': { train: ['**/{bias,shift,in bias,out bias}'] },
    'conv_proj, class token, positions, encoder layers 0 to 5 frozen': {
      freeze: ['embedding', 'encoder/encoder_layer[{0,1,2,3,4,5}]'],
    },
  },
};
