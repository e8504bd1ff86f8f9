import { costCsv } from '../../../report/cost/csv.ts';
import { costHtml } from '../../../report/cost/html.ts';
import { costJson } from '../../../report/cost/json.ts';
import { costMarkdown, costText } from '../../../report/cost/table.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { costOptions, costView } from '../cost-view.ts';
import type { Counted, View, Writers } from '../counted.ts';

/** The model as the command line writes it. */
export const COST: Writers<Counted> = {
  csv: ({ analysis, state }) => costCsv([analysis], costOptions(state)),
  json: ({ analysis, state }) => costJson([analysis], costOptions(state)),
  markdown: ({ analysis, state }) => costMarkdown([analysis], costOptions(state)),
  html: ({ analysis, state, made }) => costHtml([analysis], { ...costOptions(state), made }),
  text: ({ analysis, state }) => costText([analysis], costOptions(state), PLAIN),
};

export const view: View = { show: ({ analysis, state }, rows) => costView(analysis, state, rows), formats: COST };
