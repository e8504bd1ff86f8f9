import { version } from './version.ts';

const argv = process.argv.slice(2);

// Asked for often and by scripts, so answered before anything else is loaded.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else await (await import('./start.ts')).start(argv);
