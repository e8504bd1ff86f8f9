import { Chalk } from 'chalk';
import { PLAIN, type Screen } from '../report/terminal.ts';
import type { Io } from './io.ts';

const coloured = (columns: number | undefined, isColoured: boolean): Screen => {
  if (!isColoured) return { ...PLAIN, columns };
  const { bold, dim, red } = new Chalk({ level: 1 });
  return { columns, bold, dim, red };
};

/** Where a result goes: the terminal, or a file, which has no width and no colour. */
export const screenFor = ({ columns, colour }: Io, { output }: { readonly output?: string }): Screen =>
  output === undefined ? coloured(columns, colour.stdout) : PLAIN;

export const errorScreen = ({ columns, colour }: Io): Screen => coloured(columns, colour.stderr);
