/**
 * How many whole analyses of ResNet-50 the library does in a second, on one thread, from a parsed spec.
 * Run it after a build and with nothing else running: node test/bench/library.js
 */
import { analyse, expandSpec, parseSpec } from '../../dist/lib/index.js';
import { zoo } from '../../dist/lib/node.js';

const WANTED = 5000;
const MACS = 4_089_184_256n;
const ROUNDS = 5;
const MILLISECONDS = 1000;

const spec = parseSpec('extends: resnet50\n', { zoo });

/** Runs it again and again for a second; returns how often it did. */
function perSecond(run) {
  const start = performance.now();
  let times = 0;
  while (performance.now() - start < MILLISECONDS) {
    run();
    times++;
  }
  return (times / (performance.now() - start)) * MILLISECONDS;
}

/** The best of some rounds: the others are disturbed by what else the machine does. */
const best = (run) => Math.max(...Array.from({ length: ROUNDS }, () => perSecond(run)));

const print = (what, value) => process.stdout.write(`${what.padEnd(44)} ${value}\n`);
const count = (value) => Math.round(value).toLocaleString('en').padStart(8);

const macs = analyse(expandSpec(spec)).totals.macs;
if (macs !== MACS) throw new Error(`ResNet-50 has ${MACS} MACs, but was counted with ${macs}.`);

const graph = expandSpec(spec);
const whole = best(() => analyse(expandSpec(spec)));
print(
  'ResNet-50, expanded and counted, per second',
  `${count(whole)}  ${(whole / WANTED).toFixed(2)} × the ${count(WANTED).trim()} wanted`,
);
print('  expanded only', count(best(() => expandSpec(spec))));
print('  counted only', count(best(() => analyse(graph))));
print('  with a new parameter each time', count(best(newParameter())));

/** What is remembered from one expansion to the next is of no use where each has other values. */
function newParameter() {
  let classes = 0;
  return () => analyse(expandSpec(spec, { set: { classes: ++classes } }));
}
