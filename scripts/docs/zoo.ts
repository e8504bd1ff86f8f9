import { parse } from 'yaml';
import { analyse, type Cost } from '../../src/analysis/cost.ts';
import { formatShape, type Shape } from '../../src/core/shape.ts';
import { type ZooModel, zooModels } from '../../src/library/reference.ts';
import { zoo } from '../../src/node/disk.ts';
import { decimal, exact } from '../../src/report/kit/number.ts';
import type { Parameter, Spec } from '../../src/spec/compiled.ts';
import { blockNames } from '../../src/spec/folder.ts';
import { expandSpec } from '../../src/spec/model.ts';
import { TASKS, type Task } from '../../src/spec/task.ts';
import { GENERATED, table } from './markdown.ts';

/** docs/zoo.md: all models that come with flopwise, counted. */

interface Counted extends ZooModel {
  readonly input: readonly Shape[];
  readonly totals: Cost;
}

const counted = (model: ZooModel): Counted => ({ ...model, ...analyse(expandSpec(model.spec)) });

const BYTES_OF_FP32 = 4n;
const MEGABYTE = 1_000_000n;

const rowOf = ({ name, input, totals }: Counted): string[] => [
  `\`${name}\``,
  input.map(formatShape).join(', '),
  exact(totals.parameters),
  exact(totals.macs),
  exact(totals.flops),
  exact(totals.activations),
  decimal(BYTES_OF_FP32 * totals.parameters, MEGABYTE, 2),
];

const HEADERS = ['model', 'input', 'parameters', 'MACs', 'FLOPs', 'activations', 'weights, MB'];
const FIRST_NUMBER = 2;

interface Written {
  readonly source?: string;
  readonly notes?: string;
  readonly blocks?: Readonly<Record<string, { readonly summary?: string }>>;
}

/** A file of the zoo as its author wrote it. */
const written = (path: string): Written => parse(zoo.read(path));

const pathOf = ({ file }: Spec): string => file.slice(zoo.prefix.length);

/** arXiv numbers lead to the papers. */
const linked = (text: string): string => text.trim().replace(/arXiv:(\d{4}\.\d{4,5})/g, '[arXiv:$1](https://arxiv.org/abs/$1)');

const titled = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const settable = (parameters: ReadonlyMap<string, Parameter>): string => [...parameters.keys()].map((name) => `\`${name}\``).join(', ');

function familySection(family: string, models: readonly Counted[]): string {
  const { spec } = models[0] as Counted;
  const { notes } = written(pathOf(spec));
  return [
    `### ${family}`,
    `${spec.summary} [${spec.file}](../${spec.file})`,
    table(HEADERS, models.map(rowOf), FIRST_NUMBER),
    `Source: ${linked(spec.citation ?? '')}`,
    ...(notes === undefined ? [] : [linked(notes)]),
    `What \`--set\` can change: ${settable(spec.parameters)}.`,
  ].join('\n\n');
}

/** The models that are for a task, if there are any. */
function taskSection(task: Task, models: readonly Counted[]): string[] {
  const members = models.filter((model) => model.task === task);
  return members.length === 0 ? [] : [`## ${titled(task)}`, table(HEADERS, members.map(rowOf), FIRST_NUMBER)];
}

function byFamily(models: readonly Counted[]): Map<string, Counted[]> {
  const families = new Map<string, Counted[]>();
  for (const model of models) families.set(model.family, [...(families.get(model.family) ?? []), model]);
  return families;
}

/** Blocks that specs share, with what their files say of them. */
const blockRow = (name: string): string[] => {
  const path = `blocks/${name}.yaml`;
  const { source, blocks = {} } = written(path);
  return [`[${name}](../specs/${path})`, blocks[name]?.summary ?? '', linked(source ?? '')];
};

/** What the page says of one family. */
export const sectionOf = (family: string): string =>
  familySection(
    family,
    zooModels(zoo)
      .filter((model) => model.family === family)
      .map(counted),
  );

export function zooPage(): string {
  const models = zooModels(zoo).map(counted);
  const families = byFamily(models);
  return `${[
    GENERATED,
    '# The zoo',
    `The ${models.length} models that come with flopwise, in ${families.size} families. Each is a readable spec in [specs/](../specs); all figures are counted from it, for one input of the size given.`,
    '- MACs are multiply-accumulates of convolutions, linear layers and matrix products; FLOPs are twice that; activations are the output elements of the same layers: see [counting.md](counting.md).\n- Weights are the learned parameters at 4 bytes each (32-bit floats), in megabytes of 1,000,000 bytes.\n- Eighty of them have the names of the classification models that torchvision publishes, with the same parameters and MACs. `plain18` and `plain34` are those of the ResNet paper. What the others are held against is in [test/specs/](../test/specs).\n- Detectors are counted up to boxes that are not yet decoded, diffusion models for one step. Where implementations of one network differ, a parameter says which is meant: `flopwise repvgg_a0:deploy=true`, `flopwise unet:padding=1`.\n- GoogLeNet and Inception v3 are counted as they run at inference, without their auxiliary classifiers. `aux=true` adds them. The parameters that torchvision publishes of `inception_v3` include its auxiliary classifier; its published MACs do not.\n- `flopwise list` prints this table; `flopwise list regnet --sort macs` filters and sorts it, `flopwise list segmentation` shows what is for one task. Parameters are set on the command line, as in `flopwise resnet50 --set classes=10`.',
    ...TASKS.flatMap((task) => taskSection(task, models)),
    '## Family by family',
    ...[...families].map(([family, members]) => familySection(family, members)),
    '## Blocks',
    `The ${blockNames(zoo).length} blocks that these specs are built from. Each can be counted on its own, with the example input and parameters of its file or others: \`flopwise compare basic bottleneck:d=128\`.`,
    table(['block', 'what it is', 'source'], blockNames(zoo).map(blockRow)),
  ].join('\n\n')}\n`;
}
