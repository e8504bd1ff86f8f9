import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { wellFormed } from '../html/html.ts';
import { amountOf, type HeatOptions, heatOf, mostOf } from './heat.ts';
import { linesOf } from './layout.ts';
import { LIGHT } from './style.ts';

/** Text in quotes; lines stay apart. Source: https://graphviz.org/doc/info/lang.html */
const quoted = (lines: readonly string[]): string => `"${lines.map((text) => wellFormed(text).replace(/[\\"]/g, '\\$&')).join('\\n')}"`;

function model(drawing: Drawing, index: number, options: HeatOptions, most: bigint): string[] {
  const amount = amountOf(options.heat ?? 'macs', drawing.analysis, options);
  const name = (place: number): string => `m${index}v${place}`;
  return [
    `  subgraph cluster${index} {`,
    `    label=${quoted([drawing.name])}; color="#bdb7ad";`,
    ...drawing.vertices.map((vertex, place) => {
      const shape = vertex.kind === 'join' ? 'shape=circle, width=0.3, ' : '';
      return `    ${name(place)} [${shape}label=${quoted(linesOf(vertex))}, fillcolor="${LIGHT[heatOf(amount(vertex.rows), most)]}"];`;
    }),
    ...drawing.edges.map(({ from, to, kind }) => `    ${name(from)} -> ${name(to)}${kind === 'projects' ? ' [style=dotted]' : ''};`),
    ...drawing.repeats.flatMap(({ vertices, times }, repeat) => [
      `    subgraph cluster${index}r${repeat} {`,
      `      label=${quoted([`×${times}`])}; style=dashed;`,
      ...vertices.map((place) => `      ${name(place)};`),
      '    }',
    ]),
    '  }',
  ];
}

/** Drawings as a graph for Graphviz. */
export function drawingDot(drawings: readonly Drawing[], options: HeatOptions): string {
  const most = mostOf(drawings, options);
  return [
    `digraph ${quoted(['flopwise'])} {`,
    '  graph [fontname="Helvetica", newrank=true];',
    '  node [shape=box, style="filled,rounded", fontname="Helvetica", fontsize=10];',
    ...drawings.flatMap((drawing, index) => model(drawing, index, options, most)),
    '}',
  ].join('\n');
}
