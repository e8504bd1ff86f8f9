/** Keys of which every spec, configuration, convention file and config.json of a model has one. */
const TELLING = [
  'input',
  'layers',
  'stages',
  'blocks',
  'extends',
  'variants',
  'rules',
  'otherwise',
  'budget',
  'budgets',
  'flopwise',
  'model_type',
];

/** Keys that stand beside these in a spec or a convention file, and in many other files too. */
const COMMON = ['$schema', 'name', 'summary', 'source', 'notes', 'task', 'use', 'with', 'let', 'require', 'outputs', 'alternatives'];

const KNOWN: ReadonlySet<string> = new Set([...TELLING, ...COMMON, 'config', 'paper', 'version', 'unit']);

/** As a key at the start of a line, or in braces. A text with mistakes has no other form that could be asked. */
const HAS_KEY = new RegExp(String.raw`(?:^|[{,])[ \t]*(["']?)(?:${TELLING.join('|')})\1[ \t]*:`, 'm');

/** Keys of a text without braces around it. */
const TOP_LEVEL_KEYS = /^(["']?)([\w.$-]+)\1[ \t]*:(?=\s|$)/gm;

const IS_CONFIGURATION = /(?:^|[/\\])flopwise\.config\.\w+$/;

/** That at most half of its keys are foreign: a pipeline has `stages` and `rules` too, beside the names of its jobs. A config.json may. */
function isMostlyKnown(text: string): boolean {
  if (/^\s*\{/.test(text)) return true;
  const keys = [...text.matchAll(TOP_LEVEL_KEYS)].map(([, , key = '']) => key);
  return 2 * keys.filter((key) => KNOWN.has(key)).length >= keys.length;
}

/** Whether a text is meant for flopwise: of any other file, such as one with passwords, no line may be shown. */
export const isOurs = (file: string, text: string): boolean => IS_CONFIGURATION.test(file) || (HAS_KEY.test(text) && isMostlyKnown(text));
