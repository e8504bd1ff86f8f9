import { describe, expect, it } from 'vitest';
import { countTotal } from '../../src/analysis/conventions/convention.ts';
import { conventionOf, conventions } from '../../src/analysis/conventions/registry.ts';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { explain } from '../../src/analysis/explain.ts';
import { type Candidate, findNumber, fitOf, parseNumber } from '../../src/analysis/find-number.ts';
import { withoutClassifier } from '../../src/analysis/without-classifier.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';

const count = (model: string): Analysis => analyse(openModel(parseReference(model), diskLibrary));

const resnet50 = count('resnet50');
const paper = count('resnet50:stride_at=1x1');

describe('steps', () => {
  it.each(['resnet18', 'vit_b_16:layers=2', 'swin_v2_t:layers=[1,1,2,1]'])('of %s add up between any two conventions', (model) => {
    const analysis = count(model);
    const counts = conventions.map((convention) => ({ convention, total: countTotal(convention, analysis) }));
    const wrong = counts.flatMap((from) =>
      counts.filter((to) => {
        const { start, steps, end } = explain(from.convention, to.convention, analysis);
        const addedUp = steps.reduce((total, { change }) => total + change, start);
        return addedUp !== end || (steps.at(-1)?.total ?? start) !== end || start !== from.total || end !== to.total;
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('are named by operator and rule', () => {
    const { steps } = explain(conventionOf('macs'), conventionOf('fvcore'), resnet50);
    expect(steps.map(({ because, change, layers }) => [because, change, layers])).toEqual([
      ['batchnorm: 2 per element', 22_227_968n, 53],
      ['globalavgpool: 1 per input element', 100_352n, 1],
    ]);
  });

  it('go from unit to unit', () => {
    const { steps } = explain(conventionOf('fvcore'), conventionOf('calflops'), resnet50);
    expect(steps.map(({ because, change }) => [because, change])).toEqual([
      ['×2 counts multiply and add apart', 4_089_184_256n],
      ['relu: 1 per element', 9_608_704n],
      ['maxpool: 1 per input element', 802_816n],
    ]);
    const back = explain(conventionOf('calflops'), conventionOf('fvcore'), resnet50);
    expect(back.steps[0]).toMatchObject({ because: '÷2 counts multiply and add as one', change: -4_089_184_256n });
  });

  it('go from variant to variant', () => {
    const variants = [{ because: 'stride on the 1×1 instead of the 3×3', analysis: paper }];
    const { steps } = explain(conventionOf('torchvision'), conventionOf('paper'), resnet50, variants);
    expect(steps.map(({ change }) => change)).toEqual([-231_211_008n]);
  });
});

describe('a number', () => {
  it.each<[string, bigint, bigint]>([
    ['3.8G', 38n, 10n ** 8n],
    ['8.18e9', 818n, 10n ** 7n],
    ['4.13 GMac', 413n, 10n ** 7n],
    ['4,089,184,256', 4_089_184_256n, 1n],
    ['3.6 billion', 36n, 10n ** 8n],
    ['0.72 GFLOPs', 72n, 10n ** 7n],
    ['569M', 569n, 10n ** 6n],
    ['140.69 Bn', 14_069n, 10n ** 7n],
    ['25.6M params', 256n, 10n ** 5n],
    ['3.15 ZFLOPs', 315n, 10n ** 19n],
    ['51.5 GFLOPs/token', 515n, 10n ** 8n],
    ['51.5 GFLOP per token', 515n, 10n ** 8n],
  ])('%s', (text, digits, unit) => {
    expect(parseNumber(text)).toMatchObject({ digits, unit });
  });

  it.each(['', 'many', '3.8', '-1G', '3.8 GB/s'])('is not %s', (text) => {
    expect(() => parseNumber(text)).toThrow('must be a count');
  });

  it.each<[bigint, string, string]>([
    [4_089_184_256n, '4,089,184,256', 'equal'],
    [4_089_184_256n, '4.09G', 'rounded'],
    [3_857_973_248n, '3.9G', 'rounded'],
    [3_857_973_248n, '3.8G', 'cut'],
    [3_857_973_248n, '3.7G', 'near'],
  ])('%s against %s is %s', (value, text, fit) => {
    expect(fitOf(value, parseNumber(text))).toBe(fit);
  });

  const candidates: readonly Candidate[] = [
    { analysis: resnet50, changes: [], isPaper: false },
    { analysis: paper, changes: ['stride on the 1×1'], isPaper: true },
  ];
  const found = (text: string) => findNumber(parseNumber(text), candidates, conventions)[0];

  it.each<[string, object]>([
    [
      '3.8G',
      {
        conventions: ['paper', 'macs', 'torchvision', 'calflops-macs', 'deepspeed-macs'],
        changes: ['stride on the 1×1'],
        unit: 'MACs',
        fit: 'cut',
      },
    ],
    ['4.09 GMac', { conventions: ['macs', 'torchvision', 'calflops-macs', 'deepspeed-macs'], changes: [], unit: 'MACs', fit: 'rounded' }],
    ['8.18e9', { conventions: ['macs', 'torchvision', 'calflops-macs', 'deepspeed-macs'], unit: '2 × MACs', fit: 'rounded' }],
    ['8.21G', { conventions: ['calflops', 'deepspeed'], unit: 'FLOPs', fit: 'rounded' }],
    ['4.089G', { conventions: ['torchvision', 'macs', 'calflops-macs', 'deepspeed-macs'], fit: 'rounded' }],
    ['4.11 GMac', { conventions: ['timm', 'fvcore'], fit: 'rounded' }],
    ['25.6M', { conventions: ['parameters'], unit: 'parameters', fit: 'rounded' }],
    ['25.56M params', { conventions: ['parameters'], fit: 'rounded' }],
    // One compare per ReLU element and tap of the pool.
    ['11,415,040', { conventions: ['operations of one kind'], unit: 'compare', fit: 'equal' }],
    ['4.111512576e9', { conventions: ['fvcore', 'timm'], fit: 'equal' }],
    ['4.13 GMac', { conventions: ['ptflops'], fit: 'rounded' }],
  ])('%s is traced', (text, expected) => {
    expect(found(text)).toMatchObject(expected);
  });

  it('that nothing gives is told with the nearest, within 20%', () => {
    expect(found('4.5G')?.fit).toBe('near');
    expect(findNumber(parseNumber('5.5G'), candidates, conventions)).toEqual([]);
    expect(findNumber(parseNumber('25.6M MACs'), candidates, conventions)).toEqual([]);
  });

  it('may be of a network without its classifier', () => {
    const body = withoutClassifier(resnet50) as Analysis;
    expect([body.totals.parameters, body.totals.macs]).toEqual([23_508_032n, 4_087_136_256n]);
    expect(withoutClassifier(count('vgg16'))?.totals.parameters).toBe(14_714_688n);
    expect(withoutClassifier(count('vit_b_16'))?.totals.parameters).toBe(85_798_656n);
    expect(withoutClassifier(count('squeezenet1_0'))).toBeUndefined();
  });
});
