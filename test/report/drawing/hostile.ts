import { type Analysis, analyse } from '../../../src/analysis/cost.ts';
import { counted } from '../helpers.ts';

/** Text that would mean something in XML, scripts, Mermaid or Graphviz. */
const HOSTILE = `"></title><script>alert(1)</script>\\"; %%{init: {}}%% \`x\` #quot; &lt; &amp; end
<img src=x onerror=alert(1)> \ud800 \u0000 漢字 😀`;

/** A network in which everything that a file can name has such a name. */
export function hostile(): Analysis {
  const { graph } = counted('resnet18');
  const nodes = graph.nodes.map((node) => ({ ...node, path: node.path.replace(/\w+/, HOSTILE.replaceAll('/', '|')) }));
  return analyse({ ...graph, name: HOSTILE, source: HOSTILE, inputs: graph.inputs.map((input) => ({ ...input, name: HOSTILE })), nodes });
}
