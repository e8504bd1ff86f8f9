import type { Command } from 'commander';
import { collect } from './models.ts';

/** What is trained, and so what gradients are needed for. */
export const addFlowOptions = (command: Command): Command =>
  command
    .option('--freeze <pattern>', 'layers, or weights as layer/role, that are not trained: "conv1/**"; may be repeated', collect)
    .option('--train <pattern>', 'the only layers or weights that are trained; may be repeated', collect)
    .option('--input-gradient', 'compute the gradient of the input too');
