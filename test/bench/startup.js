/**
 * How long the command line takes to start and how much memory it needs, against a Node that does nothing. All take turns, so
 * that what else the machine does disturbs them alike. Run it after a build: node test/bench/startup.js [rounds]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const program = path('../../bin/flopwise.cjs');
const hook = path('peak-memory.cjs');

const ROUNDS = Number(process.argv[2] ?? 21);
const MEBIBYTE = 2 ** 20;

/** What is run, and what is wanted of it: milliseconds more than Node alone, and mebibytes. */
const SUBJECTS = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: 'flopwise --version', argv: [program, '--version'], milliseconds: 15 },
  { name: 'flopwise resnet50', argv: [program, 'resnet50'], milliseconds: 80, mebibytes: 70 },
  { name: 'flopwise list', argv: [program, 'list'] },
];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function run(argv, streams) {
  const { status, output, error } = spawnSync(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe', ...streams] });
  if (status !== 0) throw error ?? new Error(`${argv.join(' ')} ended with ${status}: ${output[2]}`);
  return output;
}

function timed(argv) {
  const start = performance.now();
  run(argv, []);
  return performance.now() - start;
}

/** Taken in runs of their own: to look costs time. */
const peakMemory = (argv) => Number(run(['--require', hook, ...argv], ['pipe'])[3]) / MEBIBYTE;

const times = SUBJECTS.map(() => []);
const peaks = SUBJECTS.map(() => []);
for (let round = 0; round <= ROUNDS; round++) {
  for (const [index, { argv }] of SUBJECTS.entries()) {
    const time = timed(argv);
    // The first round warms the disk's cache.
    if (round > 0) times[index].push(time);
    if (round < ROUNDS && round % 4 === 0) peaks[index].push(peakMemory(argv));
  }
}

const alone = median(times[0]);
const ratio = (value, wanted) => (wanted === undefined ? '' : `${(value / wanted).toFixed(2)} × the ${wanted} allowed`);
const line = (cells) => {
  const [name, time, more, times, memory, ...verdicts] = cells;
  const columns = [name.padEnd(20), time.padStart(9), more.padStart(10), times.padStart(8), memory.padStart(9), ...verdicts];
  process.stdout.write(`${columns.join('  ').trimEnd()}\n`);
};

process.stdout.write(`Medians of ${ROUNDS} runs each, taking turns\n`);
line(['', 'time', 'more', 'ratio', 'memory']);
for (const [index, { name, milliseconds, mebibytes }] of SUBJECTS.entries()) {
  const time = median(times[index]);
  const peak = median(peaks[index]);
  line([
    name,
    `${time.toFixed(1)} ms`,
    index === 0 ? '' : `+${(time - alone).toFixed(1)} ms`,
    `${(time / alone).toFixed(2)} ×`,
    `${peak.toFixed(1)} MiB`,
    milliseconds === undefined ? '' : `time ${ratio(time - alone, milliseconds)}`,
    mebibytes === undefined ? '' : `memory ${ratio(peak, mebibytes)}`,
  ]);
}
