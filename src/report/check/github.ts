import type { CheckResult } from '../../analysis/check/result.ts';
import { wellFormed } from '../html/html.ts';
import { type Finding, findings } from './finding.ts';

/**
 * A check as commands that GitHub turns into annotations at the lines of a pull request.
 * Source: docs.github.com, Workflow commands for GitHub Actions; escapes as in @actions/core.
 */

const escapeData = (text: string): string => wellFormed(text).replaceAll('%', '%25');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function annotation({ level, file, position, title, message }: Finding): string {
  const properties: readonly (readonly [string, string | number | undefined])[] = [
    ['file', file],
    ['line', position?.line],
    ['col', position?.column],
    ['endColumn', position && position.column + Math.max(1, position.length)],
    ['title', `flopwise: ${title}`],
  ];
  const given = properties.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escapeProperty(String(value))}`]));
  return `::${level} ${given.join(',')}::${escapeData(message)}`;
}

/** GitHub shows ten annotations of each kind for a step, and drops the others in silence. */
const MOST = 10;

function level(found: readonly Finding[], name: Finding['level']): string[] {
  const all = found.filter((finding) => finding.level === name);
  if (all.length <= MOST) return all.map(annotation);
  const more = all.length - MOST + 1;
  return [
    ...all.slice(0, MOST - 1).map(annotation),
    `::${name} title=flopwise::${more} more, of which GitHub shows none here: see the summary of the job.`,
  ];
}

export function checkGithub(result: CheckResult): string {
  const found = findings(result);
  return [...level(found, 'error'), ...level(found, 'warning')].join('\n');
}
