import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
import type { verdicts as judged, Verdict } from '../execute/judge.ts';

// A prediction that is wrong must be seen by `verify` itself: each formula of a shape or of weights is broken in turn, and all
// layers are verified with it.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JUDGE = join(ROOT, 'test/execute/judge.ts');
const folder = mkdtempSync(join(tmpdir(), 'flopwise-mutants-'));

afterAll(() => rmSync(folder, { recursive: true }));

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The verdicts on all layers, with the text of one file replaced. */
async function verdictsWith(mutant: Mutant | undefined): Promise<ReturnType<typeof judged>> {
  const bundle = await rolldown({
    input: JUDGE,
    platform: 'node',
    logLevel: 'silent',
    plugins: [{ name: 'mutant', load: (id) => (mutant !== undefined && id === join(ROOT, mutant.file) ? mutant.text : null) }],
  });
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  await bundle.write({ file });
  await bundle.close();
  const { verdicts } = (await import(pathToFileURL(file).href)) as { readonly verdicts: typeof judged };
  return verdicts();
}

/** A mutant for each place where a pattern is found. */
function mutantsOf(file: string, patterns: readonly (readonly [RegExp, string])[]): Mutant[] {
  const text = textOf(file);
  return patterns.flatMap(([pattern, replacement]) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => {
      const [before, rest] = [text.slice(0, match.index), text.slice(match.index)];
      return { file, line: before.split('\n').length, text: before + rest.replace(pattern, replacement) };
    }),
  );
}

/** Twice as many elements of a weight, along its first axis. */
const WEIGHTS: readonly (readonly [RegExp, string])[] = [
  [/\b(learned|held|lookedUp)\(\[(?!shared)/, '$1([2 * '],
  [/learned\(\[shared \? 1/, 'learned([shared ? 2'],
  [/\b(learned|held|lookedUp)\(((?:geometry\(a, x\)\.)?[a-z]\w*(?:\(a, x\))?)(?=[,)])/, '$1([2 * $2[0], ...$2.slice(1)]'],
];

/** Along the last axis as well: kernels for all channels in place of those of a group, features that there are not. */
const LAST: readonly (readonly [RegExp, string])[] = [
  [/return \[a\.out, channelsPerGroup,/, 'return [a.out, 3 * channelsPerGroup,'],
  [/learned\(\[([^\]]*?), (channelsPerGroup|outPerGroup|features|a\.hidden|from)\b/, 'learned([$1, 3 * $2'],
];

const WINDOW: readonly (readonly [RegExp, string])[] = [
  [/Math\.floor\(room \/ stride\) \+ 1/, 'Math.floor(room / stride) + 2'],
  [/Math\.floor\(room \/ stride\) \+ 1/, 'Math.ceil(room / stride) + 1'],
  [/const out = hangsOver \? fitting \+ 1 : fitting;/, 'const out = fitting;'],
  [/a\.ceil && room % stride !== 0 && /, 'room % stride !== 0 && '],
  [/ && fitting \* stride < size \+ before/, ''],
  [
    /padding === 'same' \? \[less, total - less\] : \[total - less, less\]/,
    "padding === 'same' ? [total - less, less] : [less, total - less]",
  ],
  [/Math\.ceil\(size \/ stride\) - 1/, 'Math.ceil(size / stride)'],
  [/dilation \* \(kernel - 1\) \+ 1/, 'dilation * kernel'],
  [/\? \[value, value\] : value/, '? [value, value] : [value[1], value[0]]'],
  [/size \+ before \+ after - span/, 'size + 2 * before - span'],
  [/size \+ before \+ after - span/, 'size + before + after - Math.min(span, 3)'],
];

const TRANSPOSED: readonly (readonly [RegExp, string])[] = [
  [/\(size - 1\) \* stride \+ span \+ extra - before - after/, '(size - 1) * stride + span + extra + 1 - before - after'],
  [/\(size - 1\) \* stride \+ span \+ extra - before - after/, '(size - 1) * stride + span - before - after'],
  [/\(size - 1\) \* stride \+ span \+ extra - before - after/, 'size * stride + span + extra - before - after'],
  [/\(size - 1\) \* stride \+ span \+ extra - before - after/, '(size - 1) * stride + span + extra - 2 * before'],
  [/outPerGroup: a\.out \/ a\.groups/, 'outPerGroup: a.out'],
];

const GROUPS: readonly (readonly [RegExp, string])[] = [[/channelsPerGroup: channels \/ a\.groups/, 'channelsPerGroup: channels']];

/** Of tables of positions some rows may stay unread; and what flopwise does not know has no kernel. How many there are is not proven. */
const UNPROVEN = new Set(['positions', 'relativebias', 'unknown'].map((name) => `src/operators/${name}.ts`));

const files = ['src/operators', 'src/operators/kit'].flatMap((path) =>
  readdirSync(join(ROOT, path))
    .filter((name) => name.endsWith('.ts') && name !== 'operator.ts')
    .map((name) => `${path}/${name}`),
);

const mutants = [
  ...mutantsOf('src/operators/kit/window.ts', WINDOW),
  ...mutantsOf('src/operators/convtranspose.ts', TRANSPOSED),
  ...mutantsOf('src/operators/conv.ts', GROUPS),
  ...files.filter((file) => !UNPROVEN.has(file)).flatMap((file) => mutantsOf(file, [...WEIGHTS, ...LAST])),
];

const said = (verdicts: ReturnType<typeof judged>, verdict: Verdict): number => verdicts.filter((one) => one.verdict === verdict).length;

describe('verify', { timeout: 600_000 }, () => {
  it('says that every layer holds as it is', async () => {
    expect((await verdictsWith(undefined)).filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  });

  it('says that some layer does not hold, whichever formula is broken', async () => {
    expect(mutants.length).toBeGreaterThan(40);
    const survivors: string[] = [];
    let seen = 0;
    for (const mutant of mutants) {
      const verdicts = await verdictsWith(mutant);
      if (said(verdicts, 'does not hold') > 0) seen++;
      else survivors.push(`${mutant.file}:${mutant.line}`);
    }
    console.log(`${seen} of ${mutants.length} broken formulas are seen`);
    expect(survivors).toEqual([]);
  });
});
