import { join } from './elementwise.ts';

export const add = join('add', 'Add tensors element by element.', 'add', 'torch.add; ONNX operator Add');
