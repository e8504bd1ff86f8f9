import { didYouMean } from '../suggestions.ts';
import { cut } from '../text.ts';
import { begun, count, isUnsafe, list, quote, type Sentences, show } from '../words.ts';

/** The text of a spec, its keys and names. */
export interface SpecProblems {
  SYNTAX: { message: string; fix: string };
  DUPLICATE_KEY: { key: string; line: number };
  TAG: { tag: string };
  UNKNOWN_ALIAS: { name: string };
  TOO_MANY_ALIASES: { limit: number };
  NESTED_TOO_DEEPLY: { limit: number };
  UNKNOWN_KEY: { key: string; owner: string; known: readonly string[] };
  MISSING_KEY: { key: string; owner: string; expected: string };
  WRONG_VALUE: { key: string; value: unknown; expected: string };
  BAD_NAME: { name: string; expected: string };
  NAME_TAKEN: { name: string; by: string };
  NOT_ONE_KIND: { kinds: readonly string[] };
  /** `written`: how it is written here, where other libraries call it so. */
  UNKNOWN_OPERATOR: { name: string; known: readonly string[]; written: string | undefined };
  UNKNOWN_WEIGHT: { name: string; operator: string; known: readonly string[] };
  UNKNOWN_PARAMETER: { name: string; owner: string; known: readonly string[] };
  MISSING_PARAMETER: { name: string; owner: string; variants?: readonly string[] };
  UNKNOWN_VALUE: { name: string; known: readonly string[] };
  UNKNOWN_SOURCE: { name: string; known: readonly string[] };
  SKIPPED_SOURCE: { name: string };
  HIDDEN_SOURCE: { name: string; line: number };
  AMBIGUOUS_SOURCE: { name: string; text: string };
  UNKNOWN_INPUT: { name: string; known: readonly string[] };
  CIRCLE: { of: string; names: readonly string[] };
  TOO_MUCH_WORK: { what: string; limit: number };
  LIST_TOO_LONG: { limit: number };
  TOO_MANY_AXES: { axes: number; limit: number };
  BLOCKS_TOO_DEEP: { limit: number; block: string };
  TOO_MANY_NAMES: { names: readonly string[]; outputs: number };
  TOO_MANY_PROBLEMS: { limit: number };
}

export const specSentences: Sentences<SpecProblems> = {
  SYNTAX: ({ message, fix }) => `${message}. ${fix}.`,
  DUPLICATE_KEY: ({ key, line }) => `The key ${quote(key)} is here a second time; the first is on line ${line}. Keep one of them.`,
  TAG: ({ tag }) =>
    `The tag ${cut(tag.replace('tag:yaml.org,2002:', '!!'))} means nothing in a spec. Remove it; put a text that begins with "!" in quotes.`,
  UNKNOWN_ALIAS: ({ name }) =>
    `There is no anchor &${cut(name)} before this *${cut(name)}. Set it earlier, or use a parameter: $${cut(name)}.`,
  TOO_MANY_ALIASES: ({ limit }) =>
    `The aliases of this file expand to more than ${count(limit)} values. Write a block and repeat it instead.`,
  NESTED_TOO_DEEPLY: ({ limit }) => `This nests deeper than ${limit} levels. Split it up.`,
  UNKNOWN_KEY: ({ key, owner, known }) => {
    // Only operators are called by a single word.
    const noun = /^\w+$/.test(owner) ? 'attribute' : 'key';
    return `${begun(owner)} has no ${noun} ${quote(key)}. ${didYouMean(key, known, `${noun}s`)}`;
  },
  MISSING_KEY: ({ key, owner, expected }) => `${begun(owner)} needs "${key}". Give it ${expected}.`,
  WRONG_VALUE: ({ key, value, expected }) =>
    `${quote(key)} is ${show(value)}, but must be ${expected}${isUnsafe(value) ? ', and below 2^53' : ''}.`,
  BAD_NAME: ({ name, expected }) => `${quote(name)} cannot be a name here. Use ${expected}.`,
  NAME_TAKEN: ({ name, by }) => `The name ${quote(name)} is taken by ${by}. Use another.`,
  NOT_ONE_KIND: ({ kinds }) =>
    kinds.length === 0
      ? 'This layer says nothing about what it is. Start it with an operator or a block, as in "- conv: { kernel: 3, out: 64 }".'
      : `This layer is several things at once: ${list(kinds)}. Give each its own "-".`,
  UNKNOWN_OPERATOR: ({ name, known, written }) =>
    `There is no operator or block ${quote(name)}. ${written === undefined ? didYouMean(name, known, 'operators and blocks') : `Here it is ${quote(written)}.`}`,
  UNKNOWN_WEIGHT: ({ name, operator, known }) =>
    known.length === 0
      ? `This ${operator} holds no weights, so there is no ${quote(name)} to share. Leave "weights" out.`
      : `This ${operator} holds no weight ${quote(name)}. ${didYouMean(name, known, 'weights')}`,
  UNKNOWN_PARAMETER: ({ name, owner, known }) => `${owner} has no parameter ${quote(name)}. ${didYouMean(name, known, 'parameters')}`,
  MISSING_PARAMETER: ({ name, owner, variants = [] }) => {
    const choice = variants.length === 0 ? '' : `, or name a variant: ${list(variants)}`;
    return `${owner} requires its parameter "${name}". Give it a value${choice}.`;
  },
  UNKNOWN_VALUE: ({ name, known }) => `Nothing here is called $${cut(name)}. ${didYouMean(name, known, 'known names')}`,
  UNKNOWN_SOURCE: ({ name, known }) => `No earlier layer here is named ${quote(name)}. ${didYouMean(name, known, 'names so far')}`,
  SKIPPED_SOURCE: ({ name }) => `The layer "${name}" was left out by its "when". Use the same "when" here.`,
  HIDDEN_SOURCE: ({ name, line }) =>
    `The layer ${quote(name)} of line ${line} was left out by its "when", and an earlier layer has the same name. Give them different names and choose: "from: b if … else a".`,
  AMBIGUOUS_SOURCE: ({ name, text }) =>
    `In ${quote(text)}, ${quote(name)} may be an output of this block or of its caller. Rename one of them.`,
  UNKNOWN_INPUT: ({ name, known }) =>
    known.length === 1
      ? `There is no input ${quote(name)}. The only one is ${list(known)}; give its shape alone.`
      : `There is no input ${quote(name)}. Give shapes by the names of the inputs: ${list(known)}.`,
  CIRCLE: ({ of, names }) => `These ${of} form a circle: ${names.map((name) => cut(name)).join(' → ')}. One of them must not use the next.`,
  TOO_MUCH_WORK: ({ what, limit }) =>
    `This comes to more than ${count(limit)} ${what}, which is the limit. Repeat less, use smaller lists, or count a part of it.`,
  LIST_TOO_LONG: ({ limit }) =>
    `This list has more than ${count(limit)} values, those of lists in it included, which is the limit. Use a shorter one.`,
  TOO_MANY_AXES: ({ axes, limit }) => `A tensor of ${count(axes)} axes is too much: ${limit} is the limit. Use fewer sizes.`,
  BLOCKS_TOO_DEEP: ({ limit, block }) =>
    `Blocks call blocks more than ${limit} levels deep, at last the block "${block}". A block must not come to call itself.`,
  TOO_MANY_NAMES: ({ names, outputs }) =>
    `This layer has ${outputs} output${outputs === 1 ? '' : 's'}, but ${names.length} names: ${list(names)}. Give at most one for each output.`,
  TOO_MANY_PROBLEMS: ({ limit }) => `There are more than ${limit} problems; the others are not shown. Solve these first.`,
};
