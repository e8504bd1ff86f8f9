import { version } from './version.ts';

const argv = process.argv.slice(2);

async function main(): Promise<void> {
  const [{ run }, { processIo }] = await Promise.all([import('./program.ts'), import('./process-io.ts')]);
  process.exitCode = await run(argv, processIo());
}

// Asked for often and by scripts, so answered before anything else is loaded.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else void main();
