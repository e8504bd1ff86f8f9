import type { Generation, Phase } from '../../analysis/generation/generate.ts';
import type { MemoryOptions } from '../../analysis/memory.ts';
import { renderCsv } from '../kit/csv.ts';
import { toJson } from '../kit/json-text.ts';
import { escaped, renderMarkdown } from '../kit/markdown.ts';
import { byteFormat, decimal, exact, type NumberOptions, numberFormat, withUnit } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';

export type GenerationReportOptions = NumberOptions & MemoryOptions;

interface Row extends Phase {
  readonly name: string;
  /** Positions that a run computes, of one sequence. */
  readonly tokens: number;
  /** Positions that lie in the cache before it: of the first run and of the last. */
  readonly past: readonly [number, number];
}

function rowsOf({ request: { prompt, new: count }, prefill, firstStep, lastStep, steps, total }: Generation): Row[] {
  const last = prompt + count - 1;
  return [
    { name: 'prefill', tokens: prompt, past: [0, 0], ...prefill },
    { name: 'first step', tokens: 1, past: [prompt, prompt], ...firstStep },
    { name: 'last step', tokens: 1, past: [last, last], ...lastStep },
    { name: 'all steps', tokens: count, past: [prompt, last], ...steps },
    { name: 'total', tokens: prompt + count, past: [0, last], ...total },
  ];
}

/** MACs for each byte of weights and cache, to two decimals. */
const intensity = ({ macs, weightBytes, cacheBytes }: Phase): string =>
  weightBytes + cacheBytes === 0n ? '–' : decimal(macs, weightBytes + cacheBytes, 2);

const whole = (count: number): string => exact(BigInt(count));

export function generationTable(generation: Generation, options: GenerationReportOptions): Table {
  const number = numberFormat(options);
  const bytes = byteFormat(options);
  const columns: ColumnOf<Row>[] = [
    { header: 'run', align: 'left', drop: 0, cell: ({ name }) => name },
    { header: 'tokens', align: 'right', drop: 1, cell: ({ tokens }) => whole(tokens) },
    {
      header: 'past',
      align: 'right',
      drop: 2,
      cell: ({ past: [from, to] }) => (from === to ? whole(from) : `${whole(from)}–${whole(to)}`),
    },
    { header: 'MACs', align: 'right', drop: 0, cell: ({ macs }) => number(macs) },
    { header: 'masked', align: 'right', drop: 2, cell: ({ masked }) => number(masked) },
    { header: 'weight bytes', align: 'right', drop: 0, cell: ({ weightBytes }) => bytes(weightBytes) },
    { header: 'cache bytes', align: 'right', drop: 0, cell: ({ cacheBytes }) => bytes(cacheBytes) },
    { header: 'MACs/byte', align: 'right', drop: 0, cell: intensity },
  ];
  const rows = rowsOf(generation);
  return makeTable(columns, rows.slice(0, -1), [columns.map(({ cell }) => cell(rows.at(-1) as Row))]);
}

const typesOf = ({ dtype = 'fp32', weightsDtype = dtype }: MemoryOptions): string =>
  weightsDtype === dtype ? dtype : `weights ${weightsDtype}, the rest ${dtype}`;

/** How far the steps are from one run over prompt and new tokens, without masked work. */
function describeAtOnce({ total, atOnce }: Generation, work: (macs: bigint) => string): string {
  const apart = total.macs - total.masked - (atOnce.macs - atOnce.masked);
  const at = `${work(atOnce.macs - atOnce.masked)} without masked work`;
  if (apart === 0n) return `${at}, as prompt and steps together`;
  return `${at}; prompt and steps are ${work(apart < 0n ? -apart : apart)} ${apart < 0n ? 'less' : 'more'}, since steps compute in another way`;
}

/** The totals in words: name and value. */
export function described(generation: Generation, options: GenerationReportOptions): [string, string][] {
  const { cache, weightBytes, peakBytes, batch, request, counted, experts } = generation;
  const bytes = (count: bigint): string => (options.exact === true ? `${exact(count)} bytes` : withUnit(count, 'B'));
  const work = (count: bigint): string => (options.exact === true ? `${exact(count)} MAC` : withUnit(count, 'MAC'));
  const perToken = cache.bytesPerToken === 0n ? 'of fixed size' : `${bytes(cache.bytesPerToken)} a token of one sequence`;
  const ofExperts =
    experts === undefined
      ? ''
      : `; of ${experts.count} experts at most as many are read as there are tokens × ${experts.best}, as if no two tokens shared one`;
  return [
    ['batch', `${whole(batch)} sequence${batch === 1 ? '' : 's'}`],
    ['at once', describeAtOnce(generation, work)],
    [
      'weights',
      `${bytes(weightBytes)} in all (${typesOf(options)}); each is read once a run, of embeddings the rows of the tokens${ofExperts}`,
    ],
    ['cache', `${bytes(cache.bytes)} at the end, ${perToken}; a step reads all of it`],
    [
      'memory',
      `${bytes(weightBytes + cache.bytes + peakBytes)}: weights, cache at the end, and ${bytes(peakBytes)} of tensors between layers at the peak`,
    ],
    [
      'steps',
      `${whole(request.new)}, after the prompt; ${
        counted === request.new
          ? 'each was counted'
          : `${whole(counted)} of them counted, between which the cost of every layer is a polynomial of the length`
      }`,
    ],
  ];
}

const LABEL = 10;

export const describeRequest = ({ name, source, request }: Generation): string =>
  `${name} (${source}) · a prompt of ${whole(request.prompt)}, and ${whole(request.new)} new`;

export const generationText = (generations: readonly Generation[], options: GenerationReportOptions, screen: Screen): string =>
  generations
    .map((generation) => {
      const heading = wrap(describeRequest(generation), screen.columns, '  ');
      const { length } = generation.name;
      return [
        screen.bold(heading.slice(0, length)) + heading.slice(length),
        '',
        renderTable(generationTable(generation, options), screen),
        '',
        ...described(generation, options).map(([label, text]) => wrap(label.padEnd(LABEL) + text, screen.columns, ' '.repeat(LABEL))),
      ].join('\n');
    })
    .join('\n\n');

export const generationMarkdown = (generations: readonly Generation[], options: GenerationReportOptions): string =>
  generations
    .map((generation) =>
      [
        `### ${escaped(generation.name)}`,
        '',
        escaped(describeRequest(generation)),
        '',
        renderMarkdown(generationTable(generation, options)),
        '',
        ...described(generation, options).map(([label, text]) => `- ${label}: ${text}`),
      ].join('\n'),
    )
    .join('\n\n');

const HEADER = [
  'model',
  'run',
  'batch',
  'tokens',
  'past_from',
  'past_to',
  'macs',
  'masked_macs',
  'weight_bytes',
  'cache_bytes',
  'macs_per_byte',
];

export const generationCsv = (generations: readonly Generation[]): string =>
  renderCsv(
    HEADER,
    generations.flatMap((generation) =>
      rowsOf(generation).map((row) => [
        generation.name,
        row.name,
        generation.batch,
        row.tokens,
        ...row.past,
        row.macs,
        row.masked,
        row.weightBytes,
        row.cacheBytes,
        intensity(row).replace('–', ''),
      ]),
    ),
  );

const phaseFields = ({ macs, masked, weightBytes, cacheBytes }: Phase) => ({
  macs,
  masked,
  flops: 2n * macs,
  weightBytes,
  cacheBytes,
  macsPerByte: weightBytes + cacheBytes === 0n ? undefined : Number(decimal(macs, weightBytes + cacheBytes, 6)),
});

const modelFields = (generation: Generation, options: GenerationReportOptions) => ({
  model: { name: generation.name, source: generation.source },
  batch: generation.batch,
  prompt: generation.request.prompt,
  new: generation.request.new,
  dtype: options.dtype ?? 'fp32',
  weightsDtype: options.weightsDtype ?? options.dtype ?? 'fp32',
  prefill: phaseFields(generation.prefill),
  firstStep: phaseFields(generation.firstStep),
  lastStep: phaseFields(generation.lastStep),
  steps: phaseFields(generation.steps),
  total: phaseFields(generation.total),
  atOnce: { macs: generation.atOnce.macs, masked: generation.atOnce.masked },
  weightBytes: generation.weightBytes,
  cache: generation.cache,
  peakBytes: generation.peakBytes,
  memoryBytes: generation.weightBytes + generation.cache.bytes + generation.peakBytes,
  stepsCounted: generation.counted,
  experts: generation.experts,
});

/** One object, or a list where there are several models. */
export function generationJson(generations: readonly Generation[], options: GenerationReportOptions): string {
  const all = generations.map((generation) => modelFields(generation, options));
  return toJson(all.length === 1 ? all[0] : all);
}
