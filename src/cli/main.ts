import { setFlagsFromString } from 'node:v8';
import { version } from './version.ts';

const argv = process.argv.slice(2);

/** Commands that compute for long enough for V8's optimising compiler to pay off. */
const LONG = new Set(['verify', 'solve', 'check']);

// Asked for often and by scripts, so answered before anything else is loaded.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else {
  // The others are over before it does: on two cores it only takes time from them, a quarter of that of "list".
  if (!LONG.has(argv[0] ?? '')) setFlagsFromString('--no-opt');
  void import('./start.ts').then(({ start }) => start(argv));
}
