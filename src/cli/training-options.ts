import type { Command } from 'commander';
import { CHECKPOINTS } from '../analysis/training/checkpoints.ts';
import { OPTIMIZER_NAMES } from '../analysis/training/optimizers.ts';
import { addFlowOptions } from './flow-options.ts';
import { choiceOption } from './options.ts';

export const CHECKPOINT = [
  '--checkpoint <parts>',
  `what is done again in place of being kept: ${CHECKPOINTS.join(', ')}, or a pattern for paths`,
] as const;

/** How a training step is done. */
export const addTrainingOptions = (command: Command): Command =>
  addFlowOptions(
    command
      .addOption(choiceOption('--optimizer <name>', 'what updates the weights', OPTIMIZER_NAMES).default(undefined, 'adamw'))
      .addOption(
        choiceOption('--device <kind>', 'where masks of dropout take a whole element, or one byte', ['cpu', 'cuda']).default(
          undefined,
          'cpu',
        ),
      )
      .option(...CHECKPOINT),
  );
