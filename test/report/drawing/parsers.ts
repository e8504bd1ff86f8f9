import { Graphviz } from '@hpcc-js/wasm-graphviz';
import DOMPurify from 'dompurify';
import mermaid from 'mermaid';

/** The programs that flowcharts and graphs are written for read them. */

// The parser of Mermaid cleans labels of tags in a browser. Here there is none, and nothing is shown.
Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (text: string) => text });

/** What GitHub takes, and the usual limits of Mermaid: https://mermaid.js.org/config/schema-docs/config.html */
const MOST_CHARACTERS = 50_000;
const MOST_EDGES = 500;

/** Throws where Mermaid cannot read the text, or would not draw it. */
export async function parseMermaid(text: string): Promise<void> {
  if (text.length > MOST_CHARACTERS) throw new Error(`${text.length} characters are more than Mermaid draws`);
  const edges = text.match(/^ *m\d+v\d+ -(-|\.-)> m\d+v\d+$/gm)?.length ?? 0;
  if (edges > MOST_EDGES) throw new Error(`${edges} edges are more than Mermaid draws`);
  const { diagramType } = await mermaid.parse(text);
  if (diagramType !== 'flowchart-v2') throw new Error(`no flowchart, but ${diagramType}`);
}

const graphviz = await Graphviz.load();

interface ReadObject {
  readonly label?: string;
  readonly nodes?: unknown;
}

/** The lines of a label as Graphviz shows them. Source: https://graphviz.org/docs/attr-types/escString/ */
const labelLines = (label: string): string[] =>
  label
    .replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
    .replaceAll('&amp;', '&')
    .split('\n');

/** A graph as Graphviz read it: the lines of every node, and how many edges there are. Throws where it cannot read the text. */
export function parseDot(text: string): { readonly labels: readonly (readonly string[])[]; readonly edges: number } {
  const read: { readonly objects?: readonly ReadObject[]; readonly edges?: readonly unknown[] } = JSON.parse(
    graphviz.layout(text, 'dot_json', 'nop'),
  );
  const nodes = (read.objects ?? []).filter((object) => object.nodes === undefined);
  return { labels: nodes.map(({ label = '' }) => labelLines(label)), edges: read.edges?.length ?? 0 };
}
