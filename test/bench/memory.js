/**
 * How much memory a long-lived process keeps: 100,000 analyses of specs that all differ. The heap after a collection must stay flat.
 * Run it after a build: node --expose-gc test/bench/memory.js [analyses]
 */
import { analyse, expandSpec, parseSpec } from '../../dist/lib/index.js';
import { zoo } from '../../dist/lib/node.js';

const MEBIBYTE = 2 ** 20;
const ANALYSES = Number(process.argv[2] ?? 100_000);
const STEPS = 10;

const specOf = (index) => `name: net${index}
use: [bottleneck]
input: [3, 32, 32]
layers:
  - conv: { kernel: 3, out: ${1 + (index % 97)}, padding: 1 }
  - batchnorm
  - relu
  - bottleneck: { d: ${1 + (index % 89)} }
  - globalavgpool
  - flatten
  - linear: { out: ${1 + index} }
`;

if (globalThis.gc === undefined) throw new Error('Run it with --expose-gc.');

const heap = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed / MEBIBYTE;
};

let parameters = 0n;
for (let step = 0; step <= STEPS; step++) {
  process.stdout.write(`${String((step * ANALYSES) / STEPS).padStart(8)} analyses  ${heap().toFixed(1)} MiB\n`);
  if (step === STEPS) break;
  for (let i = 0; i < ANALYSES / STEPS; i++)
    parameters += analyse(expandSpec(parseSpec(specOf((step * ANALYSES) / STEPS + i), { zoo }))).totals.parameters;
}
process.stdout.write(`${parameters.toLocaleString('en')} parameters in all\n`);
