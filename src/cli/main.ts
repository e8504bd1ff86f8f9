import { earlyThreads } from './early-threads.ts';
import { version } from './version.ts';

const argv = process.argv.slice(2);

async function run(): Promise<void> {
  const threads = await earlyThreads(argv);
  const { launch } = await import('./launch.ts');
  await launch(argv, threads);
}

// Asked for often and by scripts, so answered before anything else is loaded.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else void run();
