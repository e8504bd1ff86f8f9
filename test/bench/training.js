/**
 * What a training step costs to count and to run, against the forward pass alone, as whole processes in turns. Run it after a build:
 * node test/bench/training.js [rounds]
 */
import { measure, program } from './processes.js';

const ROUNDS = Number(process.argv[2] ?? 10);
const MOST_TIMES = 4;
const MOST_MORE = 20;

const time = (commands, rounds) =>
  measure(
    commands.map((argv) => [program, ...argv]),
    rounds,
  ).map(({ milliseconds }) => milliseconds);

const [table, train] = time(
  [
    ['table', 'resnet50'],
    ['train', 'resnet50'],
  ],
  2 * ROUNDS,
);
console.log(
  `table resnet50 ${table.toFixed(0)} ms, train resnet50 ${train.toFixed(0)} ms: ${(train - table).toFixed(0)} ms more (at most ${MOST_MORE})`,
);
const [forward, whole] = time(
  [
    ['verify', 'resnet18'],
    ['verify', 'resnet18', '--training'],
  ],
  ROUNDS,
);
console.log(
  `verify resnet18 ${forward.toFixed(0)} ms, with --training ${whole.toFixed(0)} ms: ${(whole / forward).toFixed(2)} times (at most ${MOST_TIMES})`,
);
if (train - table > MOST_MORE || whole > MOST_TIMES * forward) process.exitCode = 1;
