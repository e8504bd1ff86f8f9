import { setFlagsFromString } from 'node:v8';
import { version } from './version.ts';

const argv = process.argv.slice(2);

/** A short command is over before V8's optimising compiler has done its work: on two cores it only takes time from it, a quarter of that of "list". */
const SHORT = '--no-opt';

/** Other flags, for commands that compute for long. Kernels of WebAssembly are optimised at once: they would run long before V8 finds out. */
const FLAGS = new Map([
  ['verify', '--no-liftoff'],
  ['solve', '--opt'],
]);

// Asked for often and by scripts, so answered before anything else is loaded.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else {
  setFlagsFromString(FLAGS.get(argv[0] ?? '') ?? SHORT);
  void import('./start.ts').then(({ start }) => start(argv));
}
