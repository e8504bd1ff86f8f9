import type { Command } from 'commander';
import type { FactoredMetric } from '../../../analysis/algebra/products.ts';
import { GROUPINGS } from '../../../analysis/group.ts';
import type { ComparisonReport } from '../../../report/comparison/comparison.ts';
import { addConventionOption } from '../../by-convention.ts';
import type { Io } from '../../io.ts';
import { addModelOptions, collect } from '../../models.ts';
import { addMemoryOptions, addOutputOption, choiceOption, report } from '../../options.ts';
import type { CompareOptions } from './options.ts';

const FACTORED: readonly FactoredMetric[] = ['macs', 'parameters'];
const FORMATS = ['table', 'json', 'csv', 'markdown', 'html'];

const comparisonHtml = async (comparison: ComparisonReport): Promise<string> =>
  (await import('../../../report/comparison/html.ts')).comparisonHtml(comparison);

export function addCompare(program: Command, io: Io): Command {
  const command = program
    .command('compare <model> <other...>')
    .description('compare blocks, stages or models side by side, and in the factors of their formulas')
    .addOption(choiceOption('--by <rows>', 'what is laid side by side, layers or blocks if not given', GROUPINGS))
    .addOption(choiceOption('--factors <metric>', 'what is compared in factors', FACTORED).default('macs'))
    .option('--symbolic <name>', 'leave a parameter open, to be a symbol in the formulas, as in bottleneck:d=?; may be repeated', collect)
    .addOption(choiceOption('--format <format>', 'how to write the result', FORMATS).default('table'));
  return addOutputOption(addConventionOption(addModelOptions(addMemoryOptions(command)))).action(
    async (model: string, others: string[], options: CompareOptions) => {
      const named = [model, ...others];
      const asked =
        options.convention === undefined ? undefined : (await import('../../convention.ts')).conventionFor(options.convention, named, io);
      const [{ compareReferences }, { comparisonText, comparisonJson, comparisonCsv, comparisonMarkdown }] = await Promise.all([
        import('./run.ts'),
        import('../../../report/comparison/comparison.ts'),
      ]);
      const formats = {
        table: comparisonText,
        json: comparisonJson,
        csv: comparisonCsv,
        markdown: comparisonMarkdown,
        html: comparisonHtml,
      };
      await report(compareReferences(asked?.models ?? named, options, io, asked?.counter), formats, options, io);
    },
  );
}
