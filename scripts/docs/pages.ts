import { operatorsPage } from './operators.ts';
import { zooPage } from './zoo.ts';

/** The pages that are generated, by their path from the root of the package. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/operators.md': operatorsPage,
  'docs/zoo.md': zooPage,
};
