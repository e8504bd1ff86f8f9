import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Convention, countRows, countTotal } from '../../../src/analysis/conventions/convention.ts';
import { MEASURED } from '../../../src/analysis/conventions/measured.ts';
import { conventionOf, conventions } from '../../../src/analysis/conventions/registry.ts';
import { type Analysis, analyse } from '../../../src/analysis/cost.ts';
import { fitOf, parseNumber } from '../../../src/analysis/find-number.ts';
import { sum } from '../../../src/core/exact.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node.ts';
import { operatorNames } from '../../../src/operators/registry.ts';
import { count as countSpec } from '../../spec/helpers.ts';
import { FIGURES, type Measured } from './figures.ts';

const count = (model: string): Analysis => analyse(openModel(parseReference(model), diskLibrary));

/** Each is counted once, as often as it is in a batch. */
const countAll = (texts: readonly string[], counted: (text: string) => Analysis): readonly Analysis[] => {
  const known = new Map([...new Set(texts)].map((text) => [text, counted(text)]));
  return texts.flatMap((text) => known.get(text) ?? []);
};

const analyses = new Map<string, readonly Analysis[]>();

/** The networks that figures are of, counted once. */
function analysed({ model, models = [model], specs }: Measured): readonly Analysis[] {
  const known = analyses.get(model);
  if (known !== undefined) return known;
  const all = specs === undefined ? countAll(models, count) : countAll(specs, (spec) => countSpec(spec));
  analyses.set(model, all);
  return all;
}

describe.each(FIGURES)('$source', ({ measured }) => {
  const cells = measured.flatMap((one) => Object.entries(one.figures).map(([tool, figure]) => ({ model: one.model, tool, figure, one })));
  it.each(cells)('$model, $tool', ({ tool, figure, one }) => {
    const total = sum(analysed(one).map((analysis) => countTotal(conventionOf(tool), analysis)));
    if (typeof figure === 'number') expect(total).toBe(BigInt(figure));
    else expect([total, fitOf(total, parseNumber(figure))]).toEqual([total, 'rounded']);
  });
});

describe('measured', () => {
  it.each(conventions.filter(({ name }) => name !== 'timm'))('are the operators that the figures of $name have', (convention) => {
    const held = FIGURES.flatMap(({ measured }) => measured).filter(({ figures }) => figures[convention.name] !== undefined);
    const operators = new Set(held.flatMap((one) => analysed(one).flatMap(({ rows }) => rows.map(({ operator }) => operator))));
    expect([...(MEASURED[convention.name] ?? [])].sort()).toEqual([...operators].sort());
  });
});

interface OfModel {
  readonly by_tool: Readonly<Record<string, number | null>>;
  readonly fvcore_by_operator: Readonly<Record<string, number>> | null;
}

const FILE = new URL('../../../../shared/truth/measured.json', import.meta.url);
const isThere = existsSync(FILE);
const measured: Readonly<Record<string, OfModel>> = isThere ? JSON.parse(readFileSync(FILE, 'utf8')).models : {};

const toolOf = (name: string): Convention => conventionOf(name === 'calflops-flops' ? 'calflops' : name);

/** Figures that the rules do not reach: the difference, and why. There are none. */
const MISSES: Readonly<Record<string, bigint>> = {};

/** How far a count is off, operator by operator where something is counted. */
function told(convention: Convention, analysis: Analysis, figure: bigint): string {
  const byOperator = operatorNames.flatMap((name) => {
    const part = countRows(
      convention,
      analysis.rows.filter(({ operator }) => operator === name),
    );
    return part === 0n ? [] : [`${name} ${part}`];
  });
  return `${countTotal(convention, analysis) - figure} too many: ${byOperator.join(', ')}`;
}

it('timm is measured where fvcore is', () => {
  expect(MEASURED.timm).toEqual(MEASURED.fvcore);
});

describe.runIf(isThere)('all measured figures', () => {
  it('are matched, but for the misses that are known', () => {
    const misses: Record<string, bigint> = {};
    const lines: string[] = [];
    let all = 0;
    for (const [model, { by_tool: figures }] of Object.entries(measured)) {
      const analysis = count(model);
      for (const [name, figure] of Object.entries(figures)) {
        if (figure === null) continue;
        all++;
        const convention = toolOf(name);
        const difference = countTotal(convention, analysis) - BigInt(figure);
        if (difference === 0n) continue;
        misses[`${model} ${name}`] = difference;
        lines.push(`miss: ${model} ${name}, ${told(convention, analysis, BigInt(figure))}`);
      }
    }
    console.log([`conventions: ${all - Object.keys(misses).length} of ${all} measured figures matched`, ...lines].join('\n'));
    expect(misses).toEqual(MISSES);
    expect(all).toBeGreaterThan(0);
  });

  /** fvcore's names of operators, and what they are in a spec. */
  const OPERATORS: Readonly<Record<string, readonly string[]>> = {
    conv: ['conv', 'convtranspose'],
    linear: ['linear'],
    batch_norm: ['batchnorm'],
    layer_norm: ['layernorm'],
    adaptive_avg_pool2d: ['globalavgpool', 'adaptiveavgpool'],
    matmul: ['matmul'],
  };

  it.each(Object.keys(measured).filter((model) => measured[model]?.fvcore_by_operator?.bmm === undefined))(
    '%s, operator by operator as fvcore has them',
    (model) => {
      const { rows } = count(model);
      for (const [name, figure] of Object.entries(measured[model]?.fvcore_by_operator ?? {})) {
        const own = rows.filter(({ operator }) => OPERATORS[name]?.includes(operator));
        expect([name, countRows(conventionOf('fvcore'), own)]).toEqual([name, BigInt(figure)]);
      }
    },
  );
});

if (!isThere) console.log('The measured figures are not at hand, so only those in this file are tested.');
