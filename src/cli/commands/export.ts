import type { Command } from 'commander';
import { syntheticWeights } from '../../execute/synthetic-weights.ts';
import type { Graph } from '../../graph/graph.ts';
import { exportOnnx, type Placement, type WrittenFile } from '../../onnx/write/export.ts';
import { fail } from '../../problems/problem.ts';
import { writeSpec } from '../../spec/write.ts';
import type { Io } from '../io.ts';
import { addModelOptions, eachOf, type ModelOptions, openAll } from '../models.ts';
import { choiceOption, countOption, writeOut } from '../options.ts';
import { version } from '../version.ts';

type Target = 'onnx' | 'spec';

interface ExportOptions extends ModelOptions {
  readonly output?: string;
  readonly to?: Target;
  readonly seed: number;
  readonly external?: boolean;
  readonly weights: boolean;
}

const placementOf = ({ external = false, weights }: ExportOptions): Placement => {
  if (!weights) return 'nowhere';
  return external ? 'beside' : 'inside';
};

function exportToOnnx(graph: Graph, options: ExportOptions, io: Io): void {
  const { output } = options;
  if (output === undefined)
    throw fail('WRONG_CALL', {
      message: 'An ONNX file is no text for a terminal. Name a file, as in -o model.onnx',
      command: 'flopwise export',
    });
  const dataPath = `${output}.data`;
  const { model, data } = exportOnnx(graph, {
    elementsOf: syntheticWeights(graph, options.seed),
    placement: placementOf(options),
    dataFile: dataPath.slice(Math.max(dataPath.lastIndexOf('/'), dataPath.lastIndexOf('\\')) + 1),
    version,
  });
  const write = (path: string, file: WrittenFile): void => {
    io.writeBytes(path, file.chunks());
    io.print(`Wrote ${path}: ${file.bytes.toLocaleString('en')} bytes.\n`);
  };
  // A model must not name data that are not there yet.
  if (data !== undefined) write(dataPath, data);
  write(output, model);
}

function exportToSpec(graph: Graph, { output }: ExportOptions, io: Io): void {
  const text = writeSpec(graph);
  if (output === undefined) io.stdout(text);
  else writeOut(output, text, io);
}

const EXPORTS: Readonly<Record<Target, (graph: Graph, options: ExportOptions, io: Io) => void>> = {
  onnx: exportToOnnx,
  spec: exportToSpec,
};

/** What the ending of a file says is in it. */
const ENDINGS: Readonly<Partial<Record<string, Target>>> = { onnx: 'onnx', yaml: 'spec', yml: 'spec' };

/** What to write: what `--to` says, or the ending of the file. Throws a `ProblemError` where the ending says another, or nothing. */
function targetOf({ to, output = '' }: ExportOptions): Target {
  const ending = (/\.(\w+)$/.exec(output)?.[1] ?? '').toLowerCase();
  const target = ENDINGS[ending] ?? (ending === '' ? (to ?? 'onnx') : to);
  if (target === undefined)
    throw fail('WRONG_VALUE', { key: '--output', value: output, expected: 'a path that ends in .onnx or .yaml, or have --to beside it' });
  if (to !== undefined && to !== target)
    throw fail('WRONG_CALL', { message: `"${output}" ends as a file of ${target}, but --to says ${to}`, command: 'flopwise export' });
  return target;
}

export const addExport = (program: Command, io: Io): Command =>
  addModelOptions(
    program
      .command('export <model>')
      .description('write a model as an ONNX file with random weights, or as a spec without blocks')
      .addOption(
        choiceOption('--to <format>', 'what to write', Object.keys(EXPORTS)).default(undefined, 'onnx, or by the ending of --output'),
      )
      .option('-o, --output <file>', 'the file to write; a spec goes to the terminal without it')
      .addOption(countOption('--seed <n>', 'seed of the random weights').default(1))
      .option('--external', 'write the weights to a file beside the model, as is done for more than 2 GiB')
      .option('--no-weights', 'write only the shapes of weights'),
  ).action((model: string, options: ExportOptions) => {
    const to = targetOf(options);
    const models = eachOf([model], options, io);
    if (models.length > 1) throw fail('NAMES_SEVERAL', { name: model, variants: models });
    const [graph] = openAll(models, options, io) as [Graph];
    EXPORTS[to](graph, options, io);
  });
