import { type Convention, type Proof, proofOf } from '../../src/analysis/conventions/convention.ts';
import { conventions } from '../../src/analysis/conventions/registry.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { type OperatorName, operatorNames } from '../../src/operators/registry.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { FIGURES, type Measured } from '../../test/analysis/conventions/figures.ts';
import { GENERATED, table } from './markdown.ts';

/** docs/conventions-log.md: how each rule of each convention was established. */

const INTRODUCTION = `How each cell of [the conventions](conventions.md) was established. **measured**: the tool was run, and the rule gives
what it printed, for so many networks that have such layers; \`test/analysis/conventions/figures.ts\` has the figures and a test
holds each. **read**: the rule was read in the code of the tool, at the place that [the page of the conventions](conventions.md)
names, and was never held against what the tool prints; the command line marks it with "?". **no rule**: the tool has none for
such layers, so it counts nothing. **defined**: it is what the convention is.`;

const IN_WORDS: Readonly<Record<Proof, string>> = { defined: 'defined', measured: 'measured', read: 'read', none: 'no rule' };

const operatorsOf = ({ model, models = [model], specs }: Measured): ReadonlySet<OperatorName> => {
  const graphs = specs?.map((spec) => expandSpec(parseSpec(spec))) ?? models.map((name) => openModel(parseReference(name), diskLibrary));
  return new Set(graphs.flatMap((graph) => graph.nodes.map(({ operator }) => operator)));
};

/** All that was measured, with the operators it has. */
const measured = FIGURES.flatMap(({ measured: all }) => all.map((one) => ({ ...one, operators: operatorsOf(one) })));

/** timm publishes what fvcore counts. */
const figuresOf = (name: string): typeof measured =>
  measured.filter(({ figures }) => Object.hasOwn(figures, name === 'timm' ? 'fvcore' : name));

function cell(convention: Convention, operator: OperatorName): string {
  const proof = proofOf(convention, operator);
  const count = figuresOf(convention.name).filter(({ operators }) => operators.has(operator)).length;
  return proof === 'measured' ? `${IN_WORDS[proof]}, ${count}` : IN_WORDS[proof];
}

const matrix = (): string =>
  table(
    ['operator', ...conventions.map(({ name }) => name)],
    operatorNames.map((operator) => [operator, ...conventions.map((convention) => cell(convention, operator))]),
  );

const PROOFS: readonly Proof[] = ['measured', 'read', 'none', 'defined'];

const summary = (): string =>
  table(
    ['convention', 'version', 'figures matched', ...PROOFS.map((proof) => IN_WORDS[proof])],
    conventions.map((convention) => [
      convention.name,
      convention.version ?? 'flopwise',
      String(figuresOf(convention.name).length),
      ...PROOFS.map((proof) => String(operatorNames.filter((operator) => proofOf(convention, operator) === proof).length)),
    ]),
    2,
  );

const sources = (): string =>
  FIGURES.map(({ source, measured: all }) => {
    const count = all.reduce((total, { figures }) => total + Object.keys(figures).length, 0);
    return `- ${source}: ${count} figure${count === 1 ? '' : 's'} of ${all.length} network${all.length === 1 ? '' : 's'}`;
  }).join('\n');

export const conventionsLogPage = (): string =>
  `${[
    GENERATED,
    '# How the conventions were established',
    INTRODUCTION,
    '## Figures',
    sources(),
    '## Operators by convention',
    summary(),
    '## Every cell',
    'With the number of measured networks that have such layers.',
    matrix(),
  ].join('\n\n')}\n`;
