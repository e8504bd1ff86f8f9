import { activation } from './elementwise.ts';

export const relu = activation('relu', 'max(x, 0).', { compare: 1 }, 'Nair and Hinton 2010; torch.nn.ReLU');
