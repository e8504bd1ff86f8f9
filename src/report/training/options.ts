import type { Grouping } from '../../analysis/group.ts';
import type { Division } from '../../analysis/training/devices.ts';
import type { TrainingMemoryOptions } from '../../analysis/training/memory.ts';
import type { Dataset } from '../../analysis/training/run.ts';
import type { Measured } from '../../analysis/training/utilisation.ts';
import type { NumberOptions } from '../kit/number.ts';

/** How a training step is reported. */
export interface TrainingReportOptions extends NumberOptions, TrainingMemoryOptions, Division {
  /** What a whole run is trained on. */
  readonly amount?: Dataset | undefined;
  /** What a step was measured at. */
  readonly measured?: Measured | undefined;
  /** What a row stands for; a layer if not given. */
  readonly by?: Grouping | undefined;
}
