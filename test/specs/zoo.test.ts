import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyse, type Cost } from '../../src/analysis/cost.ts';
import { openModel, parseReference, zooModels } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { isTask } from '../../src/spec/task.ts';
import { inBillions, PUBLISHED, type Published } from './published.ts';

/** Figures that this repository does not hold: those published, and those measured with torch 1.13.1 and torchvision 0.14.1. */
const truth = (name: string): URL => new URL(`../../../shared/truth/${name}.json`, import.meta.url);

const read = (name: string) => JSON.parse(readFileSync(truth(name), 'utf8')).models;

const totals = (model: string): Cost => analyse(openModel(parseReference(model), diskLibrary)).totals;

const isExact = ({ model, parameters, billions, macs, weights = model }: Published): boolean => {
  const cost = totals(model);
  const held = weights === model ? cost.parameters : totals(weights).parameters;
  return held === parameters && inBillions(cost.macs) === billions && (macs === undefined || cost.macs === macs);
};

describe('the published models', () => {
  it('are 80, each once, and all in the zoo', () => {
    const names = PUBLISHED.map(({ model }) => model);
    expect(new Set(names).size).toBe(80);
    expect(zooModels(diskLibrary.zoo).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it('are exact: parameters to the last digit, MACs to the published decimals, and to the last digit where measured', () => {
    const wrong = PUBLISHED.filter((published) => !isExact(published)).map(({ model }) => model);
    console.log(`${PUBLISHED.length - wrong.length} of ${PUBLISHED.length} exact`);
    expect(wrong).toEqual([]);
  });
});

describe('the models of the zoo', () => {
  it('have a source, a summary and a task each', () => {
    const without = zooModels(diskLibrary.zoo).filter(({ task, spec }) => !isTask(task) || !spec.citation || !spec.summary);
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('have names of their own', () => {
    const names = zooModels(diskLibrary.zoo).map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('the figures in these tests', () => {
  /** Counted with the auxiliary classifiers, which the measured parameters include and the MACs of eval mode do not. */
  const WITH_AUXILIARY: Readonly<Record<string, string>> = {
    googlenet: 'googlenet:aux=true',
    inception_v3: 'inception_v3:aux=true',
  };

  if (existsSync(truth('published')))
    it('are those published', () => {
      const expected = Object.entries<{ input: number[]; parameters: number; gmacs: number }>(read('published'));
      expect(PUBLISHED.map(({ model, side, parameters, billions }) => [model, [1, 3, side, side], parameters, billions]).sort()).toEqual(
        expected.map(([model, { input, parameters, gmacs }]) => [model, input, BigInt(parameters), gmacs]).sort(),
      );
    });
  else it.skip('are those published: shared/truth/published.json is not beside this repository');

  if (existsSync(truth('measured')))
    it('are those measured, MACs and parameters', () => {
      const expected = Object.entries<{ parameters: number; macs: number }>(read('measured'));
      expect(expected).toHaveLength(27);
      expect(PUBLISHED.flatMap(({ model, macs }) => (macs === undefined ? [] : [[model, macs]])).sort()).toEqual(
        expected.map(([model, { macs }]) => [model, BigInt(macs)]).sort(),
      );
      expect(expected.map(([model]) => [model, totals(WITH_AUXILIARY[model] ?? model).parameters])).toEqual(
        expected.map(([model, { parameters }]) => [model, BigInt(parameters)]),
      );
    });
  else it.skip('are those measured: shared/truth/measured.json is not beside this repository');
});
