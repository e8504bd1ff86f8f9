import { DRAWING_STYLE } from '../drawing/style.ts';

/** How the page looks: no fonts or pictures from elsewhere, light and dark as the reader's system is, and on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --picture: #ffffff; --ink: #1c1b19; --soft: #5d5a54; --line: #e3dfd8; --strong-line: #bdb7ad;
  --accent: #0f5c8c; --bad: #a4241c; --bad-page: #fdf0ee; --good: #1e6b3a; --warn: #805600; --row: #f5f2ed; --track: #ece8e1;
  --fill0: #3f7cac; --fill1: #b8642a; --fill2: #4b8a5c; --fill3: #8a5a9e; --fill4: #a8842c; --fill5: #2f8a8a; --fill6: #b0506e; --fill7: #6b7280;
  --tint0: #d8e6f1; --tint1: #f6dfcd; --tint2: #d9eadd; --tint3: #e9dcef; --tint4: #f2e6c4; --tint5: #d0e9e8; --tint6: #f5dae2; --tint7: #e1e4e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161514; --card: #1f1e1c; --picture: #161514; --ink: #ece9e4; --soft: #a8a39a; --line: #34322e; --strong-line: #56524b;
    --accent: #7cc0ea; --bad: #ff9d92; --bad-page: #35201d; --good: #84d3a0; --warn: #e9bd62; --row: #262421; --track: #33302c;
    --fill0: #6aa7d6; --fill1: #de935e; --fill2: #7dba8d; --fill3: #b98bcd; --fill4: #d3b25c; --fill5: #5fbaba; --fill6: #dc839e; --fill7: #9aa1ad;
    --tint0: #20394d; --tint1: #4d3220; --tint2: #253f2c; --tint3: #3e2b47; --tint4: #45391a; --tint5: #1b4040; --tint6: #4a2833; --tint7: #33373d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 92rem; padding: clamp(1rem, 2.5vw, 3rem); background: var(--page); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
h1, h2, h3 { line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: clamp(1.6rem, 1.2rem + 1.6vw, 2.4rem); font-weight: 700; }
h2 { margin: 0; font-size: 1.5rem; }
h3 { margin: 2.25rem 0 0.75rem; font-size: 1.0625rem; }
p { margin: 0.5rem 0; max-width: 75ch; }
a { color: var(--accent); text-underline-offset: 0.15em; }
code, pre, .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; font-size: 0.92em; }
pre { margin: 0.75rem 0; padding: 1rem 1.25rem; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; }
.about { margin: 0.4rem 0 0; color: var(--soft); max-width: none; overflow-wrap: anywhere; } .about + .scroll { margin-top: 1.75rem; }
.model { margin-top: 3.5rem; padding-top: 2rem; border-top: 1px solid var(--strong-line); }
.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); gap: 0.75rem; margin: 1.75rem 0 0; }
.totals div { padding: 0.85rem 0.9rem 0.95rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
.totals div { min-width: 0; } .totals dt { color: var(--soft); font-size: 0.8125rem; overflow-wrap: anywhere; }
.totals dd { margin: 0; font-variant-numeric: tabular-nums; }
.totals .big { font-size: 1.1rem; font-weight: 650; letter-spacing: -0.02em; line-height: 1.3; }
.totals .exact { color: var(--soft); font-size: 0.8125rem; overflow-wrap: anywhere; }
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; margin-top: 2.25rem; }
figure { margin: 0; min-width: 0; }
figcaption { overflow-wrap: anywhere; margin-bottom: 0.6rem; font-weight: 650; font-size: 1.0625rem; letter-spacing: -0.01em; }
.map { display: block; width: 100%; height: auto; border-radius: 0.6rem; }
.map.narrow { display: none; }
.map rect { stroke: var(--page); }
.map .stage { stroke-width: 3; }
.map .block { stroke-width: 2; fill: none; }
.map .layer { stroke-width: 1; fill-opacity: 0.55; }
.map .layer:hover { fill-opacity: 0.8; }
.map text { fill: var(--ink); font-size: 12px; font-weight: 650; pointer-events: none; }
.map text.small { font-size: 11px; font-weight: 400; }
.map.narrow .small { display: none; }
${Array.from({ length: 8 }, (_, tone) => `.tone${tone} .stage, .tone${tone} .layer { fill: var(--tint${tone}); } .tone${tone} .fill { fill: var(--fill${tone}); }`).join('\n')}
.bar { display: block; width: 100%; height: 5px; margin: 0 0 3px; border-radius: 3px; overflow: hidden; }
td .bar { display: inline-block; width: 3.5rem; margin: 0 0.5rem 0 0; vertical-align: middle; }
.pairs th[scope='row'] { min-width: 8rem; } .pairs .bar { width: 2rem; } .pairs td:not(.number, .code) { min-width: 6rem; max-width: 20rem; white-space: normal; overflow-wrap: anywhere; } .pairs .code { font-size: 0.85em; }
.bar .track { fill: var(--track); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
.scroll:focus-visible, button:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; font-size: 0.8125rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0.35rem 0.5rem; text-align: left; vertical-align: baseline; background-clip: padding-box; border-top: 1px solid var(--line); white-space: nowrap; }
tbody tr:first-child > *, thead th { border-top: 0; }
th:first-child { padding-left: 1rem; } thead th:first-child { padding: 0 0 0 0.4rem; }
th[scope='row'] { position: sticky; left: 0; z-index: 1; min-width: 17rem; max-width: 24rem; background: var(--card); font-weight: 500; white-space: normal; overflow-wrap: anywhere; }
tbody tr:hover > * { background: var(--row); }
thead th { padding: 0; vertical-align: middle; border-bottom: 1px solid var(--strong-line); color: var(--soft); font-weight: 600; }
thead th.code { font-family: inherit; font-size: inherit; }
thead th:first-child { position: sticky; left: 0; z-index: 2; background: var(--card); }
thead button { all: unset; box-sizing: border-box; display: flex; gap: 0.3rem; width: max-content; min-width: 100%; max-width: 20rem; align-items: center; padding: 0.5rem; cursor: pointer; white-space: normal; overflow-wrap: anywhere; }
thead button:hover { color: var(--ink); }
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
thead .number button { justify-content: flex-end; }
thead span { width: 0.7em; height: 1.2em; line-height: 1.2; text-align: center; }
thead .number span { order: -1; }
[aria-sort='ascending'] button, [aria-sort='descending'] button { color: var(--ink); }
[aria-sort='ascending'] span::before { content: '\\2191'; }
[aria-sort='descending'] span::before { content: '\\2193'; }
.number { text-align: right; }
tfoot > tr > * { border-top: 1px solid var(--strong-line); font-weight: 650; }
tr.fold > * { background: var(--row); font-weight: 600; }
.fold button { all: unset; cursor: pointer; } .fold button::before { content: '▾ '; } .fold button[aria-expanded='false']::before { content: '▸ '; }
.fold button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media print { .fold button::before { content: ''; } }
tr.apart td, tr.apart th[scope='row'] { background: var(--row); }
tr.bad td, tr.bad th[scope='row'] { background: var(--bad-page); }
.verdict { display: inline-block; margin: 0.9rem 0 0; padding: 0.2rem 0.8rem; border: 1px solid currentColor; border-radius: 2rem; font-weight: 650; }
.verdict.failed { color: var(--bad); } .verdict.passed { color: var(--good); } .verdict.warned { color: var(--warn); }
.notes { margin: 1.1rem 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 0.875rem; }
.notes li { margin: 0.25rem 0; max-width: 110ch; }
ul { padding-left: 1.2rem; } li { overflow-wrap: anywhere; }
details { margin-top: 1rem; } summary { cursor: pointer; font-weight: 600; }
footer { margin-top: 3.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.8125rem; overflow-wrap: anywhere; }
footer p { margin: 0.15rem 0; max-width: none; }
@media (max-width: 40rem) {
  .map.wide { display: none; } .map.narrow { display: block; }
  .totals { grid-template-columns: repeat(2, 1fr); gap: 0.5rem; } .totals div { padding: 0.6rem 0.75rem; }
  th[scope='row'] { min-width: 9.5rem; max-width: 10.5rem; font-size: 0.75rem; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --picture: #fff; --ink: #000; --soft: #444; --line: #ccc; --strong-line: #888; --row: #fff; --track: #eee; --accent: #000;
    --fill0: #3f7cac; --fill1: #b8642a; --fill2: #4b8a5c; --fill3: #8a5a9e; --fill4: #a8842c; --fill5: #2f8a8a; --fill6: #b0506e; --fill7: #6b7280;
    --tint0: #d8e6f1; --tint1: #f6dfcd; --tint2: #d9eadd; --tint3: #e9dcef; --tint4: #f2e6c4; --tint5: #d0e9e8; --tint6: #f5dae2; --tint7: #e1e4e8;
    --bad: #a4241c; --bad-page: #fff; --good: #1e6b3a; --warn: #805600; color-scheme: light;
  }
  @page { size: A4 landscape; margin: 12mm; }
  body { max-width: none; padding: 0; font-size: 9pt; }
  .scroll { overflow: visible; border: 0; } table { font-size: 6.5pt; } th, td, thead button { padding: 1.5pt 3pt; }
  th[scope='row'] { min-width: 0; max-width: 40mm; position: static; } thead th:first-child { position: static; } .code { font-size: 6pt; }
  thead { display: table-header-group; } tfoot { display: table-row-group; } tr, figure, .totals div { break-inside: avoid; } h2, h3 { break-after: avoid; }
  td { white-space: normal; } .number { white-space: nowrap; } td .bar { width: 20mm; }
  .totals { grid-template-columns: repeat(7, 1fr); gap: 4pt; } .totals div { padding: 4pt 6pt; } .totals .big { font-size: 11pt; } .totals dt, .totals .exact { font-size: 6.5pt; } .notes { font-size: 7pt; }
  .filter { display: none; } .map.narrow { display: none; } .map.wide { display: block; } .maps { grid-template-columns: 1fr 1fr; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
.stages td, .stages th { text-align: center; vertical-align: middle; padding: 0.5rem 0.9rem; min-width: 0; } .stages th[scope] { min-width: 5.5rem; max-width: 16rem; white-space: normal; overflow-wrap: anywhere; } .stages td + td { border-left: 1px solid var(--line); }
.repeated { display: flex; gap: 0.5rem; align-items: center; justify-content: center; } .block { padding: 0 0.5rem; border: 1px solid currentColor; border-width: 0 1px; border-radius: 0.3rem; }
.filter { display: block; margin: 0 0 0.6rem; color: var(--soft); font-size: 0.875rem; } .filter input { font: inherit; padding: 0.3rem 0.6rem; width: min(20rem, 60vw); color: var(--ink); background: var(--card); border: 1px solid var(--strong-line); border-radius: 0.4rem; }
.filter input:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; } tr:target > * { background: var(--row); outline: 2px solid var(--accent); outline-offset: -2px; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 1.5rem; margin-top: 2.25rem; }
.plots.flowing { display: block; columns: 34rem 2; column-gap: 1.5rem; } .flowing figure { break-inside: avoid; padding-bottom: 1.5rem; }
.plot { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 0.6rem; }
.plot.narrow { display: none; }
@media (max-width: 40rem) { .plot.wide { display: none; } .plot.narrow { display: block; } }
.picture { margin-top: 1.75rem; overflow-x: auto; background: var(--picture); border: 1px solid var(--line); border-radius: 0.6rem; }
.picture:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
${DRAWING_STYLE}`;
