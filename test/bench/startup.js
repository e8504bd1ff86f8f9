/**
 * How long the command line takes to start and how much memory it needs, against a Node that does nothing. All take turns, so
 * that what else the machine does disturbs them alike, on each Node that npm has brought (see test/nodes). Run it after a build: node test/bench/startup.js [rounds]
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measure, program } from './processes.js';

const ROUNDS = Number(process.argv[2] ?? 21);

/** What is run, and what is wanted of it: milliseconds more than Node alone, and mebibytes. */
const SUBJECTS = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: 'flopwise --version', argv: [program, '--version'], milliseconds: 15 },
  { name: 'flopwise resnet50', argv: [program, 'resnet50'], milliseconds: 120, mebibytes: 70 },
  { name: 'flopwise list', argv: [program, 'list'] },
];

const packaged = ['20', '22', '24'].map((major) => fileURLToPath(new URL(`../nodes/node_modules/node-${major}/bin/node`, import.meta.url)));
const found = packaged.filter((node) => existsSync(node));

const ratio = (value, wanted) => (wanted === undefined ? '' : `${(value / wanted).toFixed(2)} × the ${wanted} allowed`);
const line = (cells) => {
  const [name, time, more, times, memory, ...verdicts] = cells;
  const columns = [name.padEnd(20), time.padStart(9), more.padStart(10), times.padStart(8), memory.padStart(9), ...verdicts];
  process.stdout.write(`${columns.join('  ').trimEnd()}\n`);
};

function bench(node) {
  const [alone, ...others] = measure(
    SUBJECTS.map(({ argv }) => argv),
    ROUNDS,
    node,
  );
  process.stdout.write(`\n${node}\n`);
  line(['', 'time', 'more', 'ratio', 'memory']);
  line([SUBJECTS[0].name, `${alone.milliseconds.toFixed(1)} ms`, '', '1.00 ×', `${alone.mebibytes.toFixed(1)} MiB`]);
  for (const [index, measured] of others.entries()) {
    const { name, milliseconds, mebibytes } = SUBJECTS[index + 1];
    const more = measured.milliseconds - alone.milliseconds;
    line([
      name,
      `${measured.milliseconds.toFixed(1)} ms`,
      `+${more.toFixed(1)} ms`,
      `${(measured.milliseconds / alone.milliseconds).toFixed(2)} ×`,
      `${measured.mebibytes.toFixed(1)} MiB`,
      milliseconds === undefined ? '' : `time ${ratio(more, milliseconds)}`,
      mebibytes === undefined ? '' : `memory ${ratio(measured.mebibytes, mebibytes)}`,
    ]);
  }
}

process.stdout.write(`Medians of ${ROUNDS} runs each, taking turns\n`);
for (const node of found.length === 0 ? [process.execPath] : found) bench(node);
