import { formatShape, type Shape } from '../../core/shape.ts';
import { didYouMean, nearest } from '../suggestions.ts';
import { cut } from '../text.ts';
import { LISTED, list, quote, type Sentences, show } from '../words.ts';

/** Parts, comparisons and searches. */
export interface AnalysisProblems {
  UNKNOWN_CONVENTION: { name: string; known: readonly string[] };
  UNKNOWN_QUANTITY: { name: string; known: readonly string[] };
  UNKNOWN_PATH: { path: string; model: string; known: readonly string[] };
  FITS_NO_WEIGHT: { option: string; pattern: string; model: string };
  FITS_NO_LAYER: { option: string; pattern: string; model: string; known: readonly string[] };
  NOT_COMPARABLE: { inputs: readonly { name: string; shapes: readonly Shape[] }[] };
  TOO_MANY_SYMBOLS: { names: readonly string[]; limit: number };
  NOT_POLYNOMIAL: { model: string; names: readonly string[]; from: readonly number[] };
  TOO_MANY_PIECES: { from: number; to: number; limit: number };
  NO_STEPS: { model: string; missing: readonly string[]; known: readonly string[] };
  NOTHING_KEPT: { model: string };
  NOT_A_NUMBER_PARAMETER: { name: string; value: unknown; numbers: readonly string[] };
  NOTHING_IN_RANGE: { name: string; searched: string };
  TARGET_NOT_MET: { target: string; searched: string; nearest: string };
  NOTHING_TO_CONVERT: { file: string; to: string; why: readonly string[] };
}

export const analysisSentences: Sentences<AnalysisProblems> = {
  UNKNOWN_CONVENTION: ({ name, known }) => {
    const near = nearest(name, known);
    const advice = near === undefined ? `The conventions: ${known.join(', ')}` : `Did you mean ${quote(near)}`;
    return `There is no convention ${quote(name)}. ${advice}${near === undefined ? '; a path of your own ends in .yaml, .yml or .json.' : '?'}`;
  },
  UNKNOWN_QUANTITY: ({ name, known }) => `No quantity is called ${quote(name)}. ${didYouMean(name, known, 'quantities')}`,
  UNKNOWN_PATH: ({ path, model, known }) => `${model} has no part ${quote(path)}. ${didYouMean(path, known, 'parts')}`,
  FITS_NO_WEIGHT: ({ option, pattern, model }) =>
    `${quote(option)} ${quote(pattern)} fits no layer of ${cut(model)} that has weights. Name paths as the table does, with * for any part of a step and ** for any steps.`,
  FITS_NO_LAYER: ({ option, pattern, model, known }) =>
    `${quote(option)} ${quote(pattern)} is none of ${known.join(', ')}, and fits no layer of ${cut(model)} as a pattern. Name paths as the table does, with * for any part of a step and ** for any steps.`,
  NOT_COMPARABLE: ({ inputs }) =>
    `These take different kinds of input: ${inputs.map(({ name, shapes }) => `${cut(name)} ${shapes.map(formatShape).join(' and ') || 'none'}`).join(', ')}. Compare models, stages or blocks whose inputs have the same number of axes.`,
  TOO_MANY_SYMBOLS: ({ names, limit }) =>
    `${names.length} parameters are left open: ${list(names)}. Leave open at most ${limit}, and give the others values.`,
  NOT_POLYNOMIAL: ({ model, names, from }) =>
    `The cost of ${cut(model)} is no polynomial of ${names.map((name, index) => `${cut(name)} from ${from[index]} on`).join(', ')}: layers come and go with it, or it is rounded. Give it a value.`,
  TOO_MANY_PIECES: ({ from, to, limit }) =>
    `The cost changes so irregularly between ${from} and ${to} that more than ${limit} values would have to be counted. Ask for fewer.`,
  NO_STEPS: ({ model, missing, known }) =>
    `${cut(model)} does not generate token by token: it has no ${missing.length === 1 ? 'parameter' : 'parameters'} ${missing.map((name) => quote(name)).join(' and ')}. Its spec needs "tokens", how many positions are computed, and "past", how many earlier steps have left in a cache. ${known.length === 0 ? 'It has no parameters.' : `It has: ${list(known)}.`}`,
  NOTHING_KEPT: ({ model }) =>
    `${cut(model)} keeps nothing from one step to the next, so it does not generate token by token. Its attention needs a cache, and to be causal.`,
  NOT_A_NUMBER_PARAMETER: ({ name, value, numbers }) =>
    `The parameter ${quote(name)} is ${show(value)}, which is no number to search over. ${numbers.length === 0 ? 'No parameter here is one.' : `Those that are: ${list(numbers)}.`}`,
  NOTHING_IN_RANGE: ({ name, searched }) => `None of the ${searched} is a value that "${cut(name)}" can have.`,
  TARGET_NOT_MET: ({ target, searched, nearest }) => `${target} is not met by any of the ${searched}. Nearest is ${nearest}.`,
  NOTHING_TO_CONVERT: ({ file, to, why }) =>
    `${file} has no block to convert to "${cut(to)}".${why.length === 0 ? ' It holds no residual of the other kind, and calls no such block.' : ` ${why.slice(0, LISTED).join('; ')}.`} A basic block is two 3×3 convolutions around which a shortcut leads, a bottleneck 1×1, 3×3, 1×1.`,
};
