import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STARTER } from '../../src/cli/commands/init.ts';
import { COMMANDS } from '../../src/cli/commands/registry.ts';
import { EXAMPLES, PROGRAM_EXAMPLES } from '../../src/cli/examples.ts';
import { flopwise } from './helpers.ts';

/** The folder that examples are run in: a spec of one's own, and a configuration that lists it. */
const files = {
  'my.yaml': STARTER,
  'flopwise.config.yaml': 'models: [my.yaml]\nbudget: { macs: <= 1G }\n',
};
const revisions = { 'origin/main': files, main: files };

/** Those that wait for requests, which test/cli/mcp.test.ts sends. */
const WAITING: ReadonlySet<string> = new Set(['mcp']);

/** Words of a line, as a shell has them. */
const wordsOf = (line: string): string[] => [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(1);

const all = Object.entries({ '': PROGRAM_EXAMPLES, ...EXAMPLES }).flatMap(([command, examples]) =>
  WAITING.has(command) ? [] : examples.map(([call]) => [call, command] as const),
);

describe('examples of the help', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-examples-'));
  const weights = join(folder, 'model.safetensors');

  beforeAll(() => {
    const header = JSON.stringify({ 'layer.weight': { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
    const bytes = Buffer.alloc(8 + header.length + 8);
    bytes.writeBigUInt64LE(BigInt(header.length));
    bytes.write(header, 8);
    writeFileSync(weights, bytes);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(all)('%s', { timeout: 60_000 }, async (call) => {
    const argv = wordsOf(call).map((word) => (word === 'model.safetensors' ? weights : word));
    const isInit = argv[0] === 'init';
    const { code, out, err, written, bytes } = await flopwise(argv, { files: isInit ? {} : files, revisions });
    expect({ code, err: err.replace(/^Wrote .*\n/, '') }).toEqual({ code: 0, err: argv[0] === 'convert' ? expect.any(String) : '' });
    expect(out.length + Object.keys({ ...written, ...bytes }).length).toBeGreaterThan(0);
  });

  it('are calls of the command that shows them', () => {
    for (const [call, command] of all)
      if (command !== 'table' && command !== '') expect(call).toMatch(new RegExp(`^flopwise ${command}\\b`));
  });

  it.each([...COMMANDS.keys(), 'help'])('are in the help of %s, which fits 60 columns', async (command) => {
    for (const columns of [60, 80, 100]) {
      const { out } = await flopwise([command, '--help'], { columns });
      expect(out).toContain('\nExamples:\n  flopwise ');
      expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    }
  });
});
