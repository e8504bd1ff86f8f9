import type { Command } from 'commander';
import type { FactoredMetric } from '../../../analysis/algebra/products.ts';
import { GROUPINGS } from '../../../analysis/group.ts';
import { fail } from '../../../problems/problem.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown, comparisonText } from '../../../report/comparison/comparison.ts';
import { comparisonHtml } from '../../../report/comparison/html.ts';
import { comparisonSvg } from '../../../report/comparison/picture.ts';
import {
  trainingComparisonCsv,
  trainingComparisonHtml,
  trainingComparisonJson,
  trainingComparisonMarkdown,
  trainingComparisonText,
} from '../../../report/training/comparison.ts';
import { type CompareOptions, compareReferences } from '../../../service/compare.ts';
import { type CompareTrainingOptions, compareTrainingReferences } from '../../../service/training.ts';
import { addConventionOption, conventionFor } from '../../convention.ts';
import type { Io } from '../../io.ts';
import { addModelOptions, collect, eachOf } from '../../models.ts';
import { addMemoryOptions, addResultOptions, choiceOption, type ResultOptions, report } from '../../options.ts';
import { addTrainingOptions } from '../../training-options.ts';

const FACTORED: readonly FactoredMetric[] = ['macs', 'parameters'];
const formats = {
  table: comparisonText,
  json: comparisonJson,
  csv: comparisonCsv,
  markdown: comparisonMarkdown,
  html: comparisonHtml,
  svg: comparisonSvg,
};

const trainingFormats = {
  table: trainingComparisonText,
  json: trainingComparisonJson,
  csv: trainingComparisonCsv,
  markdown: trainingComparisonMarkdown,
  html: trainingComparisonHtml,
};

interface TrainingComparisonOptions extends Omit<CompareTrainingOptions, 'by' | 'dtype'> {
  readonly training?: boolean;
}

/** Options of one of the two comparisons, which the other would ignore. */
const FORWARD_ONLY = ['factors', 'symbolic', 'convention'];
const TRAINING_ONLY = ['optimizer', 'device', 'checkpoint', 'freeze', 'train', 'inputGradient'];

function refuseGiven(command: Command, names: readonly string[], isTraining: boolean): void {
  const given = command.options.find(
    (option) => names.includes(option.attributeName()) && command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given === undefined) return;
  const message = `"${given.long}" is ${isTraining ? 'not for training steps' : 'for training steps: add "--training"'}`;
  throw fail('WRONG_CALL', { message, command: 'flopwise compare' });
}

export function addCompare(program: Command, io: Io): Command {
  const command = program
    .command('compare <model> [other...]')
    .description(
      'compare blocks, stages or models side by side, and in the factors of their formulas; one model alone where a parameter is left open',
    )
    .addOption(choiceOption('--by <rows>', 'what is laid side by side', GROUPINGS).default(undefined, 'layer or block, whichever is short'))
    .addOption(choiceOption('--factors <metric>', 'what is compared in factors', FACTORED).default('macs'))
    .option('--symbolic <name>', 'leave a parameter open, to be a symbol in the formulas, as in bottleneck:d=?; may be repeated', collect)
    .option('--training', 'compare training steps: forward, both gradients, memory')
    .option('--against <settings>', 'a step beside itself in another way: checkpoint=block,optimizer=sgd; may be repeated', collect);
  addTrainingOptions(command);
  return addResultOptions(addConventionOption(addModelOptions(addMemoryOptions(command))), formats).action(
    (model: string, others: string[], options: CompareOptions & TrainingComparisonOptions & ResultOptions) => {
      const named = eachOf([model, ...others], options, io);
      const isTraining = options.training === true || options.against !== undefined;
      refuseGiven(command, isTraining ? FORWARD_ONLY : TRAINING_ONLY, isTraining);
      if (isTraining) {
        const { format } = options;
        if (!Object.hasOwn(trainingFormats, format))
          throw fail('UNKNOWN_CHOICE', { option: '--format', value: format, known: Object.keys(trainingFormats) });
        return report(compareTrainingReferences(named, options, io), trainingFormats, options, io);
      }
      const asked = options.convention === undefined ? undefined : conventionFor(options.convention, named, io);
      report(compareReferences(asked?.models ?? named, options, io, asked?.counter), formats, options, io);
    },
  );
}
