import { randomUUID } from 'node:crypto';

/** Nobody who writes a file can know it. */
const token = randomUUID();

/** The text without lines that begin with "::", which a runner of GitHub obeys: names and excerpts of files may say anything. */
export const harmless = (text: string): string => text.replace(/^(\s*):(?=:)/gm, '$1\ufffd');

/** A text for people as a runner of GitHub should have it: told not to obey it. Both outputs are read at once, so lines are harmless too. */
export const shielded = (text: string): string => `::stop-commands::${token}\n${harmless(text).replace(/\n?$/, '\n')}::${token}::\n`;
