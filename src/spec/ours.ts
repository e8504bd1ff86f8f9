/** Keys of which every spec, configuration, convention file and config.json of a model has one. */
const KEYS = [
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
] as const;

/** As a key at the start of a line, or in braces. A text with mistakes has no other form that could be asked. */
const HAS_KEY = new RegExp(String.raw`(?:^|[{,])[ \t]*(["']?)(?:${KEYS.join('|')})\1[ \t]*:`, 'm');

const IS_CONFIGURATION = /(?:^|[/\\])flopwise\.config\.\w+$/;

/** Whether a text is meant for flopwise: of any other file, such as one with passwords, no line may be shown. */
export const isOurs = (file: string, text: string): boolean => IS_CONFIGURATION.test(file) || HAS_KEY.test(text);
