import { join } from './kit/elementwise.ts';

export const add = join('add', 'Add tensors element by element.', 'add', 'torch.add; ONNX operator Add');
