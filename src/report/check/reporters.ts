import { checkGithub } from './github.ts';
import { checkGitlab } from './gitlab.ts';
import { checkHtml } from './html.ts';
import { checkJson } from './json.ts';
import { checkJunit } from './junit.ts';
import { checkMarkdown, checkSummary } from './markdown.ts';
import type { Reporter } from './reporter.ts';
import { checkSarif } from './sarif.ts';
import { checkText } from './text.ts';

/** The formats of a check, by name. */
export const reporters: Readonly<Record<string, Reporter>> = {
  table: checkText,
  json: checkJson,
  markdown: checkMarkdown,
  html: checkHtml,
  junit: checkJunit,
  sarif: checkSarif,
  github: checkGithub,
  summary: checkSummary,
  gitlab: checkGitlab,
};
