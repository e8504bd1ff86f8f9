import type { Change } from '../../analysis/drawing/drawing.ts';

/** How what became of a box is shown on white, wherever it is drawn. */
interface ChangeLook {
  readonly fill: string;
  readonly line: string;
  readonly width: number;
  readonly isDashed: boolean;
}

export const CHANGE_LOOKS: Readonly<Record<Change, ChangeLook>> = {
  kept: { fill: '#f4f1ec', line: '#4a4741', width: 1, isDashed: false },
  changed: { fill: '#fcebbf', line: '#805600', width: 2, isDashed: false },
  added: { fill: '#d5edda', line: '#1e6b3a', width: 2, isDashed: false },
  removed: { fill: '#f8d9d5', line: '#a4241c', width: 1.5, isDashed: true },
};

/** From no heat to the most, on white. */
export const LIGHT = ['#f4f1ec', '#fff4e3', '#ffe9cb', '#ffdcae', '#ffcd92', '#ffbc78', '#ffa960', '#ff954d', '#f9803f', '#ee6c33'];
const DARK = ['#262421', '#2b2521', '#372b22', '#453123', '#543624', '#633c25', '#734226', '#834827', '#944e28', '#a55428'];

const heats = (colours: readonly string[]): string => colours.map((colour, heat) => `--heat${heat}: ${colour};`).join(' ');

const states = Object.entries(CHANGE_LOOKS)
  .map(([state, { fill, line }]) => `--${state}: ${fill}; --${state}-line: ${line}`)
  .join('; ');

/** How drawings look: in a file of their own, and in a page. Light and dark as the reader's system is. */
export const DRAWING_STYLE = `
.drawing {
  --back: #ffffff; --text: #1c1b19; --faint: #5d5a54; --rule: #d8d2c8; --edge: #4a4741; ${states};
  --plot0: #0f5c8c; --plot1: #b8642a; --plot2: #1e6b3a; --plot3: #8a5a9e;
  ${heats(LIGHT)}
  font-family: Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif; font-size: 12px;
}
@media (prefers-color-scheme: dark) {
  .drawing {
    --back: #161514; --text: #f3efe9; --faint: #a8a39a; --rule: #45413b; --edge: #bdb7ad; --kept: #262421; --added: #1f3d29; --removed: #4a2623; --changed: #463a17;
    --added-line: #84d3a0; --removed-line: #ff9d92; --changed-line: #e9bd62; --plot0: #7cc0ea; --plot1: #de935e; --plot2: #84d3a0; --plot3: #b98bcd;
    ${heats(DARK)}
  }
}
@media print { .drawing { --back: #ffffff; --text: #000000; --faint: #444444; --rule: #bbbbbb; --edge: #333333; ${heats(LIGHT)} } }
.drawing .back { fill: var(--back); }
.drawing text { fill: var(--text); }
.drawing .middle { text-anchor: middle; } .drawing .end { text-anchor: end; }
.drawing .bold { font-weight: 700; }
.drawing .heading { font-size: 15px; font-weight: 700; }
.drawing .faint { fill: var(--faint); }
.drawing .edge { fill: none; stroke: var(--edge); stroke-width: 1.25; }
.drawing .projects { stroke-dasharray: 1.5 4; stroke-linecap: round; stroke-width: 2; }
.drawing .tip { fill: var(--edge); stroke: none; }
.drawing .kept { fill: var(--kept); } .drawing .added { fill: var(--added); } .drawing .removed { fill: var(--removed); } .drawing .changed { fill: var(--changed); }
.drawing .edge.added { stroke: var(--added-line); fill: none; stroke-width: 2; } .drawing .edge.removed { stroke: var(--removed-line); fill: none; stroke-dasharray: 6 3; } .drawing .edge.changed { stroke: var(--changed-line); fill: none; stroke-width: 2; } .drawing .edge.kept { fill: none; }
.drawing .tip.added { fill: var(--added-line); } .drawing .tip.removed { fill: var(--removed-line); } .drawing .tip.changed { fill: var(--changed-line); } .drawing .tip.kept { fill: var(--edge); }
.drawing .box rect, .drawing .box circle { stroke: var(--edge); stroke-width: 1; }
.drawing .box .added { stroke: var(--added-line); stroke-width: 2; } .drawing .box .removed { stroke: var(--removed-line); stroke-width: 1.5; stroke-dasharray: 6 3; } .drawing .box .changed { stroke: var(--changed-line); stroke-width: 2; }
.drawing .input rect { fill: var(--back); stroke: var(--rule); }
.drawing .frame { fill: none; stroke: var(--faint); stroke-width: 1; stroke-dasharray: 5 3; }
.drawing .rule { stroke: var(--rule); stroke-width: 1; stroke-dasharray: 2 4; }
${Array.from({ length: 4 }, (_, series) => `.drawing .series${series} { fill: var(--plot${series}); stroke: var(--plot${series}); }`).join(' ')}
.drawing .mark { stroke: none; fill-opacity: 0.75; } .drawing .line { fill: none; stroke-width: 1.75; stroke-linejoin: round; } .drawing .under { stroke: none; fill-opacity: 0.18; }
.drawing .peak { fill: var(--back); stroke: var(--text); stroke-width: 2; }
${LIGHT.map((_, heat) => `.drawing .heat${heat} { fill: var(--heat${heat}); }`).join(' ')}
`;
