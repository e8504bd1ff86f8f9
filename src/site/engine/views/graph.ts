import { draw } from '../../../analysis/drawing/draw.ts';
import type { Drawing } from '../../../analysis/drawing/drawing.ts';
import { differenceOf } from '../../../report/drawing/difference.ts';
import { drawingDot } from '../../../report/drawing/dot.ts';
import { drawingHtml } from '../../../report/drawing/html.ts';
import { drawingMermaid, MERMAID_VERTICES } from '../../../report/drawing/mermaid.ts';
import { pictureHtml } from '../../../report/drawing/picture.ts';
import { drawingFile } from '../../../report/drawing/svg.ts';
import { html } from '../../../report/html/html.ts';
import { type Counted, others, settled, type View } from '../counted.ts';

/** The networks side by side, or what changed from each other one to the model. */
function drawn(counted: Counted, most?: number): Drawing[] {
  const { analysis, state } = counted;
  const { depth, heat, against } = state;
  const beside = others(counted);
  const options = { ...(depth === '' ? {} : { depth }), ...(most === undefined ? {} : { most: Math.floor(most / (1 + beside.length)) }) };
  if (state.difference === '' || beside.length === 0) return draw([analysis, ...beside], options);
  return beside.map((other, index) => {
    const [old, now] =
      other.name === analysis.name ? [against.trim().split(/\s+/)[index] ?? '', settled(counted)] : [other.name, analysis.name];
    return differenceOf({ ...other, name: old }, { ...analysis, name: now }, { ...options, heat });
  });
}

/** Networks as pictures, side by side, with what is folded said. */
export const view: View = {
  show(counted) {
    const drawings = drawn(counted);
    const notes = drawings.map(({ note }) => (note === undefined ? '' : html`<p class="about">${note}</p>`));
    return { html: html`${notes}\n${pictureHtml(drawings, 'The networks drawn', counted.state)}` };
  },
  formats: {
    svg: (counted) => drawingFile(drawn(counted), counted.state),
    html: (counted) => drawingHtml(drawn(counted), { ...counted.state, made: counted.made }),
    mermaid: (counted) => drawingMermaid(drawn(counted, MERMAID_VERTICES), counted.state),
    dot: (counted) => drawingDot(drawn(counted), counted.state),
  },
};
