import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const fuzzer = fileURLToPath(new URL('../bench/fuzz-onnx.js', import.meta.url));

it('mutated and truncated ONNX files are counted or told as problems, in bounded time and memory', () => {
  const { status, stdout } = spawnSync(process.execPath, [fuzzer, '30'], { encoding: 'utf8' });
  expect(stdout).toContain('no crash, no hang');
  expect(status, stdout).toBe(0);
});
