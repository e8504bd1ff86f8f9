import type { Command } from 'commander';
import { GROUPINGS } from '../../analysis/group.ts';
import { type TrainingOptions, train } from '../../analysis/training/step.ts';
import { type TrainingReportOptions, trainingCsv, trainingJson, trainingMarkdown, trainingText } from '../../report/training/training.ts';
import type { Io } from '../io.ts';
import { addModelOptions, collect, type ModelOptions, openAll } from '../models.ts';
import { addResultOptions, choiceOption, EXACT, type ResultOptions, report } from '../options.ts';

type TrainOptions = ModelOptions & ResultOptions & TrainingReportOptions & TrainingOptions;

const formats = { table: trainingText, json: trainingJson, csv: trainingCsv, markdown: trainingMarkdown };

export const addTrain = (program: Command, io: Io): Command => {
  const command = program
    .command('train <model...>')
    .description('count what a training step costs, forward and backward, layer by layer')
    .addOption(choiceOption('--by <rows>', 'one row per (default: layer)', GROUPINGS))
    .option('--freeze <pattern>', 'layers, or weights as layer/role, that are not trained: "conv1/**"; may be repeated', collect)
    .option('--train <pattern>', 'the only layers or weights that are trained; may be repeated', collect)
    .option('--input-gradient', 'compute the gradient of the input too')
    .option(...EXACT);
  return addResultOptions(addModelOptions(command), formats).action((models: string[], options: TrainOptions) =>
    report(
      openAll(models, options, io).map((graph) => train(graph, options)),
      formats,
      options,
      io,
    ),
  );
};
