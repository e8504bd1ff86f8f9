/**
 * Reports as the command line prints them: strings, of what the library counts. A text for a terminal takes a screen;
 * `PLAIN` has no colours and no width.
 */

export type { ReportContext, Reporter } from './report/check/reporter.ts';
export { reporters as checkReports } from './report/check/reporters.ts';
export {
  type ComparisonReport,
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
} from './report/comparison/comparison.ts';
export { comparisonHtml } from './report/comparison/html.ts';
export { costCsv } from './report/cost/csv.ts';
export { costHtml } from './report/cost/html.ts';
export { costJson } from './report/cost/json.ts';
export { type CostOptions, costMarkdown, costText } from './report/cost/table.ts';
export type { Made, MadeOption } from './report/html/made.ts';
export { PLAIN, type Screen } from './report/kit/terminal.ts';
export { renderProblems as problemsText } from './report/problems/problems.ts';
export { verifyCsv, verifyJson, verifyMarkdown, verifyText } from './report/verification/verification.ts';
