import { windowClass } from '../../src/execute/fast/window-fields.ts';
import { commandLinePage } from './command-line.ts';
import { conventionsPage } from './conventions.ts';
import { conventionsLogPage } from './conventions-log.ts';
import { manualPage } from './manual.ts';
import { operatorsPage } from './operators.ts';
import { zooPage } from './zoo.ts';

/** The pages and sources that are generated, by their path from the root of the package. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/command-line.md': commandLinePage,
  'docs/conventions.md': conventionsPage,
  'docs/conventions-log.md': conventionsLogPage,
  'docs/operators.md': operatorsPage,
  'docs/zoo.md': zooPage,
  'man/flopwise.1': manualPage,
  'src/execute/wasm/window-fields.ts': windowClass,
};

/** The pages that are written by hand and show what commands print. */
export const pagesWithOutput = [
  'README.md',
  'docs/check.md',
  'docs/counting.md',
  'docs/language-models.md',
  'docs/pictures.md',
  'docs/stride-placement.md',
  'docs/training.md',
];

/** The page of pictures, beside the commands that draw them. */
export const PICTURES = 'docs/pictures.md';
