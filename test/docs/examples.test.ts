import { format } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fenced } from '../../scripts/docs/console.ts';
import { operators } from '../../src/operators/registry.ts';
import { codeOn, examples, read, write } from './code.ts';

describe('code that uses flopwise', () => {
  it('stands on the README', () => expect(examples.filter(({ page }) => page === 'README.md')).toHaveLength(2));

  it.each(examples)('$page: $code', async ({ code }) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import(write(code));
    const printed = log.mock.calls.map((values) => format(...values));
    log.mockRestore();
    // After a statement that prints one line, or below one that prints several.
    expect(printed).toEqual([...code.matchAll(/^(?:console\.log.*?; )?\/\/ (.*)$/gm)].map(([, line]) => line));
  });
});

// The operator that docs/adding-an-operator.md adds joins the registry here, as its line there would have it.
const [operatorCode = '', testCode = ''] = codeOn('docs/adding-an-operator.md');
const { scalenorm } = await import(write(operatorCode));
Object.assign(operators, { scalenorm });
afterAll(() => Reflect.deleteProperty(operators, 'scalenorm'));

describe('docs/adding-an-operator.md', () => {
  it('adds an operator that is not there yet', () => {
    expect(Object.keys(operators)).toContain('scalenorm');
    expect(read('src/operators/registry.ts')).not.toContain('scalenorm');
  });

  it('makes it a layer of specs', async () => {
    // The grammar of specs is made of the operators that are there when it is loaded.
    vi.resetModules();
    onTestFinished(() => {
      vi.resetModules();
    });
    Object.assign((await import('../../src/operators/registry.ts')).operators, { scalenorm });
    const { expandSpec, parseSpec } = await import('../../src/spec/model.ts');
    const { analyse } = await import('../../src/analysis/cost.ts');
    const [spec = ''] = fenced(read('docs/adding-an-operator.md'), 'yaml');
    const { rows } = analyse(expandSpec(parseSpec(spec)));
    expect(rows.map(({ operator, parameters }) => [operator, parameters])).toEqual([
      ['scalenorm', 1n],
      ['linear', 768n * 769n],
    ]);
  });
});

// Its own test runs as written.
await import(write(testCode));
