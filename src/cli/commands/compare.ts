import { type Command, Option } from 'commander';
import type { FactoredMetric } from '../../analysis/algebra/products.ts';
import { GROUPINGS, type Grouping } from '../../analysis/group.ts';
import type { ElementType } from '../../analysis/memory.ts';
import type { ComparisonReport } from '../../report/comparison.ts';
import type { Screen } from '../../report/terminal.ts';
import type { Io } from '../io.ts';
import {
  addModelOptions,
  addOutputOption,
  collect,
  deliver,
  dtypeOption,
  formatOption,
  inplaceOption,
  type ModelOptions,
  type OutputOptions,
} from '../options.ts';
import { screenFor } from '../screen.ts';

export interface CompareOptions extends ModelOptions, OutputOptions {
  readonly format: keyof typeof formats;
  readonly by?: Grouping;
  readonly factors: FactoredMetric;
  readonly symbolic?: readonly string[];
  readonly dtype: ElementType;
  readonly inplace: boolean;
}

const report = () => import('../../report/comparison.ts');

const formats = {
  table: async (result: ComparisonReport, screen: Screen) => (await report()).comparisonText(result, screen),
  json: async (result: ComparisonReport) => {
    const [{ comparisonJson }, { costJson }, { toJson }] = await Promise.all([
      report(),
      import('../../report/cost-json.ts'),
      import('../../report/json-text.ts'),
    ]);
    const models = result.models.map(({ analysis }) => costJson(analysis, { by: 'layer' }));
    return toJson(comparisonJson(result, models));
  },
  csv: async (result: ComparisonReport) => (await report()).comparisonCsv(result),
  markdown: async (result: ComparisonReport) => (await report()).comparisonMarkdown(result),
} as const;

const FACTORED: readonly FactoredMetric[] = ['macs', 'parameters'];

export const addCompare = (program: Command, io: Io): Command =>
  addOutputOption(addModelOptions(program.command('compare <a> <b> [others...]')))
    .description('compare blocks, stages or models: side by side, and in the factors of their formulas')
    .addOption(
      new Option('--by <rows>', 'what is laid side by side (default: layers of blocks and stages, blocks of models)').choices([
        ...GROUPINGS,
      ]),
    )
    .addOption(new Option('--factors <metric>', 'what is compared in factors').choices(FACTORED).default('macs'))
    .option(
      '--symbolic <name>',
      'leave a parameter open, so that the formulas have it as a symbol; as d=? in the name; may be repeated',
      collect,
    )
    .addOption(dtypeOption())
    .addOption(inplaceOption())
    .addOption(formatOption(Object.keys(formats)))
    .action(async (a: string, b: string, others: string[], options: CompareOptions) => {
      const { compareReferences } = await import('../compare-references.ts');
      const result = compareReferences([a, b, ...others], options, io);
      deliver(await formats[options.format](result, screenFor(io, options)), options, io);
    });
