import { PLAIN, type Screen } from '../report/kit/terminal.ts';
import type { Io } from './io.ts';

/** What a stream of this process shows. chalk is loaded only where there is colour: a pipe need not wait for it. */
export async function screenOf({ columns, colour }: Io, stream: 'stdout' | 'stderr'): Promise<Screen> {
  const plain = { ...PLAIN, columns: columns[stream] };
  if (!colour[stream]) return plain;
  const { Chalk } = await import('chalk');
  const { bold, dim, red } = new Chalk({ level: 1 });
  return { ...plain, bold, dim, red };
}
