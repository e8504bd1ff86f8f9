import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const fuzzer = fileURLToPath(new URL('../bench/fuzz-onnx.js', import.meta.url));

const program = fileURLToPath(new URL('../../bin/flopwise.cjs', import.meta.url));
const hook = fileURLToPath(new URL('../bench/loaded-modules.cjs', import.meta.url));

it('nothing that reads ONNX is loaded for a spec', () => {
  const { output, status } = spawnSync(process.execPath, ['--require', hook, program, 'resnet18'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  expect(status).toBe(0);
  expect(output[3]).toContain('main.cjs');
  expect(output[3]).not.toMatch(/onnx[^/]*\.cjs/);
});

it('mutated and truncated ONNX files are counted or told as problems, in bounded time and memory', () => {
  const { status, stdout } = spawnSync(process.execPath, [fuzzer, '30'], { encoding: 'utf8' });
  expect(stdout).toContain('no crash, no hang');
  expect(status, stdout).toBe(0);
});
