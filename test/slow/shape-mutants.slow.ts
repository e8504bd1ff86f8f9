import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
import { formulaMutants } from '../execute/formula-mutants.ts';
import { type Asked, judge, LAYERS } from '../execute/judge.ts';
import type { Verdicts } from '../execute/judge-alone.ts';
import { DRAWN, drawnNames, isRefused } from '../operators/drawn.ts';

// Every formula by which operators predict shapes, weights and work is broken in turn, one sign, number or function at a time;
// `verify` must not say of all layers that they hold.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JUDGE = join(ROOT, 'test/execute/judge-alone.ts');
const folder = mkdtempSync(join(tmpdir(), 'flopwise-shapes-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** What operators predict by. */
const PREDICTED = ['shape', 'weights', 'work', 'padding'];

const operatorFiles = readdirSync(join(ROOT, 'src/operators')).filter((name) => name.endsWith('.ts'));

/** A file, the operator that alone uses it, and the properties whose formulas it has. */
const FILES: readonly (readonly [file: string, of: string | undefined, roots: readonly string[]])[] = [
  ...operatorFiles.map((name) => [`src/operators/${name}`, name.replace('.ts', ''), PREDICTED] as const),
  ['src/operators/kit/sources.ts', 'move', ['shape']],
  ['src/operators/kit/elementwise.ts', undefined, PREDICTED],
  ['src/operators/kit/pool.ts', undefined, PREDICTED],
];

/** So many layers of each operator are drawn, always the same. */
const DRAWS = { numRuns: 80, seed: 19 };

const NAMES: readonly string[] = drawnNames;

/** Layers of an operator, or of all: those that are always tried, and some that nobody thought of. All hold as they are. */
function layersOf(of: string | undefined): Asked[] {
  const names = drawnNames.filter((name) => of === undefined || name === of);
  const drawn = names.flatMap((name) =>
    (of === undefined ? [] : fc.sample(DRAWN[name], DRAWS))
      .filter((one) => !isRefused(name, one))
      .map(({ attributes, inputs }): Asked => ({ name, attributes, inputs })),
  );
  return [...LAYERS.filter(({ name }) => names.includes(name as (typeof names)[number])), ...drawn];
}

const files = new Map<string | undefined, string>();

/** A file that has the layers of an operator. */
function fileOf(of: string | undefined): string {
  const there = files.get(of);
  if (there !== undefined) return there;
  const file = join(folder, `${of}.json`);
  writeFileSync(file, JSON.stringify(layersOf(of)));
  files.set(of, file);
  return file;
}

/** A mutant that `verify` cannot see: its file under `src/operators`, a part of its line, and what is changed there. */
type Unseen = readonly [file: string, line: string, ...changes: string[]];

/** What `verify` cannot see, by the reason. */
const UNSEEN: Readonly<Record<string, readonly Unseen[]>> = {
  'a value, on which no shape and no count depends': [
    ['arithmetic', "operation === 'square' && inputs === 1", '2 → 3'],
    ['attention', 'const scale = elementOf', '/ → *', '1 → 2'],
    ['attention', 'const left = (image', '+ → -'],
    ['attention', 'const right = (image', '+ → -'],
    ['attention', 'let o = 0;', '0 → 1'],
    ['batchnorm', 'held(channels, 1)', '1 → 2'],
    ['batchnorm', 'learned(channels, 1)', '1 → 2'],
    ['rmsnorm', 'scale: learned(', '1 → 2'],
    ['relativebias', 'offset: keys - queries', '- → +'],
    ['sdpa', 'scale: a.scale ??', '/ → *'],
  ],
  'the same prediction': [
    ['attention', "factor('q, k, v', times)", '1 → 2'],
    ['deltarule', 'factors.every', '> → >='],
    ['dynamicconv', 'conv.work(asConv', '1 → 2'],
    ['dynamicconv', 'conv.padding(asConv', '1 → 2'],
    ['einsum', 'labelsOf(equation, term, (inputs[i]', '0 → 1'],
    ['einsum', 'before === undefined || before === 1', '1 → 2'],
    ['einsum', 'String(hidden - i)', '0 → 1'],
    ['fold', "windowAxes('fold'", '1 → 2'],
    ['kit/sources', 'axisOf(axis, [...x, 1])', '1 → 2'],
    ['kit/sources', 'shape: ({ to }) => to[0]', '0 → 1'],
    ['kit/sources', 'const first = shapeAt(shapes, 0);', '0 → 1'],
    ['sdpa', 'multiplies > 0', '> → >='],
    ['upsample', 'if (taps === 0)', '0 → 1'],
  ],
  'only which inputs are refused': [
    ['kit/pool', 'const widest', 'max → min'],
    ['kit/sources', 'shapeIn(pick, shapes)];', '0 → 1'],
    ['kit/sources', 'const depth = indices.at(-1)', '0 → 1'],
    ['kit/sources', 'batch < indices.length', '< → <='],
    ['kit/sources', 'const [x, values] = ', '1 → 2'],
    ['kit/sources', 'const [x, indices] = [shapeAt(shapes, 0), shapeAt(shapes, 1)];', '0 → 1'],
    ['kit/sources', 'const fits = lists', '< → <='],
    ['kit/sources', 'index < -size', '< → <='],
    ['dynamicconv', 'const shapes = [input', 'bias === undefined → !(bias === undefined)'],
    ['recurrent', "of [start, a.cell === 'lstm'", "a.cell === 'lstm' → !(a.cell === 'lstm')"],
  ],
  'the name of a factor': [['einsum', "factor(i === 0 ? 'n'", '0 → 1', 'i === 0 → !(i === 0)']],
  'how many sums there are, which no count of operations tells': [
    ['attention', 'times * dim]', '* → +', '1 → 2'],
    ['deformconv', 'sampled: [n,', '* → +'],
    ['recurrent', 'gates * a.hidden', '* → +'],
  ],
  'what is kept between runs, which no run tells': [
    ['cache', 'all: past + length', '+ → -'],
    ['recall', 'state: ({ shape }', '0 → 1'],
    ['scan', 'state: (_', '1 → 2'],
  ],
  'how an equation is read, which is its definition': [
    ['einsum', '.sort((a, b)', '- → +'],
    ['einsum', 'const needed', '+ → -', '1 → 2'],
  ],
  'which weights are learned, which the operator says': [['positions', 'learned ? lookedUp', 'learned → !(learned)']],
};

const isUnseen = (
  { file, line, change, source }: { file: string; line: number; change: string; source: string },
  [of, part, ...changes]: Unseen,
) => file === `src/operators/${of}.ts` && source.split('\n')[line - 1]?.includes(part) === true && changes.includes(change);

const run = promisify(execFile);

/** Milliseconds and megabytes; unbroken, the layers of one operator take a second and a tenth of it. */
const LIMITS = { timeout: 30_000, heap: 1024 };

let number = 0;

/** The verdicts with one formula broken, found by a process of its own; none where it does not end, or has no memory left. */
async function verdictsWith(file: string, text: string, of: string | undefined): Promise<Verdicts | undefined> {
  const bundle = await rolldown({
    input: JUDGE,
    platform: 'node',
    logLevel: 'silent',
    plugins: [{ name: 'mutant', load: (id) => (id === join(ROOT, file) ? text : null) }],
  });
  const path = join(folder, `${number++}.mjs`);
  await bundle.write({ file: path });
  await bundle.close();
  try {
    const { stdout } = await run(process.execPath, [`--max-old-space-size=${LIMITS.heap}`, path, fileOf(of)], { timeout: LIMITS.timeout });
    return JSON.parse(stdout) as Verdicts;
  } catch {
    return undefined;
  } finally {
    rmSync(path);
  }
}

/** Whether `verify` said of all layers that they hold. */
const holds = (verdicts: Verdicts | undefined): boolean => verdicts?.every(({ verdict }) => verdict === 'holds') === true;

describe('verify', { timeout: 3_000_000 }, () => {
  it.each([undefined, ...drawnNames])('says that every layer holds as it is: %s', (of) => {
    expect(judge(layersOf(of)).filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  });

  it('says so in a process of its own', async () => {
    const file = 'src/operators/conv.ts';
    expect(holds(await verdictsWith(file, readFileSync(join(ROOT, file), 'utf8'), undefined))).toBe(true);
  });

  it('sees every other broken formula of a shape, of weights and of work', async () => {
    const survivors: string[] = [];
    const mutants = FILES.flatMap(([file, of, roots]) => {
      const name = of !== undefined && NAMES.includes(of) ? of : undefined;
      const source = readFileSync(join(ROOT, file), 'utf8');
      return formulaMutants(source, roots).map((mutant) => ({ ...mutant, file, source, of: name }));
    });
    const unseen = Object.values(UNSEEN).flat();
    const stale = new Set(unseen);
    let [seen, next] = [0, 0];
    const judgeAll = async (): Promise<void> => {
      for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
        const { file, line, change, text, of } = mutant;
        if (!holds(await verdictsWith(file, text, of))) {
          seen++;
          continue;
        }
        const reasons = unseen.filter((one) => isUnseen(mutant, one));
        for (const one of reasons) stale.delete(one);
        if (reasons.length === 0) survivors.push(`${file}:${line} ${change}`);
      }
    };
    // One is compiled while another runs.
    await Promise.all([judgeAll(), judgeAll()]);
    const all = mutants.length;
    console.log(`${seen} of ${all} broken formulas are seen`);
    expect(all).toBeGreaterThan(300);
    expect(survivors.sort()).toEqual([]);
    expect([...stale]).toEqual([]);
  });
});
