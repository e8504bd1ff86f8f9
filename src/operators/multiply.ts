import { join } from './kit/elementwise.ts';

export const multiply = join('multiply', 'Multiply tensors element by element.', 'multiply', 'torch.mul; ONNX operator Mul');
