import type { Arrow, Change, Drawing } from '../../analysis/drawing/drawing.ts';
import { wellFormed } from '../html/html.ts';
import { amountOf, type HeatOptions, heatOf, mostOf } from './heat.ts';
import { linesOf } from './layout.ts';
import { CHANGE_LOOKS, LIGHT } from './style.ts';

/** Text in quotes; lines stay apart, and entities mean nothing. Source: https://graphviz.org/doc/info/lang.html */
const quoted = (lines: readonly string[]): string =>
  `"${lines.map((text) => wellFormed(text).replaceAll('&', '&amp;').replace(/[\\"]/g, '\\$&')).join('\\n')}"`;

function stateLook(state: Change): string {
  const { fill, line, width, isDashed } = CHANGE_LOOKS[state];
  return `fillcolor="${fill}", color="${line}", penwidth=${width}${isDashed ? ', style="filled,dashed"' : ''}`;
}

/** What is written of an edge: what projects is dotted, what only one of two models has has its colour. */
function edgeLook({ kind, state = 'kept' }: Arrow): string {
  const { line, width, isDashed } = CHANGE_LOOKS[state];
  const style = kind === 'projects' ? ['style=dotted'] : isDashed ? ['style=dashed'] : [];
  const looks = [...style, ...(state === 'kept' ? [] : [`color="${line}"`, `penwidth=${width}`])];
  return looks.length === 0 ? '' : ` [${looks.join(', ')}]`;
}

function model(drawing: Drawing, index: number, options: HeatOptions, most: bigint): string[] {
  const amount = amountOf(options.heat ?? 'macs', drawing.analysis, options);
  const name = (place: number): string => `m${index}v${place}`;
  return [
    `  subgraph cluster${index} {`,
    `    label=${quoted([drawing.name])}; color="#bdb7ad";`,
    ...drawing.vertices.map((vertex, place) => {
      const shape = vertex.kind === 'join' ? 'shape=circle, width=0.3, ' : '';
      const look = vertex.state === undefined ? `fillcolor="${LIGHT[heatOf(amount(vertex.rows), most)]}"` : stateLook(vertex.state);
      return `    ${name(place)} [${shape}label=${quoted(linesOf(vertex))}, ${look}];`;
    }),
    ...drawing.edges.map((edge) => `    ${name(edge.from)} -> ${name(edge.to)}${edgeLook(edge)};`),
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
