import type { YAMLError } from 'yaml';

/** What is wrong with a text that is no YAML, and what to do, for people who do not know YAML by heart. */
export interface SyntaxAdvice {
  readonly message: string;
  readonly fix: string;
}

interface Hint {
  /** On the line that the parser stops at. */
  readonly line: RegExp;
  advise(match: RegExpExecArray): SyntaxAdvice;
}

/** Slips that are told by the line alone, whatever the parser says of them. */
const HINTS: readonly Hint[] = [
  {
    line: /\$\{\s*(\w*)/,
    advise: ([, name]) => ({ message: 'A "{" inside a value begins a map', fix: `Write $${name || 'name'} without braces` }),
  },
  {
    // A key without an end to its length would be looked for at each of its letters.
    line: /([\w"']{1,64}):[{[]/,
    advise: ([, key]) => ({
      message: `There is no space after the colon of "${key}"`,
      fix: `Write "${key}: " with a space after the colon`,
    }),
  },
  {
    line: /^(?: *\t)/,
    advise: () => ({ message: 'A tab indents this line, and YAML takes spaces only', fix: 'Replace the tab by spaces' }),
  },
];

type Advise = (line: string, error: YAMLError) => SyntaxAdvice;

/** A word that has keys under it, but no colon. */
const missingColon: Advise = (line, { message }) => {
  const word = /^[\s-]*([\w.$-]+)/.exec(line)?.[1];
  if (word === undefined) return { message: plainly(message), fix: 'Write "key: value", one on each line' };
  return { message: `"${word}" has no colon, but reads like a key`, fix: `Put a colon after the name: "${word}:"` };
};

const indentation: Advise = (_, { message }) => {
  const closing = /end with a ([\]}])/.exec(message)?.[1];
  if (closing === undefined)
    return {
      message: 'This line does not line up with those it belongs to',
      fix: 'Give all keys of a map, and all "-" of a list, the same indentation',
    };
  return unclosed(closing);
};

const unclosed = (closing: string): SyntaxAdvice => ({
  message: `A "${closing === ']' ? '[' : '{'}" above is never closed`,
  fix: `Add the "${closing}"`,
});

const missingCharacter: Advise = (_, { message }) => {
  const closing = /(?:end with a |expected )([\]}])/.exec(message)?.[1];
  if (closing !== undefined) return unclosed(closing);
  const quote = /closing (["'])/.exec(message)?.[1];
  if (quote !== undefined) return { message: `A text that begins with ${quote} is never closed`, fix: `Add the ${quote} at its end` };
  return { message: plainly(message), fix: 'Put a comma between the values' };
};

const misplaced: Advise = (_, { message }) => ({ message: plainly(message), fix: 'Put a text with signs of YAML in it in quotes' });

const noComma: Advise = () => ({
  message: 'Between "[" and "]", or "{" and "}", a value follows another without a comma',
  fix: 'Put a comma between them',
});

const nestedOnOneLine: Advise = () => ({
  message: 'There are two "key:" in a row on one line',
  fix: 'Put the second on its own line, or write { key: value }',
});

const ADVICE: Readonly<Partial<Record<YAMLError['code'], Advise>>> = {
  MULTILINE_IMPLICIT_KEY: missingColon,
  BLOCK_AS_IMPLICIT_KEY: (line, error) => (/^\s*-/.test(line) ? indentation(line, error) : nestedOnOneLine(line, error)),
  BLOCK_IN_FLOW: noComma,
  BAD_INDENT: indentation,
  MISSING_CHAR: missingCharacter,
  UNEXPECTED_TOKEN: misplaced,
  BAD_SCALAR_START: misplaced,
  BAD_DQ_ESCAPE: (_, { message }) => ({ message: plainly(message), fix: 'Write \\\\ for a backslash, or use single quotes' }),
  TAB_AS_INDENT: () => ({ message: 'A tab indents this line, and YAML takes spaces only', fix: 'Replace the tab by spaces' }),
  NON_STRING_KEY: () => ({ message: 'A list or a map cannot be a key', fix: 'Use a name' }),
  KEY_OVER_1024_CHARS: () => ({ message: 'This key has more than 1,024 characters', fix: 'Use a shorter name' }),
  MULTIPLE_DOCS: () => ({ message: '"---" begins a second document, and a spec is one', fix: 'Put the second in a file of its own' }),
};

const plainly = (message: string): string => message.replace(/\.$/, '').replace(/\s+/g, ' ');

/** Advice for one error of the YAML parser, on the line that it points to. */
export function syntaxAdvice(error: YAMLError, line: string): SyntaxAdvice {
  for (const { line: pattern, advise } of HINTS) {
    const match = pattern.exec(line);
    if (match !== null) return advise(match);
  }
  return ADVICE[error.code]?.(line, error) ?? { message: plainly(error.message), fix: 'Write it as YAML, or put it in quotes' };
}
