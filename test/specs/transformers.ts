import { existsSync, readFileSync } from 'node:fs';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { sum } from '../../src/core/exact.ts';
import { elements } from '../../src/core/shape.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Value } from '../../src/language/expression.ts';
import { expandFound, findModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { operatorOf } from '../../src/operators/registry.ts';

/** What published implementations of transformers cost, measured. Not held by this repository; the file says how it was measured. */
const TRUTH = new URL('../../../shared/truth/transformers.json', import.meta.url);

/** Any hyper-parameter: which there are depends on the family. */
// biome-ignore lint/suspicious/noExplicitAny: configurations have no common shape
type Config = Readonly<Record<string, any>>;

/** One measured run: of so many tokens, or of one token after others. */
export interface Run {
  readonly tokens?: number;
  readonly past?: number | string;
  readonly new_tokens?: number;
  readonly macs: number;
  readonly encoder_input?: readonly number[];
  readonly encoder_positions?: number;
  readonly decoder_tokens?: number;
  readonly input?: readonly number[] | string;
}

export interface Measured {
  readonly family: string;
  readonly kind: string;
  readonly config: Config;
  readonly source: { readonly repository: string; readonly cls?: string };
  readonly parameters: number;
  readonly parameters_embedding?: number;
  readonly forward: readonly Run[];
  readonly decode?: readonly Run[];
  readonly kv_cache?: { readonly elements_per_token?: number; readonly self_bytes_per_decoder_token_fp16?: number };
  readonly moe?: { readonly parameters_active?: number };
}

export type Settings = Readonly<Record<string, Value>>;

/** A model of the zoo with values for its parameters. */
export interface Counted {
  readonly model: string;
  readonly set: Settings;
}

export const hasTruth = existsSync(TRUTH);

export const readTruth = (): Readonly<Record<string, Measured>> => JSON.parse(readFileSync(TRUTH, 'utf8')).models;

/** The one image that a run was of. */
const imageOf = ({ input }: Run): readonly number[] | undefined => {
  const sizes = typeof input === 'string' ? /^1((?:x\d+)+)$/.exec(input)?.[1]?.split('x').slice(1).map(Number) : undefined;
  return sizes;
};

/** Finds a model once, and counts it for each run. */
function counterOf({ model, set }: Counted): (run: Run | undefined) => Analysis {
  const reference = parseReference(model);
  const found = findModel(reference, diskLibrary);
  return (run) => {
    const image = run && imageOf(run);
    const settings = image === undefined ? { set: { ...set, ...(run && lengths(run)) } } : { set, input: { image } };
    return analyse(expandFound(found, reference, settings));
  };
}

/** What the figures count: a Fourier transform was done by a fast algorithm, and is none of the products. */
const productsOf = ({ rows, totals }: Analysis): bigint =>
  totals.macs - sum(rows.filter(({ operator }) => operator === 'fft').map(({ macs }) => macs));

/** Elements that are kept for each position, of all layers. */
const cachePerToken = ({ nodes }: Graph): bigint =>
  sum(
    nodes.flatMap(({ operator, attributes, inputs }) =>
      operatorOf(operator)
        .state(
          attributes,
          inputs.map(({ shape }) => shape),
        )
        .map(({ shape, positions }) => (positions === undefined ? 0n : elements(shape) / BigInt(shape[positions] as number))),
    ),
  );

export interface Comparison {
  readonly what: string;
  readonly measured: bigint;
  readonly counted: bigint;
}

/** What to set for a run; of images and texts at once, the sizes are those of the configuration. */
const lengths = (run: Run): Settings => {
  const set: Record<string, Value> = {};
  if (typeof run.input === 'string') return set;
  // Where a step costs the same whatever was before, that is not a number.
  if (run.past !== undefined) set.past = typeof run.past === 'number' ? run.past : 100;
  set.tokens = run.new_tokens ?? run.decoder_tokens ?? run.tokens ?? 1;
  // Of speech, two frames are a position.
  const isSpeech = run.encoder_input?.length === 3;
  const source = run.encoder_positions ?? (run.encoder_input?.at(-1) ?? 0) / (isSpeech ? 2 : 1);
  if (source > 0) set.source = source;
  return set;
};

const describeRun = (run: Run): string =>
  imageOf(run)?.join('×') ??
  (typeof run.input === 'string' ? run.input : undefined) ??
  Object.entries(lengths(run))
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

const OF_IMAGES: ReadonlySet<string> = new Set(['vision', 'vision-language', 'detection']);

/** Everything that was measured of a model, beside what is counted. */
export function compare(measured: Measured, counted: Counted): Comparison[] {
  const count = counterOf(counted);
  const first = count(measured.forward[0]);
  const { totals, graph } = first;
  const { parameters_embedding: embedding, moe, kv_cache: cache } = measured;
  const halfBytes = cache?.self_bytes_per_decoder_token_fp16;
  const perToken = cache?.elements_per_token ?? (halfBytes === undefined ? undefined : halfBytes / 2);
  const runs = [...measured.forward, ...(measured.decode ?? [])];
  return [
    { what: 'parameters', measured: BigInt(measured.parameters), counted: totals.parameters },
    // Of images, tokens and positions that are learned are looked up by nothing.
    ...(embedding === undefined || OF_IMAGES.has(measured.kind)
      ? []
      : [{ what: 'embeddings', measured: BigInt(embedding), counted: totals.embeddingParameters }]),
    ...(moe?.parameters_active === undefined
      ? []
      : [{ what: 'active parameters', measured: BigInt(moe.parameters_active), counted: totals.activeParameters }]),
    ...(perToken === undefined ? [] : [{ what: 'cache per token', measured: BigInt(perToken), counted: cachePerToken(graph) }]),
    ...runs.map((run) => ({
      what: `MACs of ${describeRun(run)}`,
      measured: BigInt(run.macs),
      counted: productsOf(run === measured.forward[0] ? first : count(run)),
    })),
  ];
}
