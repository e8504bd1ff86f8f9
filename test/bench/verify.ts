/**
 * How fast networks are run and counted: kernels against what the machine can do and against onnxruntime-web without counting,
 * whole commands, and threads. Medians; all that is compared takes turns. Run it with nothing else running: npm run bench:verify
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { countMacs } from '../../src/core/work.ts';
import { execute } from '../../src/execute/interpreter.ts';
import type { Kernels } from '../../src/execute/kernels.ts';
import type { Graph, Node } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';

const ROUNDS = 11;
const GIGA = 1e9;
const SECOND = 1000;

// Bundled into dist/build, two folders below the package.
const fileOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const program = fileOf('bin/flopwise.js');

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const print = (what: string, value: string): void => void process.stdout.write(`${what.padEnd(58)} ${value}\n`);

/** Milliseconds that something takes. */
async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** What some measurements give that take turns. */
async function turns(rounds: number, measure: readonly (() => number | Promise<number>)[]): Promise<number[]> {
  const results = measure.map((): number[] => []);
  for (let round = 0; round < rounds; round++) for (const [index, one] of measure.entries()) results[index]?.push(await one());
  return results.map(median);
}

/** Runs a graph with kernels that tell how long they take, by node. */
function timesByNode(graph: Graph, kernels: Kernels): Map<Node, number> {
  const times = new Map<Node, number>();
  let spent = 0;
  const watched: Kernels = {
    run(...given) {
      const start = performance.now();
      const ran = kernels.run(...given);
      spent = performance.now() - start;
      return ran;
    },
    makeUp: (elements) => kernels.makeUp(elements),
    release: (tensor) => kernels.release(tensor),
  };
  for (const { node } of execute(graph, { kernels: watched })) times.set(node, spent);
  return times;
}

const open = (model: string, input?: readonly number[]): Graph =>
  openModel(parseReference(model), diskLibrary, input === undefined ? {} : { input: { input } });

const macsOf = (nodes: readonly Node[]): number => nodes.reduce((sum, { work }) => sum + Number(countMacs(work)), 0);

/** Milliseconds of all nodes, and GMAC/s of some of them, each a median. */
function rates(graph: Graph, kernels: Kernels, isMeant: (node: Node) => boolean, rounds = ROUNDS) {
  const runs = Array.from({ length: rounds }, () => timesByNode(graph, kernels));
  const sum = (times: Map<Node, number>, nodes: readonly Node[]): number => nodes.reduce((all, node) => all + (times.get(node) ?? 0), 0);
  const meant = graph.nodes.filter(isMeant);
  return {
    milliseconds: median(runs.map((times) => sum(times, graph.nodes))),
    gmacs: macsOf(meant) / GIGA / (median(runs.map((times) => sum(times, meant))) / SECOND),
  };
}

const isConv = ({ operator }: Node): boolean => operator === 'conv';

async function ceilingOf(): Promise<number> {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(readFileSync(fileOf('dist/build/ceiling.wasm'))), {});
  const { ceiling } = exports as { ceiling(rounds: number): number };
  const rounds = 2_000_000;
  const [milliseconds] = await turns(3 * ROUNDS, [() => timed(() => ceiling(rounds))]);
  return (rounds * 12 * 4) / GIGA / ((milliseconds as number) / SECOND);
}

/** Seconds, and mebibytes at the most, of a whole command. */
function command(argv: readonly string[]): { seconds: number; mebibytes: number } {
  const start = performance.now();
  const { status, output } = spawnSync(process.execPath, ['--require', fileOf('test/bench/peak-memory.cjs'), program, ...argv], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
  return { seconds: (performance.now() - start) / SECOND, mebibytes: Number(output[3]) / 2 ** 20 };
}

/** Seconds of a whole command, as it is called: each thread would load what is loaded before it to measure memory. */
function secondsOf(argv: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, [program, ...argv], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
  return (performance.now() - start) / SECOND;
}

/** Milliseconds that onnxruntime-web takes for a network in its file, with one thread. */
async function openRuntime(model: string): Promise<() => Promise<unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-'));
  const file = join(folder, 'model.onnx');
  try {
    const { status } = spawnSync(process.execPath, [program, 'export', model, '-o', file], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`The export of ${model} ended with ${status}`);
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(readFileSync(file), { executionProviders: ['wasm'] });
    const input = new ort.Tensor('float32', new Float32Array(3 * 224 * 224).fill(0.5), [1, 3, 224, 224]);
    return () => session.run({ [session.inputNames[0] as string]: input });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const fast = await openKernels('fast');
const reference = await openKernels('reference');

const ceiling = await ceilingOf();
print('128-bit multiply-add ceiling', `${ceiling.toFixed(1)} GMAC/s`);

const resnet50 = open('resnet50');
const own = rates(resnet50, fast, isConv);
print(
  'ResNet-50, convolutions, counted',
  `${own.gmacs.toFixed(1)} GMAC/s, ${((100 * own.gmacs) / ceiling).toFixed(0)}% of the ceiling (75% wanted)`,
);

const gpt2 = rates(open('gpt2'), fast, ({ operator }) => operator === 'linear', 3);
print(
  'GPT-2 at 1,024 tokens, linear layers, counted',
  `${gpt2.gmacs.toFixed(1)} GMAC/s, ${((100 * gpt2.gmacs) / ceiling).toFixed(0)}% of the ceiling (60% wanted)`,
);
print('GPT-2 at 1,024 tokens, all kernels in one thread', `${(gpt2.milliseconds / SECOND).toFixed(1)} s`);
// 369 s before attention, norms and activations had fast kernels.
print('flopwise verify gpt2', `${median(Array.from({ length: 3 }, () => secondsOf(['verify', 'gpt2']))).toFixed(1)} s (6.1 wanted)`);

const runtime = await openRuntime('resnet50');
await runtime();
const ownTime = (): number => [...timesByNode(resnet50, fast).values()].reduce((sum, one) => sum + one, 0);
const [ours, theirs] = (await turns(ROUNDS, [ownTime, () => timed(runtime)])) as [number, number];
print(
  "ResNet-50, the kernels' own time, against onnxruntime-web",
  `${ours.toFixed(0)} ms counted, ${theirs.toFixed(0)} ms uncounted: ${(theirs / ours).toFixed(2)} × as fast (1.3 wanted)`,
);

for (const [layer, graph] of [
  ['dense 3×3', open('basic')],
  ['depthwise 3×3', open('mobilenet_v2', [3, 96, 96])],
] as const) {
  const isMeant = (node: Node): boolean => isConv(node) && (layer === 'dense 3×3' || (node.attributes as { groups: number }).groups > 1);
  print(`reference kernels, ${layer}`, `${rates(graph, reference, isMeant, 3).gmacs.toFixed(2)} GMAC/s (0.15 wanted)`);
}

for (const [model, wanted] of [
  ['resnet50', '1.0 s, 300 MB'],
  ['resnet152', '2 s'],
  ['vgg19', '2.5 s'],
] as const) {
  const runs = Array.from({ length: 5 }, () => command(['verify', model]));
  const [seconds, mebibytes] = [median(runs.map((run) => run.seconds)), median(runs.map((run) => run.mebibytes))];
  print(`flopwise verify ${model}`, `${seconds.toFixed(2)} s, ${mebibytes.toFixed(0)} MiB (${wanted} wanted)`);
}

const [one, two] = (await turns(ROUNDS, [
  () => secondsOf(['verify', 'vgg19']),
  () => secondsOf(['verify', 'vgg19', '--workers', '2']),
])) as [number, number];
print('flopwise verify vgg19, two threads against one', `${(one / two).toFixed(2)} × as fast (1.6 wanted)`);
