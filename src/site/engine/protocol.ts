import type { PageState } from '../address.ts';
import type { Meaning, Offers } from './schema-help.ts';

/** What the page asks and the worker answers. All of it is plain data. */

/** A file that was dropped on the page: a handle, of which windows are read. */
export interface DroppedFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified?: number;
}

/** What is asked for in every question. */
export interface AskedState<F extends DroppedFile = DroppedFile> {
  readonly state: PageState;
  readonly files: readonly F[];
  /** Most rows of a table. */
  readonly rows: number;
}

/** A problem or a warning, at its place in the text where it has one there. */
export interface ShownProblem {
  readonly code: string;
  readonly message: string;
  /** Where it is: a line of the text, another file, a layer. */
  readonly place: string;
  readonly isWarning: boolean;
  /** In the text of the editor: line and column from 1, length in characters. */
  readonly span?: { readonly line: number; readonly column: number; readonly length: number };
}

/** A parameter of a spec that can be set. */
export interface ShownParameter {
  readonly name: string;
  /** As it is counted with; empty where it must be given. */
  readonly value: string;
  readonly kind: 'number' | 'boolean' | 'choice' | 'text';
  /** What a number may be set to by a slider, or the words to choose from. */
  readonly most?: number;
  readonly choices?: readonly string[];
}

/** What can be set of the model that is shown. */
export interface Controls {
  /** The text of the model's spec; nothing where it is no spec. */
  readonly text: string | undefined;
  readonly file: string;
  /** Variants and blocks of a text to choose from. */
  readonly parts: readonly string[];
  /** The one that is counted; of a model of the zoo, the one that it is in its file. */
  readonly part: string;
  readonly parameters: readonly ShownParameter[];
  /** Shapes of the inputs without the batch. */
  readonly inputs: readonly { readonly name: string; readonly shape: string }[];
}

/** What a model costs in all, which is told before anything is drawn of it. HTML is flopwise's own, with all names escaped. */
export interface Totals {
  readonly controls: Controls;
  readonly name: string;
  readonly about: string;
  /** In one line, as it is read out. */
  readonly summary: string;
  readonly totals: string;
  /** What counting took. */
  readonly milliseconds: number;
}

/** The answer to what a model costs. */
export interface Answer {
  readonly problems: readonly ShownProblem[];
  readonly controls: Controls;
  /** Nothing where the model could not be counted, or not be shown like that. */
  readonly shown:
    | {
        readonly view: string;
        /** What it can be saved as. */
        readonly formats: readonly TextFormat[];
        /** Rows that are left out. */
        readonly hidden: number;
      }
    | undefined;
}

/** What can be chosen from. */
export interface Catalogue {
  readonly models: readonly ZooEntry[];
  readonly conventions: readonly string[];
}

export interface ZooEntry {
  readonly name: string;
  readonly group: string;
}

/** What views are saved as, and what the network is. */
export const TEXT_FORMATS = [
  'csv',
  'json',
  'markdown',
  'html',
  'text',
  'svg',
  'mermaid',
  'dot',
  'latex',
  'junit',
  'sarif',
  'gitlab',
  'github',
  'summary',
] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];
export type ExportFormat = TextFormat | 'onnx' | 'onnx-weights' | 'spec';

/** A file to save. */
export interface SavedFile {
  readonly name: string;
  readonly type: string;
  readonly parts: readonly (string | Uint8Array)[];
}

/** A place in the text of the editor. */
export interface EditorPlace {
  readonly text: string;
  readonly offset: number;
}

/** Questions by name, with what is asked, what is told before the answer, and what is answered. */
export interface Questions {
  readonly count: { readonly asked: AskedState; readonly part: Totals; readonly answer: Answer };
  readonly complete: { readonly asked: EditorPlace; readonly part: never; readonly answer: Offers };
  readonly hover: { readonly asked: EditorPlace; readonly part: never; readonly answer: Meaning | undefined };
  readonly catalogue: { readonly asked: undefined; readonly part: never; readonly answer: Catalogue };
  readonly export: {
    readonly asked: AskedState & { readonly format: ExportFormat };
    readonly part: never;
    readonly answer: SavedFile | { readonly problems: readonly ShownProblem[] };
  };
  readonly verify: {
    readonly asked: AskedState;
    readonly part: Progress;
    readonly answer:
      | {
          readonly html: string;
          readonly holds: boolean;
          readonly note: string;
          /** What the command line would write of it. */
          readonly texts: Readonly<Partial<Record<TextFormat, string>>>;
        }
      | { readonly problems: readonly ShownProblem[] };
  };
}

export type Question = keyof Questions;

/** Told before the answer. */
export type Tell<Q extends Question> = (part: Questions[Q]['part']) => void;

/** How far a run is. */
export interface Progress {
  readonly layer: string;
  readonly done: number;
  readonly of: number;
}
