import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { withoutColours } from '../report/helpers.ts';
import { nodes } from './nodes.ts';

const program = fileURLToPath(new URL('../../bin/flopwise.js', import.meta.url));
const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
const isPosix = process.platform !== 'win32';

/** Whether the command `script` can give a program a terminal, as on Linux. */
const hasScript = isPosix && spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

describe.each(nodes)('on $name', ({ node }) => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-cli-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the built program as a shell would. */
  function flopwise(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { status, signal, stdout, stderr } = spawnSync(node, [program, ...argv], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...rest, ...env },
    });
    return { status, signal, stdout, stderr };
  }

  const shell = (command: string): string => execFileSync('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, encoding: 'utf8' });

  it('mcp answers over the standard streams, and ends with its input', async () => {
    const request = (id: number, method: string, params: object) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
    const about = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    const lines = [
      request(1, 'initialize', about),
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
      request(2, 'tools/call', { name: 'count', arguments: { model: 'resnet18' } }),
    ];
    const server = spawn(node, [program, 'mcp'], { cwd: folder, env: rest, stdio: ['pipe', 'pipe', 'inherit'] });
    server.stdin.write(`${lines.join('\n')}\n`);
    let said = '';
    for await (const text of server.stdout.setEncoding('utf8')) {
      said += text;
      if (said.split('\n').length > 2) server.stdin.end();
    }
    expect(said).toContain('11,689,512');
    if (server.exitCode === null) await once(server, 'exit');
    expect(server.exitCode).toBe(0);
  });

  /** Each command, on small things. */
  const CALLS = [
    'resnet18 --by stage',
    'table basic --formula --memory --receptive-field --padding',
    'compare basic bottleneck',
    'compare basic:d=? bottleneck:d=? --format html',
    'explain resnet18',
    'verify basic',
    'verify basic bottleneck --workers 2',
    'verify basic --kernels reference',
    'check basic --max-macs 1T',
    'conventions',
    'convert net.yaml --to bottleneck',
    'export basic --output net.onnx',
    'net.onnx --strict',
    'check net.onnx --max-macs 1T',
    'export basic --to spec',
    'solve basic --param d --macs >=1M',
    'list resnet --sort macs',
    'schema',
    'help',
    'help verify',
  ];

  describe('the program', () => {
    it('runs each of its commands', () => {
      expect(flopwise(['init', 'net.yaml']).status).toBe(0);
      for (const call of CALLS) {
        const { status, stdout, stderr } = flopwise(call.split(' '));
        expect({ call, status, stderr: call.startsWith('convert') ? '' : stderr }).toEqual({ call, status: 0, stderr: '' });
        expect(stdout, call).not.toBe('');
      }
      rmSync(join(folder, 'net.yaml'));
    });

    it('prints its version', () => {
      expect(flopwise(['--version'])).toEqual({ status: 0, signal: null, stdout: `${pkg.version}\n`, stderr: '' });
      expect(flopwise(['-V']).stdout).toBe(`${pkg.version}\n`);
    });

    it('puts results on stdout and problems on stderr, with 0 and 2', () => {
      const done = flopwise(['resnet18', '--by', 'stage']);
      expect(done).toMatchObject({ status: 0, stderr: '' });
      expect(done.stdout).toContain('1.81 GMAC');
      const failed = flopwise(['resnet19']);
      expect(failed).toMatchObject({ status: 2, stdout: '' });
      expect(failed.stderr).toBe('flopwise  UNKNOWN_MODEL\n   There is no model or block "resnet19". Did you mean "resnet18"?\n');
    });

    it('is coloured as NO_COLOR and FORCE_COLOR say', () => {
      const argv = ['list', 'resnet18'];
      const plain = flopwise(argv).stdout;
      expect(plain).not.toContain('\u001b');
      expect(flopwise(argv, { FORCE_COLOR: '0' }).stdout).toBe(plain);
      expect(flopwise(argv, { FORCE_COLOR: '1' }).stdout).toContain('\u001b[1m');
      expect(flopwise(argv, { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout).toBe(plain);
      expect(flopwise(['resnet19'], { FORCE_COLOR: '1' }).stderr).toContain('\u001b[31m');
    });
  });

  describe.runIf(isPosix)('a reader', () => {
    it('that stops early ends it in silence', () => {
      expect(shell(`"${node}" "${program}" resnet152 --format json 2>&1 | head -1`)).toBe('{\n');
      expect(shell(`"${node}" "${program}" list 2>&1 | head -1`)).toBe('image classification\n');
    });

    it('that stops before it starts ends it in silence too', async () => {
      const child = spawn(node, [program, 'resnet152', '--format', 'json'], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
      });
      const code = await new Promise((done) => child.on('close', done));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    });

    it('that is slow gets all of it, though the pipe takes no more for a while', async () => {
      const argv = ['densenet201', '--format', 'json'];
      const path = join(folder, 'slow-reader');
      const server = createServer();
      await new Promise<void>((done) => server.listen(path, done));
      const reader = connect(path);
      const [writer] = (await once(server, 'connection')) as [Socket];
      const child = spawn(node, [program, ...argv], { stdio: ['ignore', writer, 'inherit'] });
      // To open it makes it one that does not block, for the child too: a write that finds it full is refused.
      const { fd } = (writer as unknown as { readonly _handle: { readonly fd: number } })._handle;
      const sameWriter = new Socket({ fd, readable: false });
      reader.pause();
      const ended = once(child, 'close');
      await new Promise((done) => setTimeout(done, 1000));
      const text = reader.setEncoding('utf8').toArray();
      const [code] = await ended;
      sameWriter.end();
      writer.unref();
      server.close();
      expect({ code, stdout: (await text).join('') }).toEqual({ code: 0, stdout: flopwise(argv).stdout });
    });

    it.runIf(existsSync('/dev/full'))('that is full is told of, without a stack trace', () => {
      const { status, stderr } = spawnSync('bash', ['-c', `"${node}" "${program}" resnet18 > /dev/full`], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: 'flopwise  FILE_UNWRITABLE\n   The output cannot be written: the disk is full.\n',
      });
    });
  });

  describe.runIf(hasScript)('a terminal', () => {
    const inTerminal = (columns: number, argv: string): string =>
      execFileSync('script', ['-qec', `stty cols ${columns}; "${node}" "${program}" ${argv}`, '/dev/null'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...rest, TERM: 'xterm' },
      });

    it.each([60, 80, 120])('of %i columns is filled and not exceeded', (columns) => {
      for (const argv of ['resnet50', 'compare resnet18 resnet50 vit_b_16', 'list', 'list --exact']) {
        const text = inTerminal(columns, argv);
        expect(text).toContain('\u001b[1m');
        const widths = withoutColours(text.replaceAll('\r', ''))
          .split('\n')
          .map((line) => line.length);
        expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
        expect(Math.max(...widths)).toBeGreaterThan(columns / 2);
      }
    });

    it('has the sentences of problems broken at blanks', () => {
      expect(inTerminal(40, 'resnet18 --nonsense 2>&1 || true').replaceAll('\r', '')).toContain(
        '\n   There is no option "--nonsense" here.\n   The options:',
      );
    });
  });

  describe('--output', () => {
    const path = (name: string) => join(folder, name);

    it('replaces a file as a whole, and leaves nothing else behind', () => {
      mkdirSync(path('out'));
      writeFileSync(path('out/a.csv'), 'old', { mode: 0o640 });
      expect(flopwise(['resnet18', '--format', 'csv', '--output', 'out/a.csv'])).toEqual({
        status: 0,
        signal: null,
        stdout: '',
        stderr: 'Wrote out/a.csv.\n',
      });
      expect(readFileSync(path('out/a.csv'), 'utf8')).toBe(flopwise(['resnet18', '--format', 'csv']).stdout);
      expect(readdirSync(path('out'))).toEqual(['a.csv']);
      if (isPosix) expect(statSync(path('out/a.csv')).mode & 0o777).toBe(0o640);
    });

    it.runIf(isPosix)('writes where a link leads', () => {
      writeFileSync(path('real.json'), 'old');
      symlinkSync('real.json', path('link.json'));
      expect(flopwise(['resnet18', '--format', 'json', '--output', 'link.json']).status).toBe(0);
      expect(lstatSync(path('link.json')).isSymbolicLink()).toBe(true);
      expect(JSON.parse(readFileSync(path('real.json'), 'utf8')).model.name).toBe('resnet18');
    });

    it.runIf(isPosix)('writes to a device or a pipe, and does not replace it', () => {
      expect(flopwise(['resnet18', '--output', '/dev/null']).status).toBe(0);
      expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
      expect(shell(`"${node}" "${program}" resnet18 --top 1 --output /dev/stdout | head -1`)).toMatch(/^resnet18 /);
    });

    it.each([
      ['missing/a.txt', 'there is no such folder'],
      ['here', 'it is a folder'],
      ['file/a.txt', 'its folder is a file'],
      [`${'x'.repeat(300)}`, 'its name is too long'],
    ])('to %.20s is told', (name, reason) => {
      mkdirSync(path('here'), { recursive: true });
      writeFileSync(path('file'), '');
      const before = readdirSync(folder);
      const { status, stdout, stderr } = flopwise(['resnet18', '--output', name]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(`FILE_UNWRITABLE\n   ${name} cannot be written: ${reason}. `);
      expect(readdirSync(folder)).toEqual(before);
    });

    it('writes nothing where the model is wrong', () => {
      expect(flopwise(['resnet19', '--output', 'never.txt']).status).toBe(2);
      expect(existsSync(path('never.txt'))).toBe(false);
    });
  });

  describe('init', () => {
    it('writes a spec that can be counted, and never over another file', () => {
      expect(flopwise(['init', 'net.yaml']).stdout).toBe('Wrote net.yaml. Next: flopwise net.yaml\n');
      expect(flopwise(['net.yaml'])).toMatchObject({ status: 0, stderr: '' });
      writeFileSync(join(folder, 'net.yaml'), 'mine');
      expect(flopwise(['init', 'net.yaml'])).toMatchObject({ status: 2, stderr: expect.stringContaining('FILE_EXISTS') });
      expect(readFileSync(join(folder, 'net.yaml'), 'utf8')).toBe('mine');
      expect(flopwise(['init', 'net.yaml', '--force']).status).toBe(0);
      expect(readFileSync(join(folder, 'net.yaml'), 'utf8')).toContain('stages:');
    });
  });

  describe('bad input', () => {
    const files: Readonly<Record<string, string | Buffer>> = {
      'empty.yaml': '',
      'binary.yaml': Buffer.from([0, 1, 2, 255, 254]),
      'latin1.yaml': Buffer.from('name: caf\xe9\n', 'latin1'),
      'broken.yaml': 'name: [\n  {',
      'number.yaml': '3',
      'list.json': '[1, 2]',
      'broken.json': '{"name": ',
      'deep.yaml': '['.repeat(5000),
      'bomb.yaml': `a: &a [x]\n${Array.from('bcdefghijk', (name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}]`).join('\n')}\n`,
      'controls.yaml': 'input: [3]\nlayers:\n  - "\\e[31m\\u202e": 3\n',
      'huge.yaml': 'input: [3, 8, 8]\nlayers:\n  - relu\n    repeat: 1000000000\n'.replace('- relu\n    repeat', '- relu: {}\n    repeat'),
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    mkdirSync(join(folder, 'folder.yaml'));

    it.each([
      ...Object.keys(files),
      'folder.yaml',
      'missing.yaml',
      '/dev/null.yaml',
      'empty.yaml/a.yaml',
      'empty.yaml#x',
      `${'x'.repeat(5000)}.yaml`,
    ])('%.30s ends with 2, a code and a sentence, no stack trace', (name) => {
      const { status, signal, stdout, stderr } = flopwise([name]);
      expect({ status, signal, stdout }).toEqual({ status: 2, signal: null, stdout: '' });
      expect(stderr).toMatch(/ {2}[A-Z_]{3,}(?: {2}\(.*\))?\n/);
      expect(stderr).not.toMatch(/^ +at .*[:)]\d*/m);
      expect(stderr).not.toContain('node:');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach a terminal
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    });
  });
});
