import { countTotal } from '../../src/analysis/conventions/convention.ts';
import { conventions } from '../../src/analysis/conventions/registry.ts';
import { analyse } from '../../src/analysis/cost.ts';
import { WAYS_IN_WORDS } from '../../src/graph/written.ts';
import { conventionsMarkdown } from '../../src/report/conventions/conventions.ts';
import { exact } from '../../src/report/kit/number.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { LLAMA_3_8B, llama } from '../../test/analysis/conventions/networks.ts';
import { GENERATED, table } from './markdown.ts';

/** docs/conventions.md: what each tool counts, as `src/analysis/conventions/` has it. */

const INTRODUCTION = `A convention is a counting rule with a name: what one tool or paper counts, and how. For one ResNet-50 fvcore prints
4,111,512,576, ptflops 4,132,436,968, thop 4,133,742,592, torchinfo 4,089,238,376 and calflops 8,211,108,352; all of
these follow from the rules below.

\`\`\`
flopwise resnet50 --convention fvcore               a column with fvcore's count, and its total
flopwise explain resnet50                           all conventions beside each other
flopwise explain resnet50 --from fvcore --to thop   the steps from one to the other
flopwise explain resnet50 --number 3.8G             where a figure comes from
flopwise resnet50 --convention ./mine.yaml          a convention of your own
\`\`\`

Each convention is one file in \`src/analysis/conventions/\`: a formula for every operator, with where the rule stands in the
tool. Rules that are bugs of the tool are reproduced, and marked. Counts are exact integers.`;

const OWN = `## A convention of your own

A file with a formula per operator. \`otherwise\` is the rule for operators that are left out, or \`extends\` takes them from
another convention.

\`\`\`yaml
name: with-bias
summary: Multiply-accumulates, biases, and one per element of every activation.
unit: MACs                              # MACs, FLOPs or operations
rules:
  conv: macs + o if bias else macs
  linear: macs + o if bias else macs
  relu: { count: o, says: 1 per element, where: my_tool.py }
otherwise: 0
\`\`\`

Formulas have whole numbers, the quantities below, \`+ - *\`, \`//\` (rounded down) and \`%\`, comparisons, \`and or not\`,
\`a if c else b\`, \`min(a, b)\`, \`max(a, b)\` and \`significant(a, 4)\` (rounded to four digits). What is not 0 is true. They are
computed in exact integers.`;

const WRITTEN = `## Where the Python matters

Some tools hook into modules, others into functions, so that the same layer counts differently by how it is written. A spec
says so with \`written\` on a layer, where the published implementation does not write it as usual; it changes nothing but
what such tools count.`;

const LANGUAGE = `## A token of a language model

Frameworks print what a token costs to train, and differ by a third for one network: some count the embedding, which
multiplies nothing, some half of attention, as a causal mask leaves of it, some norms and biases. The rules are about a
network as a whole, and all that they need is derived from its graph: parameters, those of embeddings and of active experts,
products with weights and of attention, windows, the layer that gives the logits. \`flopwise explain MODEL --from megatron --to
torchtitan\` walks from one to another. Llama-3-8B at 8,192 tokens, by each of them:`;

const TOKENS = 8192;

/** What a token of Llama-3-8B costs by each convention of language models. */
function perToken(): string {
  const analysis = analyse(expandSpec(parseSpec(llama(TOKENS, LLAMA_3_8B))));
  const rows = conventions.flatMap((convention) => {
    if (convention.network !== 'language') return [];
    return [[convention.name, exact(countTotal(convention, analysis) / BigInt(TOKENS)), convention.unit.name, convention.summary]];
  });
  return table(['convention', 'per token', 'unit', 'what it counts'], rows);
}

const AGREEMENT = `## How well the rules hold

The rules give what the tools print for all figures that were measured: 27 models of torchvision 0.14.1, one image each, with
torch 1.13.1, by fvcore, ptflops with both backends, thop, torchinfo and calflops (FLOPs and MACs), and single layers. Two more
could not be measured: ptflops fails on vit_b_16, and fvcore rounds on maxvit_t. No figure is missed.
[The log](conventions-log.md) tells for every rule whether it was measured, or read in the code of the tool.

- A tool may count another version of the framework otherwise. Attention in particular: nn.MultiheadAttention was measured
  with torch 1.13.1.
- \`operations\`, \`paper\`, \`torchvision\`, \`timm\` and \`torch\` are not among the figures measured. torchvision's published
  figures are those of \`macs\`, for all models of the zoo. timm's tables are of timm's own implementations, which differ
  from torchvision's in places.
- Recurrent layers are counted as modules of one layer; a stack of them is the sum.
- \`xla\` counts the operations that flopwise knows, as HLO before it is optimised; how a framework lowers a layer may differ.
- \`onnx-tool\` counts nodes of a file as PyTorch exports it; another exporter may write a layer with others.
- Megatron pads the vocabulary to a multiple of 128 and of the number of devices that share it; \`megatron\` counts it as it is.
- Conventions of language models count tokens of the first ids that the network looks up; of an encoder and a decoder, those of the
  first.
- Counts grow with the batch. ptflops itself always measures a batch of 1.
- \`paper\` counts the network of the paper where the spec has its values under \`paper\`: ResNet's stride on the 1×1.`;

export const conventionsPage = (): string =>
  `${[
    GENERATED,
    '# Conventions',
    INTRODUCTION,
    conventionsMarkdown(conventions),
    LANGUAGE,
    perToken(),
    WRITTEN,
    table(
      ['written', 'what it is'],
      Object.entries(WAYS_IN_WORDS).map(([way, words]) => [`\`${way}\``, words]),
    ),
    OWN,
    AGREEMENT,
  ].join('\n\n')}\n`;
