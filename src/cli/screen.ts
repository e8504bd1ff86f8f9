import { PLAIN, type Screen } from '../report/terminal.ts';
import type { Io } from './io.ts';

/** chalk is loaded only where there is colour: a pipe need not wait for it. */
async function makeScreen(columns: number | undefined, isColoured: boolean): Promise<Screen> {
  if (!isColoured) return { ...PLAIN, columns };
  const { Chalk } = await import('chalk');
  const { bold, dim, red } = new Chalk({ level: 1 });
  return { columns, bold, dim, red };
}

/** Where a result goes: the terminal, or a file, which has no width and no colour. */
export const screenFor = async ({ columns, colour }: Io, { output }: { readonly output?: string }): Promise<Screen> =>
  output === undefined ? makeScreen(columns, colour.stdout) : PLAIN;

export const errorScreen = ({ columns, colour }: Io): Promise<Screen> => makeScreen(columns, colour.stderr);
