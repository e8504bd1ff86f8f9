import type { Arrow, Change, Drawing } from '../../analysis/drawing/drawing.ts';
import { wellFormed } from '../html/html.ts';
import { amountOf, type HeatOptions, heatOf, mostOf } from './heat.ts';
import { linesOf } from './layout.ts';
import { CHANGE_LOOKS, LIGHT } from './style.ts';

/** What GitHub renders in Markdown: https://mermaid.js.org/syntax/flowchart.html. It takes 50,000 characters and 500 edges. */
export const MERMAID_VERTICES = 150;

/** Anything that could mean something to Mermaid, to Markdown or to HTML, as a character code. */
const MEANINGFUL = /[^\p{L}\p{N} .,/×+…·–→−-]/gu;

const mermaidText = (text: string): string => wellFormed(text).replace(MEANINGFUL, (sign) => `#${sign.codePointAt(0)};`);

const ARROWS: Readonly<Record<Arrow['kind'], string>> = { flow: '-->', passes: '-->', projects: '-.->' };

/** Boxes of one model, those that repeat in a frame of their own. */
function model(drawing: Drawing, index: number, options: HeatOptions, most: bigint): string[] {
  const amount = amountOf(options.heat ?? 'macs', drawing.analysis, options);
  const name = (place: number): string => `m${index}v${place}`;
  const vertex = (place: number): string => {
    const one = drawing.vertices[place] as Drawing['vertices'][number];
    const text = linesOf(one).map(mermaidText).join('<br>');
    const shape = one.kind === 'join' ? `(("${text}"))` : one.kind === 'input' ? `(["${text}"])` : `["${text}"]`;
    return `    ${name(place)}${shape}:::${one.state ?? `heat${heatOf(amount(one.rows), most)}`}`;
  };
  const framed = new Set(drawing.repeats.flatMap(({ vertices }) => vertices));
  return [
    ...drawing.vertices.flatMap((_, place) => (framed.has(place) ? [] : [vertex(place)])),
    ...drawing.repeats.flatMap(({ vertices, times }, repeat) => [
      `    subgraph m${index}r${repeat}["×${times}"]`,
      ...vertices.map((place) => `  ${vertex(place)}`),
      '    end',
    ]),
    ...drawing.edges.map(({ from, to, kind }) => `    ${name(from)} ${ARROWS[kind]} ${name(to)}`),
  ];
}

const stateClass = ([state, { fill, line, width, isDashed }]: [string, (typeof CHANGE_LOOKS)[Change]]): string =>
  `  classDef ${state} fill:${fill},stroke:${line},stroke-width:${width}px${isDashed ? ',stroke-dasharray:6 3' : ''},color:#1c1b19`;

const heatClass = (colour: string, heat: number): string => `  classDef heat${heat} fill:${colour},stroke:#4a4741,color:#1c1b19`;

/** The lines of what changed, which Mermaid knows by their places. */
function edgeLooks(drawings: readonly Drawing[]): string[] {
  const states = drawings.flatMap(({ edges }) => edges.map(({ state }) => state));
  return Object.entries(CHANGE_LOOKS).flatMap(([state, { line, width }]) => {
    const places = states.flatMap((one, place) => (one === state && state !== 'kept' ? [place] : []));
    return places.length === 0 ? [] : [`  linkStyle ${places.join(',')} stroke:${line},stroke-width:${width}px`];
  });
}

/** Drawings as a flowchart of Mermaid. */
export function drawingMermaid(drawings: readonly Drawing[], options: HeatOptions): string {
  const most = mostOf(drawings, options);
  const several = drawings.length > 1;
  return [
    'flowchart TD',
    ...drawings.flatMap((drawing, index) => {
      const lines = model(drawing, index, options, most);
      return several ? [`  subgraph m${index}["${mermaidText(drawing.name)}"]`, ...lines, '  end'] : lines;
    }),
    ...(drawings.every(({ before }) => before !== undefined) ? Object.entries(CHANGE_LOOKS).map(stateClass) : LIGHT.map(heatClass)),
    ...edgeLooks(drawings),
  ].join('\n');
}
