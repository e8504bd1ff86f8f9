import type { Verification } from '../../execute/verify.ts';
import { type Html, html } from '../html/html.ts';
import { htmlTable } from '../html/html-table.ts';
import { complaints, layerTable, totalTable, verdict } from './verification.ts';

/** What came of running a network: the verdict, what does not hold, and both tables. */
export const verificationHtml = (
  verification: Verification,
): Html => html`<p class="verdict ${verification.holds ? 'passed' : 'failed'}">${verdict(verification)}</p>
<ul class="notes">${complaints(verification).map((line) => html`<li>${line}</li>`)}</ul>
${htmlTable(totalTable(verification), { caption: 'Operations predicted and executed, by kind' })}
<h3>Every layer</h3>
${htmlTable(layerTable(verification), {
  caption: 'Operations predicted and executed, by layer',
  marks: verification.layers.map(({ holds }) => (holds ? '' : 'bad')),
})}`;
