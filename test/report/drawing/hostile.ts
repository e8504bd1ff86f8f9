import { type Analysis, analyse } from '../../../src/analysis/cost.ts';
import { counted } from '../helpers.ts';

/** Text that would mean something in XML, scripts, Mermaid or Graphviz. */
const HOSTILE = `"></title><script>alert(1)</script>\\"; %%{init: {}}%% \`x\` #quot; &lt; &amp; end
<img src=x onerror=alert(1)> \ud800 \u0000 漢字 😀`;

/** Names that are hard to draw; files of ONNX may have any. */
export const NAMES: Readonly<Record<string, string>> = {
  markup: HOSTILE,
  long: 'W'.repeat(3000),
  'from right to left': 'שכבה עמוקה מאוד عميقة جدا \u202e backwards \u202c',
  emoji: '🦜👩‍👩‍👧‍👦🏳️‍🌈'.repeat(9),
  wide: '畳み込み層の名前'.repeat(8),
  accents: `Z${'\u0301'.repeat(60)}`,
  empty: '',
  spaces: '    ',
};

/** A network in which everything that a file can name has such a name. */
export function hostile(name = HOSTILE): Analysis {
  const { graph } = counted('resnet18');
  const nodes = graph.nodes.map((node) => ({ ...node, path: node.path.replace(/\w+/, name.replaceAll('/', '|')) }));
  return analyse({ ...graph, name, source: name, inputs: graph.inputs.map((input) => ({ ...input, name })), nodes });
}
