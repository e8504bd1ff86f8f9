import { describe, expect, it } from 'vitest';
import { Scope } from '../../src/graph/path.ts';
import { count } from '../spec/helpers.ts';

describe('paths', () => {
  it('number a step only where several share its name', () => {
    const root = new Scope();
    const stage = new Scope(root, 'stage');
    const first = new Scope(stage, 'block');
    const second = new Scope(stage, 'block');
    const places = [first, second, second].map((scope) => ({ scope, index: scope.take('conv') }));
    const last = root.take('head');
    expect(places.map(({ scope, index }) => scope.path('conv', index))).toEqual([
      'stage/block[0]/conv',
      'stage/block[1]/conv[0]',
      'stage/block[1]/conv[1]',
    ]);
    expect(root.path('head', last)).toBe('head');
  });

  it('are unique in a network', () => {
    const { rows } = count(`input: [4, 8, 8]
blocks:
  b:
    layers:
      - residual: [relu, { conv: { kernel: 1, out: 4 } }]
        shortcut: C
        name: res
      - relu
stages:
  a: [b, relu, relu, b]
  c:
    - parallel: [[relu], [relu]]
      join: add
    - parallel: { left: [relu], right: [relu] }
      join: add
      name: both
    - sequence: [relu]
      repeat: 2
      name: twice
    - relu: {}
      name: b
    - b
`);
    const paths = rows.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toEqual([
      'a/b[0]/res/relu',
      'a/b[0]/res/conv',
      'a/b[0]/res/shortcut/conv',
      'a/b[0]/res/shortcut/batchnorm',
      'a/b[0]/res/add',
      'a/b[0]/relu',
      'a/relu[0]',
      'a/relu[1]',
      'a/b[1]/res/relu',
      'a/b[1]/res/conv',
      'a/b[1]/res/shortcut/conv',
      'a/b[1]/res/shortcut/batchnorm',
      'a/b[1]/res/add',
      'a/b[1]/relu',
      'c/branch[0]/relu',
      'c/branch[1]/relu',
      'c/add',
      'c/both/left/relu',
      'c/both/right/relu',
      'c/both/add',
      'c/twice[0]/relu',
      'c/twice[1]/relu',
      'c/b[0]',
      'c/b[1]/res/relu',
      'c/b[1]/res/conv',
      'c/b[1]/res/shortcut/conv',
      'c/b[1]/res/shortcut/batchnorm',
      'c/b[1]/res/add',
      'c/b[1]/relu',
    ]);
  });
});
