import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
import { operatorNames } from '../../src/operators/registry.ts';
import { formulaMutants, type Mutant } from '../execute/formula-mutants.ts';
import type { verdicts as judged } from '../execute/judge.ts';

// Every formula by which operators predict shapes, weights and work is broken in turn, one sign, number or function at a time;
// `verify` must not say of all layers that they hold.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JUDGE = join(ROOT, 'test/execute/judge.ts');
const folder = mkdtempSync(join(tmpdir(), 'flopwise-shapes-'));

afterAll(() => rmSync(folder, { recursive: true }));

type Operator = Parameters<typeof judged>[0];

/** What operators predict by. */
const PREDICTED = ['shape', 'weights', 'work', 'padding'];

/** A file, the operator that alone uses it, and the properties whose formulas it has; all of its functions where none is named. */
const FILES: readonly (readonly [file: string, of: Operator, roots: readonly string[]])[] = [
  ...readdirSync(join(ROOT, 'src/operators'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`src/operators/${name}`, name.replace('.ts', '') as Operator, PREDICTED] as const),
  ['src/operators/kit/sources.ts', 'move', ['shape']],
  ['src/operators/kit/elementwise.ts', undefined, PREDICTED],
  ['src/operators/kit/pool.ts', undefined, PREDICTED],
];

/** The same prediction for all that can be asked, or what only the words of errors depend on; each with its reason. */
const NO_DIFFERENCE: Readonly<Record<string, string>> = {};

let number = 0;

async function verdictsWith(file: string, { text }: Mutant, of: Operator): Promise<ReturnType<typeof judged>> {
  const bundle = await rolldown({
    input: JUDGE,
    platform: 'node',
    logLevel: 'silent',
    plugins: [{ name: 'mutant', load: (id) => (id === join(ROOT, file) ? text : null) }],
  });
  const path = join(folder, `${number++}.mjs`);
  await bundle.write({ file: path });
  await bundle.close();
  const { verdicts } = (await import(pathToFileURL(path).href)) as { readonly verdicts: typeof judged };
  return verdicts(of);
}

describe('verify', { timeout: 3_000_000 }, () => {
  it('sees every broken formula of a shape, of weights and of work', async () => {
    const survivors: string[] = [];
    let [seen, all] = [0, 0];
    for (const [file, of, roots] of FILES) {
      const name = of !== undefined && operatorNames.includes(of) ? of : undefined;
      for (const mutant of formulaMutants(readFileSync(join(ROOT, file), 'utf8'), roots)) {
        all++;
        const where = `${file}:${mutant.line} ${mutant.change}`;
        const verdicts = await verdictsWith(file, mutant, name);
        if (verdicts.some(({ verdict }) => verdict !== 'holds')) seen++;
        else if (NO_DIFFERENCE[where] === undefined) survivors.push(where);
      }
    }
    console.log(`${seen} of ${all} broken formulas are seen`);
    expect(all).toBeGreaterThan(300);
    expect(survivors).toEqual([]);
  });
});
