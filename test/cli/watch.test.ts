import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DONE } from '../../src/cli/io.ts';
import { processIo } from '../../src/cli/process-io.ts';
import { run } from '../../src/cli/program.ts';
import { watch } from '../../src/cli/watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'flopwise-watch-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line under watch until it has been run so often; `before` comes before each turn but the first. */
async function runs(argv: readonly string[], most: number, before: (turn: number) => void) {
  const said: string[] = [];
  let turn = 0;
  const columns = { stdout: undefined, stderr: undefined };
  const io = {
    ...processIo(),
    columns,
    print: (text: string) => void said.push(text),
    stdout: (text: string) => void said.push(text),
    stderr(text: string) {
      said.push(text);
      if (text.startsWith('Watching') && turn < most) setTimeout(() => before(turn), 100);
    },
  };
  await watch(
    argv,
    (given, world) => {
      turn++;
      // A world that reads nothing is not watched on.
      return turn > most ? Promise.resolve(DONE) : run(given, world);
    },
    io,
  );
  return said;
}

describe('--watch', () => {
  it('counts again what a spec says when it, or a file of blocks that it uses, is changed', async () => {
    const [spec, blocks] = [join(folder, 'net.yaml'), join(folder, 'blocks.yaml')];
    writeFileSync(spec, 'use: blocks.yaml\ninput: [3, 8, 8]\nlayers: [unit]\n');
    writeFileSync(blocks, 'blocks:\n  unit:\n    layers: [conv: { kernel: 3, out: 4 }]\n');
    const said = await runs([spec, '--format', 'csv', '--by', 'stage'], 3, (turn) => {
      if (turn === 1) writeFileSync(blocks, 'blocks:\n  unit:\n    layers: [conv: { kernel: 3, out: 40, padding: 1 }]\n');
      if (turn === 2) rmSync(blocks);
    });
    const text = said.join('');
    expect(text).toContain(`Watching ${spec}, ${blocks}. Ctrl-C ends.`);
    // 3·3·3·4·6·6, then 3·3·3·40·8·8, then a file that is gone.
    expect(text).toMatch(/3888[\s\S]*69120[\s\S]*FILE_NOT_FOUND/);
  });

  it('ends where there is no file to wait for', async () => {
    expect((await runs(['resnet18', '--format', 'csv'], 1, () => undefined)).join('')).toContain('1814073344');
  });
});
