import type { Reporter } from './reporter.ts';

/** The formats of a check, by name. Each is loaded only where it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  table: async () => (await import('./text.ts')).checkText,
  json: async () => (await import('./json.ts')).checkJson,
};
