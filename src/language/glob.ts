import { charge } from '../problems/allowance.ts';
import { fail } from '../problems/problem.ts';

/**
 * Patterns for paths, of files and of layers: `*` stands for any signs of one step, `**` for any steps, `?` for one sign,
 * `{a,b}` for one of several. Brackets stand for themselves: the paths of layers have them. No pattern takes more time than
 * its length times that of the path; picomatch takes brackets for classes, and makes regular expressions that may take for ever.
 */

/** Most characters of a pattern. */
const MAX_LENGTH = 1000;
/** Most paths that the braces of a pattern stand for. */
const MAX_ALTERNATIVES = 256;

const tooLarge = (pattern: string) =>
  fail('WRONG_VALUE', {
    key: 'pattern',
    value: pattern,
    expected: `of at most ${MAX_LENGTH.toLocaleString('en')} characters, with at most ${MAX_ALTERNATIVES} choices in its braces`,
  });

/** The pattern without braces: all that it may stand for. */
function withoutBraces(pattern: string): string[] {
  if (pattern.length > MAX_LENGTH) throw tooLarge(pattern);
  let open = [pattern];
  for (;;) {
    const next = open.flatMap((text) => {
      const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(text);
      return match === null ? [text] : (match[2] as string).split(',').map((part) => `${match[1]}${part}${match[3]}`);
    });
    if (next.length === open.length && next.every((text, index) => text === open[index])) return next;
    if (next.length > MAX_ALTERNATIVES) throw tooLarge(pattern);
    open = next;
  }
}

/** Whether a step of a path fits a step of a pattern: the last `*` takes as much as it must. */
function fitsStep(pattern: string, step: string): boolean {
  let [p, s] = [0, 0];
  let [star, taken] = [-1, 0];
  while (s < step.length) {
    if (pattern[p] === '*') [star, taken, p] = [p, s, p + 1];
    else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === step[s])) [p, s] = [p + 1, s + 1];
    else if (star >= 0) [taken, p, s] = [taken + 1, star + 1, taken + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

/** The same for steps, where `**` takes none, one or several. */
function fitsSteps(pattern: readonly string[], steps: readonly string[]): boolean {
  let [p, s] = [0, 0];
  let [star, taken] = [-1, 0];
  while (s < steps.length) {
    if (pattern[p] === '**') [star, taken, p] = [p, s, p + 1];
    else if (p < pattern.length && fitsStep(pattern[p] as string, steps[s] as string)) [p, s] = [p + 1, s + 1];
    else if (star >= 0) [taken, p, s] = [taken + 1, star + 1, taken + 1];
    else return false;
  }
  return pattern.slice(p).every((step) => step === '**');
}

const stepsOf = (path: string): string[] => path.replace(/^(\.\/)+/, '').split('/');

/** Whether a text is a pattern rather than a path. */
export const isGlob = (text: string): boolean => /[*?{]/.test(text);

/** What tells whether a path fits the pattern. Throws a `ProblemError` where the pattern is too long, or stands for too much. */
export function glob(pattern: string): (path: string) => boolean {
  const all = withoutBraces(pattern);
  const letters = all.reduce((sum, { length }) => sum + length, 0);
  charge('characters', letters);
  const patterns = all.map(stepsOf);
  return (path) => {
    // A comparison of long texts takes the time of several.
    charge('comparisons', patterns.length + Math.floor((letters * path.length) / 2 ** 12));
    const steps = stepsOf(path);
    return patterns.some((one) => fitsSteps(one, steps));
  };
}
