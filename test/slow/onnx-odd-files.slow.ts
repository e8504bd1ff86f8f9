import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';

/** Thousands of small ONNX files, right and nearly right: what onnxruntime runs is counted, with its shapes; what it refuses is not, in silence. */

const SCRIPT = fileURLToPath(new URL('../onnx/odd-files-run.ts', import.meta.url));
const MADE = fileURLToPath(new URL('../../dist/build/odd-files-run.js', import.meta.url));

const FIRST = 1;
const COUNT = 12_000;

beforeAll(async () => {
  const bundle = await rolldown({ input: SCRIPT, platform: 'node', external: ['onnxruntime-node'], logLevel: 'warn' });
  await bundle.write({ file: MADE, format: 'esm' });
});

describe('odd files', () => {
  it('are counted where onnxruntime runs them, and told of where it refuses them', () => {
    const differences: string[] = [];
    let crashes = 0;
    let last = FIRST + COUNT;
    for (let seed = FIRST; seed < FIRST + COUNT; seed = last + 1) {
      const { stdout, status } = spawnSync(process.execPath, [MADE, String(seed), String(FIRST + COUNT)], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      const lines = stdout.trim().split('\n');
      differences.push(...lines.filter((line) => line.includes(':')));
      last = Number(lines.findLast((line) => /^\d+$/.test(line)));
      // onnxruntime takes the process with it for some files: those say nothing.
      if (status !== 0) crashes++;
    }
    expect(differences).toEqual([]);
    expect(crashes).toBeLessThan(COUNT / 50);
    expect(last).toBe(FIRST + COUNT - 1);
  });
});
