import type { CheckResult } from '../../analysis/check/result.ts';
import type { MadeOption } from '../html/made.ts';
import type { Screen } from '../kit/terminal.ts';

/** What a report may depend on beside the result. */
export interface ReportContext extends MadeOption {
  /** What it is shown on; without width and colour where it goes into a file. */
  readonly screen: Screen;
  /** Version of flopwise. */
  readonly version: string;
}

/** Writes what a check found, in one format. The text has no line break at its end. */
export type Reporter = (result: CheckResult, context: ReportContext) => string;
