import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Convention, countRows, countTotal } from '../../../src/analysis/conventions/convention.ts';
import { conventionOf } from '../../../src/analysis/conventions/registry.ts';
import { type Analysis, analyse } from '../../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node.ts';
import { operatorNames } from '../../../src/operators/registry.ts';

const count = (model: string): Analysis => analyse(openModel(parseReference(model), diskLibrary));

/**
 * Figures measured with torch 1.13.1 and torchvision 0.14.1 by fvcore (commit 3378afe), ptflops (d612c75, backends pytorch
 * and aten), thop (43c064a), torchinfo (5c4164f) and calflops (29ca584): one image, eval mode. In that order, calflops'
 * FLOPs before its MACs; null where the tool fails or rounds.
 */
const TOOLS = ['fvcore', 'ptflops', 'ptflops-aten', 'thop', 'torchinfo', 'calflops', 'calflops-macs'] as const;
const FIGURES: Readonly<Record<string, readonly (number | null)[]>> = {
  alexnet: [714197696, 716441128, 714682664, 714206912, 714682664, 1429741184, 714188480],
  vgg19_bn: [19661791744, 19718641640, 19646923752, 19691521024, 19646934760, 39329688064, 19632062464],
  resnet50: [4111512576, 4132436968, 4089185256, 4133742592, 4089238376, 8211108352, 4089184256],
  densenet121: [2865546752, 2899843048, 2834162664, 2897007104, 2834246312, 5716881152, 2834161664],
  squeezenet1_0: [819093576, 836821960, 823270824, 819094576, 823270824, 1648970968, 818924576],
  inception_v3: [5731282144, 5747660552, 5713217096, 5749219168, 5713251528, 11458393728, 5713216096],
  mobilenet_v2: [314193216, 320300008, 300775272, 327486720, 300809384, 614967488, 300774272],
  mnasnet1_0: [325329152, 334926312, 314416872, 336242432, 314454792, 644543104, 314415872],
  efficientnet_b0: [401659392, 410196896, 385825092, 415145024, 385867108, 793641400, 385814752],
  convnext_tiny: [4470437376, 4488347368, 4458241768, 4464149760, 4468983208, 8937258240, 4455531264],
  vit_b_16: [17582740224, null, 17580319720, 11286254592, 11280392680, 33728914704, 16848500736],
  swin_t: [4509232128, 3128183416, 4496588776, 2978099712, 2970635944, 9008009616, 4490566656],
  swin_v2_t: [5962349568, 4045391848, 5947555816, 3906813696, 3899813416, 11675947008, 5820152832],
  maxvit_t: [null, 5483328960, 5560140960, 5456315648, 5399447200, 11192032800, 5381025792],
};

describe('what the tools print', () => {
  const cells = Object.entries(FIGURES).flatMap(([model, figures]) =>
    TOOLS.flatMap((tool, index) => (figures[index] == null ? [] : [{ model, tool, figure: figures[index] }])),
  );
  it.each(cells)('$model, $tool', ({ model, tool, figure }) => {
    expect(countTotal(conventionOf(tool), count(model))).toBe(BigInt(figure));
  });
});

interface Measured {
  readonly by_tool: Readonly<Record<string, number | null>>;
  readonly fvcore_by_operator: Readonly<Record<string, number>> | null;
}

const FILE = new URL('../../../../shared/truth/measured.json', import.meta.url);
const isThere = existsSync(FILE);
const measured: Readonly<Record<string, Measured>> = isThere ? JSON.parse(readFileSync(FILE, 'utf8')).models : {};

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
