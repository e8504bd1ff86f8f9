import { describe, expect, it } from 'vitest';
import type { OnnxGraph } from '../../src/onnx/file/model.ts';
import { sentence } from '../../src/problems/problem.ts';
import { count, graph, node, open, type Parts, tensor } from './nets.ts';

const conv = (name: string, weight: string): OnnxGraph => graph({ nodes: [node('Conv', `x, ${weight} -> ${name}`)], outputs: [name] });

const parts = (then: OnnxGraph, otherwise: OnnxGraph): Parts => ({
  inputs: { x: [1, 3, 8, 8], cond: [] },
  initializers: { big: tensor([64, 3, 3, 3]), small: tensor([64, 3, 1, 1]), wrong: tensor([64, 5, 1, 1]) },
  nodes: [node('If', 'cond -> y', { then_branch: then, else_branch: otherwise })],
});

const SMALL = 64n * 3n * 64n;
const BIG = 36n * 64n * 27n;

describe('a branch that only a run can choose', () => {
  it('is the costlier of two that can be counted', () => {
    const { totals, graph: made } = count(parts(conv('t', 'small'), conv('e', 'big')));
    expect(totals.macs).toBe(BIG);
    expect(made.warnings?.map((one) => sentence(one))).toEqual([
      expect.stringContaining('"else", which has no fewer MACs than "then", was counted'),
    ]);
  });

  it('is what --value says, without a warning', () => {
    const net = parts(conv('t', 'small'), conv('e', 'big'));
    const { totals, graph: made } = count(net, 17, { values: { cond: [1] } });
    expect(totals.macs).toBe(SMALL);
    expect(made.warnings).toBeUndefined();
    expect(count(net, 17, { values: { cond: [0] } }).totals.macs).toBe(BIG);
  });

  it.each([
    ['makes no sense', conv('t', 'wrong'), 'kernel of 64×5×1×1'],
    ['depends on data', graph({ nodes: [node('Reshape', 'x, cond -> t')], outputs: ['t'] }), 'depends on "cond"'],
  ])('where one %s is the other, and says why and that it may cost more', (_, then, why) => {
    const { totals, graph: made } = count(parts(then, conv('e', 'small')));
    expect(totals.macs).toBe(SMALL);
    const [warning] = made.warnings?.map((one) => sentence(one)) ?? [];
    expect(warning).toContain('"then", which may cost more, could not be');
    expect(warning).toContain(why);
    expect(warning).not.toContain('no fewer');
  });

  it('says what of it is not counted', () => {
    const fancy = graph({ nodes: [node('Fancy', 'x -> f', {}, 'com.example'), node('Conv', 'f, big -> t')], outputs: ['t'] });
    const { totals, graph: made } = count(parts(fancy, conv('e', 'small')));
    expect(totals.macs).toBe(BIG);
    expect(made.warnings?.map((one) => sentence(one)).join()).toContain('the work of Fancy of com.example is not known'.slice(4));
  });

  it('is a problem where neither can be counted', () => {
    expect(() => open(parts(conv('t', 'wrong'), conv('e', 'wrong')))).toThrow(/64×5×1×1/);
  });
});

describe('branches in branches', () => {
  /** A chain: each branch holds the next and something else. */
  const nested = (depth: number): OnnxGraph => {
    const inner = depth === 0 ? conv('t0', 'big') : graph({ nodes: [choice(depth)], outputs: [`t${depth}`] });
    return inner;
  };
  const choice = (depth: number) =>
    node('If', `cond -> t${depth}`, {
      then_branch: nested(depth - 1),
      else_branch: graph({ nodes: [node('Conv', `x, small -> e${depth}`)], outputs: [`e${depth}`] }),
    });

  it('are each decided once: 40 levels cost 40 decisions', () => {
    const { totals, graph: made } = count({ ...parts(conv('t', 'small'), conv('e', 'small')), nodes: [choice(40)] });
    expect(totals.macs).toBe(BIG);
    expect(made.warnings).toHaveLength(40);
  });

  it('decide the same when they are run as when they were tried', () => {
    const inner = (name: string, a: string, b: string) =>
      node('If', `cond -> ${name}`, { then_branch: conv('p', a), else_branch: conv('q', b) });
    const two = graph({ nodes: [inner('i', 'small', 'big'), inner('j', 'big', 'small'), node('Identity', 'i -> t')], outputs: ['t'] });
    const { totals } = count(parts(two, conv('e', 'small')));
    expect(totals.macs).toBe(2n * BIG);
  });
});
