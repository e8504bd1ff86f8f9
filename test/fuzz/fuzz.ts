import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { baselineText, parseBaseline } from '../../src/analysis/check/baseline.ts';
import { recordOf } from '../../src/analysis/check/record.ts';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { zoo } from '../../src/node/disk.ts';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { exportOnnx } from '../../src/onnx/write/export.ts';
import { FlopwiseError, ProblemError } from '../../src/problems/problem.ts';
import { costCsv } from '../../src/report/cost/csv.ts';
import { withVariant } from '../../src/spec/load.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { readGguf } from '../../src/weights/gguf.ts';
import { readSafetensors } from '../../src/weights/safetensors.ts';
import type { WeightFile } from '../../src/weights/weight-file.ts';
import { flopwise } from '../cli/helpers.ts';
import { open } from '../onnx/nets.ts';
import { changedMessage, ggufBytes, safetensorsBytes } from './bytes.ts';
import { checkout } from './configurations.ts';
import { network } from './networks.ts';
import { drawnSpec } from './operators.ts';
import { Random, TELLING } from './random.ts';
import seeds from './seeds.json' with { type: 'json' };
import { mutated, specText } from './specs.ts';
import { commandFor, configText, conventionText } from './texts.ts';
import { edited } from './zoo.ts';

/**
 * Files that are nearly right, of many kinds: each must be counted or told as a problem, in bounded time and memory.
 *
 *     npm run fuzz -- --seconds 3600 --seed 1
 *
 * A case follows from its kind and seed alone, so a failure is repeated by `--only specs:SEED`. Seeds that failed once are in
 * seeds.json, and run first.
 */

/** What a case may take. */
const MOST_SECONDS = 5;
const MOST_MEBIBYTES = 500;
/** More weights are not exported: a file of them would be as large. */
const MOST_WEIGHTS = 100_000n;

/** That counts are whole, not negative, and add up. */
function judge({ rows, totals }: Analysis): void {
  for (const metric of ['macs', 'flops', 'activations', 'parameters'] as const) {
    const all = rows.map((row) => row[metric]);
    if (all.some((count) => typeof count !== 'bigint' || count < 0n)) throw new Error(`a row has ${metric} that are negative, or no count`);
    if (all.reduce((sum, count) => sum + count, 0n) !== totals[metric]) throw new Error(`${metric} do not add up to ${totals[metric]}`);
  }
  if (totals.flops !== 2n * totals.macs) throw new Error('FLOPs are not twice the MACs');
  for (const { input, output, path } of rows)
    for (const size of [...input, ...output].flat())
      if (!Number.isSafeInteger(size) || size < 0) throw new Error(`${path} has a size of ${size}`);
}

function useGraph(graph: Graph, random: Random): void {
  const analysis = analyse(graph);
  judge(analysis);
  if (random.chance(0.1)) costCsv([analysis], { by: 'layer' } as Parameters<typeof costCsv>[1]);
  if (random.chance(0.3) && analysis.totals.parameters < MOST_WEIGHTS && graph.nodes.length < 200)
    for (const _ of exportOnnx(graph, { version: '0' } as Parameters<typeof exportOnnx>[1]).model.chunks()) break;
}

function judgeWeights({ tensors }: WeightFile): string {
  for (const { name, elements, bytes, shape } of tensors) {
    if (elements < 0n || bytes < 0n) throw new Error(`${name} has fewer elements than none`);
    if (shape.reduce((product, size) => product * BigInt(size), 1n) !== elements)
      throw new Error(`${name} has not the elements of its shape`);
  }
  return 'counted';
}

async function runCommand(argv: readonly string[], world: Parameters<typeof flopwise>[1]): Promise<string> {
  const { code, out, err } = await flopwise(argv, world);
  if (![0, 1, 2].includes(code) || /INTERNAL/.test(out + err)) throw new Error(`exit ${code} of ${argv.join(' ')}: ${err}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is looked for
  if (/[\u0000-\u0008\u001b\u202e]/.test(out + err)) throw new Error('a control character is printed');
  if (/\bNaN\b|\bundefined\b/.test(out)) throw new Error(`NaN or undefined is printed by ${argv.join(' ')}`);
  return `exit ${code}`;
}

/** Networks whose files are changed: small, and with operators of many kinds. */
const EXPORTED: readonly string[] = [
  'input: [3, 8, 8]\nlayers: [conv: { kernel: 3, out: 4, padding: 1 }, batchnorm, relu, maxpool: { kernel: 2 }, flatten, linear: { out: 5 }, softmax]\n',
  'input: [4, 8]\nlayers: [layernorm, attention: { heads: 2 }, linear: { out: 6 }, gelu, recurrent: { cell: lstm, hidden: 3 }]\n',
  'input: [4, 8, 8]\nlayers: [{ residual: [conv: { kernel: 3, out: 4, padding: 1 }], shortcut: identity }, upsample: { scale: 2 }, globalavgpool, flatten]\n',
];

const ZOO = zoo.list().filter((path) => !path.includes('/'));
const ZOO_TEXTS = Object.fromEntries(zoo.list().map((path) => [path, zoo.read(path)]));

const elementsOf = ({ shape }: { readonly shape: readonly number[] }): Float32Array[] => [
  new Float32Array(shape.reduce((product, size) => product * size, 1)),
];

/** Whatever a baseline says, its hash is right: so a stranger would write it. */
const sameHash = (): string => 'sha256:0';

type Run = (random: Random) => Promise<string> | string;

/** What each kind does with a case; it gives a word for what came of it. */
const KINDS: Readonly<Record<string, Run>> = {
  specs(random) {
    useGraph(expandSpec(parseSpec(specText(random))), random);
    return 'counted';
  },
  operators(random) {
    useGraph(expandSpec(parseSpec(drawnSpec(random))), random);
    return 'counted';
  },
  zoo(random) {
    const path = random.of(ZOO);
    const spec = parseSpec(edited(zoo.read(path), random), { file: path, files: ZOO_TEXTS, zoo });
    const variants = [...spec.variants.keys()];
    useGraph(expandSpec(variants.length === 0 ? spec : (withVariant(spec, random.of(variants)) ?? spec)), random);
    return 'counted';
  },
  networks(random) {
    const { parts, opset } = network(random);
    useGraph(open(parts, opset), random);
    return 'counted';
  },
  files(random) {
    const graph = expandSpec(parseSpec(random.of(EXPORTED)));
    const { model } = exportOnnx(graph, {
      elementsOf,
      dataFile: 'net.data',
      placement: random.of(['inside', 'nowhere'] as const),
      version: '0',
    });
    const bytes = changedMessage(Uint8Array.from([...model.chunks()].flatMap((chunk) => [...chunk])), random);
    useGraph(translate(readOnnx(bufferSource(bytes), 'net.onnx'), 'net.onnx'), random);
    return 'counted';
  },
  safetensors: (random) => judgeWeights(readSafetensors(bufferSource(safetensorsBytes(random)), 'a.safetensors')),
  gguf: (random) => judgeWeights(readGguf(bufferSource(ggufBytes(random)), 'a.gguf')),
  configs: (random) => runCommand(['config.json', '--format', 'json'], { files: { 'config.json': configText(random) } }),
  conventions: (random) =>
    runCommand(['a.yaml', '--convention', 'c.yaml'], { files: { 'a.yaml': EXPORTED[0] as string, 'c.yaml': conventionText(random) } }),
  commands(random) {
    const text = random.chance(0.5) ? random.of(EXPORTED) : specText(random);
    return runCommand(commandFor(random, 'a.yaml'), { files: { 'a.yaml': text } });
  },
  baselines(random) {
    const written = baselineText([recordOf(analyse(expandSpec(parseSpec(EXPORTED[0] as string))), 'net', 'a.yaml')], sameHash);
    const numbered = written.replace(/\d+/g, (number) => (random.chance(0.02) ? String(random.of(TELLING)) : number));
    parseBaseline(mutated(numbered, random), 'b.json', sameHash);
    return 'read';
  },
  configurations(random) {
    const { files, revisions, argv } = checkout(random);
    return runCommand(argv, { files, revisions });
  },
};

async function outcomeOf(kind: string, seed: number): Promise<string> {
  try {
    return await (KINDS[kind] as Run)(new Random(seed));
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems[0]?.code ?? '';
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

interface Report {
  readonly at?: string;
  readonly failed?: string;
  readonly cases?: number;
  readonly slowest?: readonly [number, string];
  readonly mebibytes?: number;
  readonly outcomes?: Readonly<Record<string, number>>;
}

const send = (report: Report): void => void process.send?.(report);

/** Every so many seeds a kind has its turn: a command takes as long as many specs. */
const TURNS: Readonly<Record<string, number>> = {
  specs: 1,
  operators: 1,
  zoo: 5,
  networks: 1,
  files: 2,
  safetensors: 2,
  gguf: 2,
  baselines: 5,
  configurations: 20,
  configs: 20,
  conventions: 20,
  commands: 10,
};

/** The kept seeds, then new ones, the kinds in turn, until the time is over. */
function* casesUntil(end: number, first: number): Generator<[kind: string, seed: number]> {
  for (const [kind, kept] of Object.entries(seeds)) for (const seed of kept) yield [kind, seed];
  for (let seed = first; performance.now() < end; seed++) {
    for (const [kind, turns] of Object.entries(TURNS)) if (seed % turns === 0) yield [kind, seed];
  }
}

/** Runs cases in this process, and tells of each before it begins. */
async function work(cases: Iterable<[kind: string, seed: number]>): Promise<void> {
  const outcomes: Record<string, number> = {};
  let slowest: [number, string] = [0, ''];
  let count = 0;
  let told = performance.now();
  for (const [kind, seed] of cases) {
    const at = `${kind}:${seed}`;
    send({ at });
    // Of the processor: others may be at it.
    const start = process.cpuUsage();
    try {
      const outcome = `${kind} ${await outcomeOf(kind, seed)}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      send({ failed: `${at}  ${error instanceof Error ? error.stack : String(error)}` });
    }
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    if (seconds > slowest[0]) slowest = [seconds, at];
    if (seconds > MOST_SECONDS) send({ failed: `${at}  took ${seconds.toFixed(1)} s` });
    count++;
    // Messages leave only when the loop comes by.
    if (performance.now() < told + 1000) continue;
    await new Promise((resolve) => setImmediate(resolve));
    told = performance.now();
  }
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  if (mebibytes > MOST_MEBIBYTES) send({ failed: `${Math.round(mebibytes)} MiB were taken` });
  send({ cases: count, slowest, mebibytes, outcomes });
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, only: { type: 'string' }, worker: { type: 'boolean' } },
});
const seconds = Number(values.seconds);
const first = Number(values.seed ?? Math.floor(Date.now() / 1000));

function watch(): Promise<number> {
  const argv = [
    '--worker',
    '--seconds',
    String(seconds),
    '--seed',
    String(first),
    ...(values.only === undefined ? [] : ['--only', values.only]),
  ];
  const child = fork(fileURLToPath(import.meta.url), argv);
  let [at, heard, failures] = ['', performance.now(), 0];
  const fail = (text: string): void => {
    failures++;
    process.stdout.write(`FAILED ${text}\n\n`);
  };
  const clock = setInterval(() => {
    if (performance.now() - heard < 60_000) return;
    clearInterval(clock);
    fail(`${at}, or one of the second after it, does not end`);
    child.kill('SIGKILL');
  }, 1000);
  child.on('message', (report: Report) => {
    heard = performance.now();
    if (report.at !== undefined) at = report.at;
    if (report.failed !== undefined) fail(report.failed);
    if (report.cases === undefined) return;
    const [slowest, which] = report.slowest ?? [0, ''];
    process.stdout.write(`${report.cases.toLocaleString('en')} cases from seed ${first} on: ${failures} failed\n`);
    process.stdout.write(`slowest ${slowest.toFixed(2)} s (${which}), at most ${(report.mebibytes ?? 0).toFixed(0)} MiB\n`);
    for (const [outcome, count] of Object.entries(report.outcomes ?? {}).sort(([, a], [, b]) => b - a))
      process.stdout.write(`${String(count).padStart(9)}  ${outcome}\n`);
  });
  return new Promise((resolve) =>
    child.on('exit', (code, signal) => {
      clearInterval(clock);
      if (code !== 0) fail(`${at} ended the process: ${signal ?? code}`);
      resolve(failures === 0 ? 0 : 1);
    }),
  );
}

if (values.worker) {
  const [kind = '', seed] = values.only?.split(':') ?? [];
  await work(values.only === undefined ? casesUntil(performance.now() + seconds * 1000, first) : [[kind, Number(seed)]]);
  process.disconnect?.();
} else process.exitCode = await watch();
