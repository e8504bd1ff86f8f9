/**
 * Patterns for paths, of files and of layers: `*` stands for any signs of one step, `**` for any steps, `?` for one sign,
 * `{a,b}` for one of several. Brackets stand for themselves: the paths of layers have them. No pattern takes more time than
 * its length times that of the path; picomatch takes brackets for classes, and makes regular expressions that may take for ever.
 */

const MAX_ALTERNATIVES = 256;

/** The pattern without braces: all that it may stand for. Too many are cut off; they match nothing then. */
function withoutBraces(pattern: string): string[] {
  let open = [pattern];
  for (;;) {
    const next = open.flatMap((text) => {
      const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(text);
      return match === null ? [text] : (match[2] as string).split(',').map((part) => `${match[1]}${part}${match[3]}`);
    });
    if (next.length === open.length && next.every((text, index) => text === open[index])) return next;
    open = next.slice(0, MAX_ALTERNATIVES);
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

/** What tells whether a path fits the pattern. */
export function glob(pattern: string): (path: string) => boolean {
  const patterns = withoutBraces(pattern).map(stepsOf);
  return (path) => {
    const steps = stepsOf(path);
    return patterns.some((one) => fitsSteps(one, steps));
  };
}
