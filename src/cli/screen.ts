import { Chalk } from 'chalk';
import { PLAIN, type Screen } from '../report/kit/terminal.ts';
import type { Io } from './io.ts';

const { bold, dim, green, red } = new Chalk({ level: 1 });

/** What a stream of this process shows. */
export function screenOf({ columns, colour }: Io, stream: 'stdout' | 'stderr'): Screen {
  const plain = { ...PLAIN, columns: columns[stream] };
  return colour[stream] ? { ...plain, bold, dim, green, red } : plain;
}
