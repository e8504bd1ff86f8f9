import type { Command } from 'commander';
import type { Io, Run } from '../../io.ts';

export const addMcp = (program: Command, io: Io, run: Run): Command =>
  program
    .command('mcp')
    .description('answer programs over the standard streams, by the Model Context Protocol: count, compare, explain, solve, list')
    .action(async () => {
      const { serve } = await import('./server.ts');
      await serve(io, run);
    });
