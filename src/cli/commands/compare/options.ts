import type { FactoredMetric } from '../../../analysis/algebra/products.ts';
import type { Grouping } from '../../../analysis/group.ts';
import type { MemoryOptions } from '../../../analysis/memory.ts';
import type { ConventionOptions } from '../../convention.ts';
import type { ModelOptions } from '../../models.ts';
import type { ResultOptions } from '../../options.ts';

export interface CompareOptions extends ModelOptions, ConventionOptions, ResultOptions, MemoryOptions {
  readonly by?: Grouping;
  readonly factors: FactoredMetric;
  /** Parameters that are left open. */
  readonly symbolic?: readonly string[];
}
