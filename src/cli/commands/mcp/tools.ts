import * as z from 'zod';
import { ELEMENT_BYTES, WEIGHT_BITS } from '../../../analysis/memory.ts';
import { SOLVABLE } from '../../../service/solve/options.ts';
import { TASKS } from '../../../spec/task.ts';

/** What a program can ask for: each is a command line, so that an answer is what the command prints. */
export interface McpTool<Input extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  argv(input: z.output<Input>): readonly string[];
}

const MODEL =
  'A name of the zoo (see the tool "list"), a path of a .yaml, .json, .onnx or config.json file, a variant or block of a file (my.yaml#small), ' +
  'a part of a model (resnet50/conv3_x), or "-" for the text in "spec". Values for parameters may follow: llama-3-8b:tokens=8192.';

const model = z.string().min(1).describe(MODEL);
const spec = z.string().optional().describe('The YAML of a spec, which "-" stands for as a model.');
const sizes = {
  input: z.string().optional().describe('Shape of the input without the batch, as in 3x224x224; name=shape where there are several.'),
  batch: z.int().min(1).optional().describe('Number of inputs in a batch; 1 unless given.'),
  set: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe('Values for parameters of the spec, as in { "classes": 10 }.'),
};
const convention = z.string().optional().describe('Another way to count, such as fvcore, ptflops, torchinfo, 6nd.');

const option = (name: string, value: string | number | undefined): string[] => (value === undefined ? [] : [`--${name}=${value}`]);

const sizeOptions = ({ input, batch, set = {} }: z.output<z.ZodObject<typeof sizes>>): string[] => [
  ...option('input', input),
  ...option('batch', batch),
  ...Object.entries(set).flatMap(([name, value]) => option('set', `${name}=${value}`)),
];

/** Names of models come last, after a mark that no option follows. */
const call = (command: string, options: readonly string[], models: readonly string[]): string[] => [command, ...options, '--', ...models];

const tool = <Input extends z.ZodObject>(one: McpTool<Input>): McpTool => one as unknown as McpTool;

export const MCP_TOOLS: Readonly<Record<string, McpTool>> = {
  count: tool({
    title: 'Count what a network costs',
    description:
      'Parameters, multiply-accumulates (MACs), FLOPs (2 × MACs) and activations of a network as exact integers, in all and by stage, block, layer or operator.',
    input: z.strictObject({
      model,
      spec,
      ...sizes,
      by: z.enum(['stage', 'block', 'layer', 'operator']).default('stage').describe('One row for each of these.'),
      memory: z.boolean().default(false).describe('Also bytes of weights, peak bytes, and bytes of a cache.'),
      convention,
    }),
    argv: ({ model, by, memory, convention, ...given }) =>
      call(
        'table',
        [
          '--exact',
          '--format=markdown',
          `--by=${by}`,
          ...(memory ? ['--memory'] : []),
          ...option('convention', convention),
          ...sizeOptions(given),
        ],
        [model],
      ),
  }),
  compare: tool({
    title: 'Compare networks',
    description:
      'Costs of two or more networks or blocks side by side, and where they differ. One model with an open parameter (llama-3-8b:tokens=?) gives its cost as a polynomial.',
    input: z.strictObject({
      models: z.array(model).min(1).max(10).describe('The networks; one alone where a parameter is left open.'),
      spec,
      ...sizes,
    }),
    argv: ({ models, ...given }) => call('compare', ['--format=markdown', ...sizeOptions(given)], models),
  }),
  explain: tool({
    title: 'Explain a figure',
    description:
      'Where a published figure of a network comes from (number: "4.13 GMac"), or why two tools print different numbers (from: fvcore, to: ptflops), step by step.',
    input: z.strictObject({
      model,
      spec,
      ...sizes,
      number: z.string().optional().describe('A figure, as in 3.8G, 8.18e9 or "25.6M".'),
      from: z.string().optional().describe('The convention to start from.'),
      to: z.string().optional().describe('The convention to end at.'),
    }),
    argv: ({ model, number, from, to, ...given }) =>
      call(
        'explain',
        ['--format=markdown', ...option('number', number), ...option('from', from), ...option('to', to), ...sizeOptions(given)],
        [model],
      ),
  }),
  solve: tool({
    title: 'Solve for a parameter',
    description:
      'The value of a parameter of a spec at which its cost meets a target: the width at which a network has 2 GMACs, or the largest batch that fits a memory.',
    input: z.strictObject({
      model,
      spec,
      ...sizes,
      parameter: z
        .string()
        .describe(
          'The parameter to find a value for, or "batch"; of several with commas between, the last one for each value of the others.',
        ),
      metric: z.enum(SOLVABLE).default('macs').describe('The cost that is to meet the target.'),
      target: z.string().describe('A target, such as "<= 2G", ">= 1.5M" or "25557032"; of memory "24GiB" or "<= 80 GB".'),
      dtype: z.enum(Object.keys(ELEMENT_BYTES)).optional().describe('Type of every element in memory; fp32 unless given.'),
      weights_dtype: z.enum(Object.keys(WEIGHT_BITS)).optional().describe('Type of the weights, if another.'),
      min: z.number().optional().describe('Least value to try.'),
      max: z.number().optional().describe('Greatest value to try.'),
      step: z.number().optional().describe('Distance between values to try.'),
    }),
    argv: ({ model, parameter, metric, target, dtype, weights_dtype, min, max, step, ...given }) =>
      call(
        'solve',
        [
          '--format=json',
          `--param=${parameter}`,
          `--${metric}=${target}`,
          ...option('dtype', dtype),
          ...option('weights-dtype', weights_dtype),
          ...option('min', min),
          ...option('max', max),
          ...option('step', step),
          ...sizeOptions(given),
        ],
        [model],
      ),
  }),
  list: tool({
    title: 'List the models of the zoo',
    description: `Names of the models that flopwise knows, with their costs, by task: ${TASKS.join(', ')}.`,
    input: z.strictObject({ text: z.string().default('').describe('Part of a name, a family or a task; all models unless given.') }),
    argv: ({ text }) => call('list', ['--exact', '--format=markdown'], text === '' ? [] : [text]),
  }),
};
