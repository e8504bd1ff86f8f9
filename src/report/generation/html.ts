import type { Generation, Phase } from '../../analysis/generation/generate.ts';
import { fraction } from '../cost/map.ts';
import { type Html, html } from '../html/html.ts';
import { type BarColumn, htmlTable } from '../html/html-table.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { tile } from '../html/tile.ts';
import { exact, withUnit } from '../kit/number.ts';
import { described, describeRequest, type GenerationReportOptions, generationTable } from './generation.ts';

/** What a prompt and its steps take, at a glance and exact. */
function totals({ prefill, lastStep, total, weightBytes, cache, peakBytes }: Generation): Html {
  const macs = (label: string, phase: Phase): Html => tile(label, withUnit(phase.macs, 'MAC'), exact(phase.macs));
  const bytes = (label: string, count: bigint): Html => tile(label, withUnit(count, 'B'), exact(count));
  return html`<dl class="totals">
${macs('prefill', prefill)}
${macs('last step', lastStep)}
${macs('in all', total)}
${bytes('weights', weightBytes)}
${bytes('cache at the end', cache.bytes)}
${bytes('memory at the end', weightBytes + cache.bytes + peakBytes)}
</dl>`;
}

/** Bars of the MACs of each run, but for the sums. */
function bars({ prefill, firstStep, lastStep, steps, total }: Generation, column: number): BarColumn {
  return { column, of: [prefill, firstStep, lastStep, steps].map(({ macs }) => ({ part: fraction(macs, total.macs), tone: 0 })) };
}

/** A prompt and the steps after it: totals, every run, and what they rest on. */
export function generationBody(generation: Generation, options: GenerationReportOptions): Html {
  const wanted = { ...options, exact: true };
  const table = generationTable(generation, wanted);
  const column = table.columns.findIndex(({ header }) => header === 'MACs');
  return html`${totals(generation)}
${htmlTable(table, { caption: `What it costs ${generation.name} to generate`, bars: [bars(generation, column)] })}
<ul class="notes">${described(generation, wanted).map(([label, text]) => html`<li>${label}: ${text}</li>\n`)}</ul>`;
}

/** Prompts and steps as one HTML file. */
export function generationHtml(generations: readonly Generation[], options: GenerationReportOptions & MadeOption): string {
  const title = generations.map(({ name }) => name).join(', ');
  return page(
    `Generating with ${title} · flopwise`,
    html`<h1>Generating with ${title}</h1>
${generations.map(
  (generation) => html`<section class="${generations.length > 1 ? 'model' : ''}">
<p class="about">${describeRequest(generation)}</p>
${generationBody(generation, options)}
</section>
`,
)}`,
    options.made,
  );
}
