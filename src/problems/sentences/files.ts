import { formatShape, type Shape } from '../../core/shape.ts';
import { didYouMean, nearest } from '../suggestions.ts';
import { cut } from '../text.ts';
import { count, kibibytes, list, quote, type Sentences, show } from '../words.ts';

/** Files, and what they are to hold. */
export interface FilesProblems {
  FILE_NOT_FOUND: { path: string };
  NOT_A_FILE: { path: string };
  FILE_UNREADABLE: { path: string; reason: string };
  FILE_UNWRITABLE: { path: string; reason: string };
  FILE_EXISTS: { path: string };
  FILE_EMPTY: { path: string };
  FILE_TOO_LARGE: { path: string; bytes: number; limit: number };
  NOT_TEXT: { path: string };
  NOT_A_SPEC: { path: string; expected: string };
  WRONG_CONTENTS: { path: string; kind: string; expected: string };
  OUTSIDE_FOLDER: { reference: string; folder: string };
  OUTSIDE_CHECK: { path: string };
  TOO_MANY_FILES: { limit: number };
  UNKNOWN_MODEL: { name: string; known: readonly string[] };
  UNKNOWN_MODEL_TYPE: { type: string; known: readonly string[] };
  UNKNOWN_FIELD: { field: string; value: unknown; type: string; spec: string };
  WEIGHTS_TRUNCATED: { path: string; size: number; needs: bigint };
  WEIGHTS_MALFORMED: { path: string; offset: number; reason: string };
  WEIGHTS_DO_NOT_FIT: {
    file: string;
    model: string;
    missing: readonly { path: string; role: string; shape: Shape; near: { name: string; shape: Shape } | undefined }[];
    numbers: readonly string[];
  };
  NAMES_SEVERAL: { name: string; variants: readonly string[] };
  NOTHING_TO_ANALYSE: { file: string; blocks: readonly string[]; variants: readonly string[] };
  UNKNOWN_PART: { name: string; file: string; known: readonly string[] };
}

export const filesSentences: Sentences<FilesProblems> = {
  FILE_NOT_FOUND: ({ path }) =>
    `There is no file ${path}. Check the path; it is relative to the current folder, or to the spec that names it.`,
  NOT_A_FILE: ({ path }) => `${path} is a folder, not a file. Name a spec in it.`,
  FILE_UNREADABLE: ({ path, reason }) => `${path} cannot be read: ${reason}. Name a file that can.`,
  FILE_UNWRITABLE: ({ path, reason }) =>
    `${path} cannot be written: ${reason}. Name a file in a folder that exists and that you may write to.`,
  FILE_EXISTS: ({ path }) => `${path} exists already, and is left as it is.`,
  FILE_EMPTY: ({ path }) => `${path} is empty.`,
  FILE_TOO_LARGE: ({ path, bytes, limit }) =>
    `${path} has ${kibibytes(bytes)}, and may have ${kibibytes(limit)}. Write repeated layers of a spec as a block with "repeat".`,
  NOT_TEXT: ({ path }) => `${path} is not text in UTF-8, so it is no spec. Name a file of YAML or JSON.`,
  WRONG_CONTENTS: ({ path, kind, expected }) => `${path} holds ${kind}, but must be ${expected}.`,
  NOT_A_SPEC: ({ path, expected }) => `${path} is no spec: ${expected}.`,
  OUTSIDE_FOLDER: ({ reference, folder }) =>
    `${quote(reference)} points outside ${folder}, the folder of the spec. Move the file there; a bare name without an ending means a file of the zoo.`,
  OUTSIDE_CHECK: ({ path }) => `${quote(path)} leads out of the folder that is checked, and files and links in it may not.`,
  TOO_MANY_FILES: ({ limit }) => `This spec draws on more than ${limit} files. Put shared blocks together.`,
  UNKNOWN_MODEL: ({ name, known }) => {
    const near = nearest(name, known);
    return `There is no model or block ${quote(name)}.${near === undefined ? '' : ` Did you mean ${quote(near)}?`}`;
  },
  UNKNOWN_MODEL_TYPE: ({ type, known }) =>
    `No spec describes the model_type ${quote(type)}. ${didYouMean(type, known, 'known types')} Another takes one file: ${type}.yaml beside the config, with a section "config:".`,
  UNKNOWN_FIELD: ({ field, value, type, spec }) =>
    `What the field ${quote(field)}, here ${show(value)}, does to the cost is not known. Say it in ${spec}, under "config:", ${quote(type)}: "parameters" where it changes it, "free" where it does not.`,
  WEIGHTS_TRUNCATED: ({ path, size, needs }) =>
    `${path} ends after ${count(size)} bytes, but its header lists data up to byte ${count(needs)}. It was cut off: copy or download it again.`,
  WEIGHTS_DO_NOT_FIT: ({ file, model, missing, numbers }) => {
    const shown = missing.slice(0, 4).map(({ path, role, shape, near }) => {
      const there = near === undefined ? 'the file has none in its layer' : `${cut(near.name)} is ${formatShape(near.shape)}`;
      return `${role} of ${path} is ${formatShape(shape)}, but ${there}`;
    });
    const more = missing.length > shown.length ? `; and ${missing.length - shown.length} more` : '';
    return `The weights in ${cut(file)} are not those of ${cut(model)}: ${shown.join('; ')}${more}. Correct the configuration${numbers.length === 0 ? '' : `, which says ${numbers.join(', ')}`}, or put the file elsewhere.`;
  },
  WEIGHTS_MALFORMED: ({ path, offset, reason }) =>
    `${path} is damaged, or no file of weights: at byte ${count(offset)}, ${reason}. Download or save it again.`,
  NAMES_SEVERAL: ({ name, variants }) => `${quote(name)} is a family of several models. Name one of them: ${list(variants)}.`,
  NOTHING_TO_ANALYSE: ({ file, blocks, variants }) =>
    variants.length + blocks.length === 0
      ? `${file} has no stages and no layers. Add "stages:".`
      : `${file} has no stages of its own. Name a part of it: ${list([...variants, ...blocks].map((name) => `${file}#${name}`))}.`,
  UNKNOWN_PART: ({ name, file, known }) => `${file} has no variant or block ${quote(name)}. ${didYouMean(name, known, 'parts')}`,
};
