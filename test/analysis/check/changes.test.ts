import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layerChanges } from '../../../src/analysis/check/changes.ts';
import type { LayerRecord } from '../../../src/analysis/check/result.ts';

/** A layer of a width at a path. */
const layer = (path: string, width = 8): LayerRecord => ({
  path,
  operator: path.replace(/^.*\//, '').replace(/\[\d+\]/, ''),
  input: [[1, width]],
  output: [[1, width]],
  parameters: BigInt(width * width),
  macs: BigInt(width * width),
  activations: BigInt(width),
  operations: BigInt(2 * width * width),
});

const told = (before: readonly LayerRecord[], after: readonly LayerRecord[]): string[] =>
  layerChanges(before, after).map((change) =>
    change.kind === 'renamed' ? `renamed ${change.before?.path} ${change.path}` : `${change.kind} ${change.path}`,
  );

describe('what changed between two networks', () => {
  const network = [layer('stem/conv'), layer('body/conv[0]', 16), layer('body/conv[1]', 32), layer('head/linear', 10)];

  it('is nothing between one and itself', () => expect(told(network, network)).toEqual([]));

  it('is a layer that was widened', () =>
    expect(told(network, network.with(1, layer('body/conv[0]', 24)))).toEqual(['changed body/conv[0]']));

  it('is one that was put in, and the numbers after it', () => {
    const after = [
      layer('stem/conv'),
      layer('body/conv[0]', 16),
      layer('body/conv[1]', 99),
      layer('body/conv[2]', 32),
      layer('head/linear', 10),
    ];
    expect(told(network, after)).toEqual(['added body/conv[1]', 'renamed body/conv[1] body/conv[2]']);
    expect(told(after, network)).toEqual(['removed body/conv[1]', 'renamed body/conv[2] body/conv[1]']);
  });

  it('is a stage that is called otherwise', () => {
    const after = network.map((one) => ({ ...one, path: one.path.replace('body', 'trunk') }));
    expect(told(network, after)).toEqual(['renamed body/conv[0] trunk/conv[0]', 'renamed body/conv[1] trunk/conv[1]']);
  });

  it('is every layer of a network that was widened, not the one stage taken for the next', () => {
    const widths = [8, 16, 32, 64, 128, 256];
    const stages = (factor: number) => widths.map((width, index) => layer(`s${index}/conv`, width * factor));
    expect(told(stages(1), stages(2))).toEqual(widths.map((_, index) => `changed s${index}/conv`));
  });

  it('is told by paths alone of networks that are too long to align', () => {
    const long = Array.from({ length: 3_000 }, (_, index) => layer(`s${index}/conv`, (index % 7) + 1));
    const after = long
      .slice(1)
      .map((one, index) => (index === 1_500 ? { ...one, macs: 5n } : index === 2_998 ? { ...one, path: 'last/conv' } : one));
    expect(told(long, [layer('new/conv'), ...after]).toSorted()).toEqual([
      'added last/conv',
      'added new/conv',
      'changed s1501/conv',
      'removed s0/conv',
      'removed s2999/conv',
    ]);
  });

  it('accounts for every layer: what is kept, removed and added is all that there was and is', () => {
    const networks = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c[0]', 'c[1]', 'd'), fc.integer({ min: 1, max: 3 })), { maxLength: 12 });
    const distinct = (list: readonly (readonly [string, number])[]) => [
      ...new Map(list.map(([path, width]) => [path, layer(path, width)])).values(),
    ];
    fc.assert(
      fc.property(networks, networks, (one, other) => {
        const [before, after] = [distinct(one), distinct(other)];
        const changes = layerChanges(before, after);
        const count = (kind: string) => changes.filter((change) => change.kind === kind).length;
        expect(before.length - count('removed')).toBe(after.length - count('added'));
        const paths = (of: 'before' | 'after') => changes.flatMap((change) => change[of]?.path ?? []);
        expect(new Set(paths('before')).size).toBe(paths('before').length);
        expect(new Set(paths('after')).size).toBe(paths('after').length);
      }),
    );
  });
});
