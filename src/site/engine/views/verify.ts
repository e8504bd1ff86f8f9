import { html } from '../../../report/html/html.ts';
import { withUnit } from '../../../report/kit/number.ts';
import type { View } from '../counted.ts';
import { COST } from './table.ts';

/** What a run would be; the run itself is asked for apart. */
export const view: View = {
  show: ({ analysis: { rows, totals } }) => ({
    html: html`<p>Runs all ${rows.length} layers on made-up input and weights, counts every operation, and compares: ${withUnit(totals.macs, 'MAC')} to execute.</p>`,
  }),
  formats: COST,
};
