import type { Reporter } from './reporter.ts';

/** The formats of a check, by name. Each is loaded only where it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  table: async () => (await import('./text.ts')).checkText,
  json: async () => (await import('./json.ts')).checkJson,
  markdown: async () => (await import('./markdown.ts')).checkMarkdown,
  html: async () => (await import('./html.ts')).checkHtml,
  junit: async () => (await import('./junit.ts')).checkJunit,
  sarif: async () => (await import('./sarif.ts')).checkSarif,
  github: async () => (await import('./github.ts')).checkGithub,
  summary: async () => (await import('./markdown.ts')).checkSummary,
  gitlab: async () => (await import('./gitlab.ts')).checkGitlab,
};
