import { describe, expect, it } from 'vitest';
import { analyse, checkModels, openModel, parseReference } from '../../../src/index.ts';
import { diskLibrary } from '../../../src/node/disk.ts';

// ResNet-50: forward 4,089,184,256, twice that backward, less the 118,013,952 of the first layer's input gradient.
const STEP = 12_149_538_816n;

const exceeded = (limits: Readonly<Record<string, string>>, reference = 'resnet50') => {
  const { models } = checkModels([{ analysis: analyse(openModel(parseReference(reference), diskLibrary)) }], limits);
  return models[0]?.limits.map(({ metric, limit, actual, broken }) => ({ metric, limit, actual, broken }));
};

describe('budgets of a training step', () => {
  it('limit its multiply-accumulates', () => {
    expect(exceeded({ trainingMacs: `<= ${STEP}` })).toMatchObject([{ metric: 'trainingMacs', broken: false }]);
    expect(exceeded({ trainingMacs: `<= ${STEP - 1n}` })).toMatchObject([{ metric: 'trainingMacs', broken: true }]);
  });

  it('limit the most bytes that it needs at once', () => {
    expect(exceeded({ trainingPeakBytes: '<= 472505728' })).toMatchObject([{ metric: 'trainingPeakBytes', broken: false }]);
    expect(exceeded({ trainingPeakBytes: '<= 472505727' })).toMatchObject([{ metric: 'trainingPeakBytes', broken: true }]);
  });
});
