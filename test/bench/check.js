/**
 * How long one call of "flopwise check" takes for 500 specs with budgets, each a residual network of its own: alone, and
 * against a baseline. Runs take turns with a Node that does nothing. Run it after a build: node test/bench/check.js [rounds]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/flopwise.js', import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 5);
const SPECS = 500;
const WANTED_SECONDS = 3;

const spec = (index) => `name: net${index}
input: [3, 224, 224]
with: { width: ${16 + index}, classes: 1000 }
budget:
  macs: <= 900 GMAC
  parameters: <= 900M
  stages: { head: { parameters: <= 9M } }
blocks:
  unit:
    with: { d: required, stride: 1 }
    layers:
      - residual:
          - conv: { kernel: 3, out: $d, stride: $stride, padding: 1, bias: false }
          - batchnorm
          - relu
          - conv: { kernel: 3, out: $d, padding: 1, bias: false }
          - batchnorm
        shortcut: B
      - relu
stages:
  stem: [conv: { kernel: 7, out: $width, stride: 2, padding: 3, bias: false }, batchnorm, relu, maxpool: { kernel: 3, stride: 2, padding: 1 }]
  stage1: [unit: { d: $width }, unit: { d: $width }]
  stage2: [unit: { d: $width * 2, stride: 2 }, unit: { d: $width * 2 }]
  stage3: [unit: { d: $width * 4, stride: 2 }, unit: { d: $width * 4 }]
  stage4: [unit: { d: $width * 8, stride: 2 }, unit: { d: $width * 8 }]
  head: [globalavgpool, flatten, linear: { out: $classes }]
`;

const folder = mkdtempSync(join(tmpdir(), 'flopwise-bench-'));
mkdirSync(join(folder, 'nets'));
for (let index = 0; index < SPECS; index++) writeFileSync(join(folder, 'nets', `net${index}.yaml`), spec(index));

function run(argv) {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw error ?? new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

const check = [program, 'check', 'nets/*.yaml'];
const SUBJECTS = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: `check of ${SPECS} specs`, argv: check },
  { name: 'the same against a baseline', argv: [...check, '--baseline', 'main.json'] },
];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  run([...check, '--baseline', 'main.json', '--update']);
  const times = SUBJECTS.map(() => []);
  for (let round = 0; round < ROUNDS; round++) for (const [index, { argv }] of SUBJECTS.entries()) times[index].push(run(argv));
  for (const [index, { name }] of SUBJECTS.entries()) console.log(`${name.padEnd(30)} ${(median(times[index]) / 1000).toFixed(2)} s`);
  const seconds = median(times[1]) / 1000;
  console.log(`${SPECS} specs: ${seconds < WANTED_SECONDS ? 'within' : 'NOT within'} ${WANTED_SECONDS} s`);
  if (seconds >= WANTED_SECONDS) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
