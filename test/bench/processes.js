import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Whole processes of Node, timed and weighed in turns, so that what else the machine does disturbs them alike. */

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The built program. */
export const program = path('../../bin/flopwise.js');
const hook = path('peak-memory.cjs');

const MEBIBYTE = 2 ** 20;
const WEIGHED_EVERY = 4;

function run(node, argv, streams) {
  const { status, output, error } = spawnSync(node, argv, { stdio: ['ignore', 'pipe', 'pipe', ...streams] });
  if (status !== 0) throw error ?? new Error(`${argv.join(' ')} ended with ${status}: ${output[2]}`);
  return output;
}

function timed(node, argv) {
  const start = performance.now();
  run(node, argv, []);
  return performance.now() - start;
}

/** Taken in runs of their own: to look costs time. */
const peakMemory = (node, argv) => Number(run(node, ['--require', hook, ...argv], ['pipe'])[3]) / MEBIBYTE;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** For each command line of a Node, the medians of milliseconds and of mebibytes at the peak. */
export function measure(commands, rounds, node = process.execPath) {
  const runs = commands.map(() => ({ times: [], peaks: [] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, argv] of commands.entries()) {
      const { times, peaks } = runs[index];
      const time = timed(node, argv);
      // The first round warms the disk's cache.
      if (round > 0) times.push(time);
      if (round < rounds && round % WEIGHED_EVERY === 0) peaks.push(peakMemory(node, argv));
    }
  }
  return runs.map(({ times, peaks }) => ({ milliseconds: median(times), mebibytes: median(peaks) }));
}
