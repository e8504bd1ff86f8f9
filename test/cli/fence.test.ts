import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from '../../src/cli/lock.ts';
import { placeOf, removeStale } from '../../src/cli/place.ts';
import { replaceFile } from '../../src/cli/replace.ts';
import { harmless, shielded } from '../../src/cli/shield.ts';
import { writeFiles } from '../../src/cli/write-files.ts';
import { diskWorkspace } from '../../src/node/workspace.ts';
import { withoutControls } from '../../src/problems/text.ts';
import { flopwise } from './helpers.ts';

/** What a checkout of a stranger may bring, and what must not come of it. */

const base = realpathSync(mkdtempSync(join(tmpdir(), 'flopwise-fence-')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let folder = '';
let checkout = '';
beforeEach(() => {
  folder = mkdtempSync(join(base, 'case-'));
  checkout = join(folder, 'checkout');
  mkdirSync(checkout);
  writeFileSync(join(folder, 'secret.json'), '{ "auths": "s3cret" }');
});

/** Runs in the checkout. */
function within<T>(run: () => T): T {
  const before = process.cwd();
  process.chdir(checkout);
  try {
    return run();
  } finally {
    process.chdir(before);
  }
}

const makePipe = (path: string): void => void spawnSync('bash', ['-c', `mkfifo '${path}'`]);

const MOST = 2 ** 20;

describe.runIf(process.platform !== 'win32')('what a check reads', () => {
  const read = (path: string) => diskWorkspace(checkout).read(path, MOST);

  it('is a regular file of the folder, of a size', () => {
    writeFileSync(join(checkout, 'a.yaml'), 'models: []');
    expect(read('a.yaml')).toBe('models: []');
    expect(read('none.yaml')).toBeUndefined();
    expect(() => diskWorkspace(checkout).read('a.yaml', 3)).toThrow('may have');
    mkdirSync(join(checkout, 'b.yaml'));
    expect(() => read('b.yaml')).toThrow('is a folder');
    symlinkSync('/dev/zero', join(checkout, 'zero.yaml'));
    expect(() => read('zero.yaml')).toThrow('leads out');
    makePipe(join(checkout, 'pipe.yaml'));
    expect(() => read('pipe.yaml')).toThrow('a device or a pipe');
  });

  it('is reached by no link that leads out, nor by one to another kind of file', () => {
    symlinkSync('../secret.json', join(checkout, 'a.yaml'));
    symlinkSync('..', join(checkout, 'up'));
    mkdirSync(join(checkout, '.git'));
    writeFileSync(join(checkout, '.git/config'), 'url = https://token@example.org');
    symlinkSync('.git/config', join(checkout, 'flopwise.config.yaml'));
    for (const path of ['a.yaml', 'up/secret.json', 'flopwise.config.yaml']) {
      expect(() => read(path)).toThrow(/leads out|is no spec/);
      expect(() => read(path)).not.toThrow(/s3cret|token/);
    }
  });

  it('may be named outside by a person only', () => {
    const { refuseOutside } = diskWorkspace(checkout);
    expect(() => refuseOutside('../secret.json', true)).not.toThrow();
    expect(() => refuseOutside('../secret.json', false)).toThrow('leads out');
    expect(() => refuseOutside('a/../../secret.json', false)).toThrow('leads out');
    expect(() => refuseOutside('a.yaml', false)).not.toThrow();
  });

  it.each([
    ['models', '{ "models": ["../secret.json"] }'],
    ['patterns of models', '{ "models": ["../*.json"] }'],
    ['a baseline', '{ "models": ["a.yaml"], "baseline": "../secret.json" }'],
    ['a convention', '{ "models": ["a.yaml"], "budget": { "conventions": { "../secret.json": 1 } } }'],
  ])('is not %s outside that a configuration names', async (_, config) => {
    const files = { 'flopwise.config.json': config, 'a.yaml': 'input: [3]\nlayers: [relu]\n', '../secret.json': '{ "auths": "s3cret" }' };
    const { code, err, out } = await flopwise(['check'], { files });
    expect(code).toBe(2);
    expect(err).toContain('OUTSIDE_CHECK');
    expect(out + err).not.toMatch(/auths|s3cret/);
  });
});

describe('what is shown of a file that is none of ours', () => {
  it.each([
    ['config.json', '{ "auths": { "x": { "auth": "hunter2" } } }'],
    ['compact.yaml', '{ apiVersion: v1, data: { password: hunter2 } }'],
    ['broken.yaml', 'password: hunter2\n bad: ['],
    ['twice.yaml', 'password: hunter2\npassword: hunter2'],
    ['list.yaml', '[hunter2, hunter2]'],
    ['text.yaml', 'hunter2'],
    ['tag.yaml', 'password: !!set hunter2'],
    ['.gitlab-ci.yml', 'stages: [build]\nTOKEN: hunter2\nbuild: { rules: [hunter2] }\ndeploy: { script: hunter2 }\n'],
  ])('is its place, and no line: %s', async (name, text) => {
    const files = { [name]: text, 'flopwise.config.yaml': `models: [${name}]\n`, 'ok.yaml': 'input: [3]\nlayers: [relu]\n' };
    for (const argv of [['check'], [name], ['compare', 'ok.yaml', name], ['ok.yaml', '--convention', name], ['check', '--config', name]]) {
      const { code, out, err } = await flopwise(argv, { files });
      expect({ argv, code }).toEqual({ argv, code: 2 });
      expect(err).toContain(name);
      expect(out + err).not.toContain('hunter2');
    }
  });

  it.each([
    ['layers: [rellu]', 'layers: [rellu]'],
    ['{ "input": [3], "layers": ["rellu"] }', '"rellu"'],
    ['  layers: [\n', 'layers: ['],
    ['inptu: [3]\nlayers: [relu]', 'inptu: [3]'],
    ['name: a\nsource: b\ninput: [3]\nnet: [relu]', 'net: [relu]'],
  ])('is the line of a spec with a mistake: %s', async (text, shown) => {
    expect((await flopwise(['a.yaml'], { files: { 'a.yaml': text } })).err).toContain(shown);
  });
});

describe.runIf(process.platform !== 'win32')('what is written', () => {
  it('leaves what a link of the checkout leads to as it is', () => {
    symlinkSync('../secret.json', join(checkout, 'report.md'));
    symlinkSync('..', join(checkout, 'up'));
    within(() => {
      writeFiles(new Map([['report.md', 'mine']]));
      expect(() => writeFiles(new Map([['up/new.md', 'mine']]))).toThrow('leads out');
    });
    expect(readFileSync(join(folder, 'secret.json'), 'utf8')).toContain('s3cret');
    expect(readFileSync(join(checkout, 'report.md'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'new.md'))).toBe(false);
  });

  it('follows links within the folder, and out of it where a person names the place', () => {
    writeFileSync(join(checkout, 'a.md'), 'old');
    symlinkSync('a.md', join(checkout, 'b.md'));
    within(() => writeFiles(new Map([['b.md', 'new']])));
    expect(readFileSync(join(checkout, 'a.md'), 'utf8')).toBe('new');
    within(() => writeFiles(new Map([['../out.md', 'new']])));
    expect(readFileSync(join(folder, 'out.md'), 'utf8')).toBe('new');
  });

  it('does not wait for a pipe that nobody reads', () => {
    makePipe(join(checkout, 'pipe'));
    within(() => expect(() => placeOf('pipe')).toThrow('ENXIO'));
  });

  it('is removed first, a link and not where it leads', () => {
    symlinkSync('../secret.json', join(checkout, 'a'));
    writeFileSync(join(checkout, 'b'), '');
    within(() => ['a', 'b', 'none'].map(removeStale));
    expect([existsSync(join(checkout, 'a')), existsSync(join(checkout, 'b')), existsSync(join(folder, 'secret.json'))]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('is all or nothing where the disk is full', () => {
    const path = join(checkout, 'net.onnx');
    function* chunks() {
      yield Uint8Array.of(1, 2, 3);
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    }
    expect(() => replaceFile(path, chunks())).toThrow('no space left');
    expect(readdirSync(checkout)).toEqual([]);
    writeFileSync(path, 'old');
    expect(() => replaceFile(path, chunks())).toThrow('no space left');
    expect(readdirSync(checkout)).toEqual(['net.onnx']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('by one at a time, which ends with its run', () => {
    const path = join(checkout, 'b.json');
    expect(exclusively(path, () => existsSync(`${path}.lock`))).toBe(true);
    expect(existsSync(`${path}.lock`)).toBe(false);
    expect(() =>
      exclusively(path, () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});

describe('text of strangers', () => {
  it('has nothing that a terminal or a runner obeys', () => {
    expect(withoutControls('a\u001b[31m\n\u202eb\tc')).toBe('a\ufffd[31m\ufffd\ufffdb c');
    expect(withoutControls('x ##[add-mask]y ##vso[task.x]')).toBe('x #\ufffd[add-mask]y #\ufffdvso[task.x]');
    expect(withoutControls('## heading')).toBe('## heading');
  });

  it('begins no line with "::", and is wrapped where a runner of GitHub reads it', () => {
    expect(harmless('::error::x\n  ::warning::y\na::b')).toBe('\ufffd:error::x\n  \ufffd:warning::y\na::b');
    const [begin = '', text, end] = shielded('::error::x').split('\n');
    expect(begin).toMatch(/^::stop-commands::[0-9a-f-]{36}$/);
    expect(text).toBe('\ufffd:error::x');
    expect(end).toBe(`::${begin.slice('::stop-commands::'.length)}::`);
  });

  it('is cleaned in baselines', async () => {
    const net = 'name: net\ninput: [3]\nlayers: [relu]\n';
    const { written } = await flopwise(['check', 'a.yaml', '--baseline', 'b.json', '--update'], { files: { 'a.yaml': net } });
    const text = (written['b.json'] as string).replace('"net"', '"\\u001b[31m\\n::error::x"');
    const { createHash } = await import('node:crypto');
    const models = text.slice(text.indexOf('"models": ') + '"models": '.length, -3);
    const forged = text.replace(/sha256:[0-9a-f]+/, `sha256:${createHash('sha256').update(models).digest('hex')}`);
    const config = 'models: ["*.yaml"]\nbaseline: b.json\n';
    const files = { 'c.yaml': net, 'flopwise.config.yaml': config, 'b.json': forged };
    const { out, err } = await flopwise(['check'], { files });
    expect(err).toBe('');
    expect(out).toContain('\ufffd[31m\ufffd::error::x (a.yaml) · removed');
    expect(out).not.toContain('\u001b');
  });
});

describe('the gate', () => {
  const net = (out: number, name = 'net'): string => `name: ${name}\ninput: [3, 8, 8]\nlayers: [conv: { kernel: 1, out: ${out} }]\n`;
  const check = (files: Readonly<Record<string, string>>, then: Readonly<Record<string, string>>, ...argv: string[]) =>
    flopwise(['check', '--against', 'git:main', ...argv], {
      files: { 'flopwise.config.yaml': "models: ['*.yaml']\n", ...files },
      revisions: { main: then },
    });

  it.each([
    ['is the same', { 'a.yaml': net(4000) }],
    ['has another name', { 'a.yaml': net(4000, 'other') }],
    ['is in another file', { 'b.yaml': net(4000) }],
    ['has another name in another file', { 'b.yaml': net(4000, 'other') }],
  ])('refuses growth of a model that %s', async (_, files) => {
    const then = { 'a.yaml': net(4) };
    expect((await check(files, then, '--growth', 'refuse')).code).toBe(1);
    expect((await check(files, then)).code).toBe(0);
  });

  it('lets models be new, and shrink under another name', async () => {
    const then = { 'a.yaml': net(4) };
    expect((await check({ 'a.yaml': net(4), 'b.yaml': net(4000, 'b') }, then, '--growth', 'refuse')).code).toBe(0);
    expect((await check({ 'a.yaml': net(3, 'other') }, then, '--growth', 'refuse')).code).toBe(0);
  });

  it('takes what a pattern found for a file, whatever its signs', async () => {
    const files = { 'a#b.yaml': net(4), 'c:d=1.yaml': net(4, 'c'), 'flopwise.config.yaml': "models: ['*.yaml']\nbudget: { macs: 1M }\n" };
    const { code, out } = await flopwise(['check'], { files });
    expect({ code }).toEqual({ code: 0 });
    expect(out).toContain('a#b.yaml');
  });

  it('tells at most so many problems', async () => {
    const budgets = Array.from({ length: 400 }, (_, i) => `  'none${i}': { macs: 1 }`).join('\n');
    const files = { 'a.yaml': net(4), 'flopwise.config.yaml': `models: [a.yaml]\nbudgets:\n${budgets}\n` };
    const { code, err } = await flopwise(['check'], { files });
    expect(code).toBe(2);
    expect(err).toContain('There are more than 200 problems');
    expect(err.length).toBeLessThan(100_000);
  });

  it('ends where the variants of a file come to too much together', async () => {
    const variants = Array.from({ length: 200 }, (_, i) => `v${i}: { a: ${i} }`).join(', ');
    const text = `input: [3]\nwith: { a: 1 }\nlayers: [{ relu: {}, repeat: 19999 }]\nvariants: { ${variants} }\n`;
    const { code, err } = await flopwise(['check', 'a.yaml', '--max-macs', '1'], { files: { 'a.yaml': text } });
    expect(code).toBe(2);
    expect(err).toContain('more than 40,000 layers');
  });
});

const program = new URL('../../bin/flopwise.js', import.meta.url).pathname;

describe.runIf(existsSync(new URL('../../dist/cli/main.js', import.meta.url)))('the binary', () => {
  it('keeps its verdict, and writes its report, where its reader goes away', () => {
    const line = `"${process.execPath}" "${program}" check resnet18 --max-macs 1 --report json=r.json | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout } = spawnSync('bash', ['-c', line], { cwd: checkout, encoding: 'utf8' });
    expect(stdout).toBe('1\n');
    expect(existsSync(join(checkout, 'r.json'))).toBe(true);
  });

  it('leaves no file that is not whole, where no more can be written', () => {
    const line = `trap '' XFSZ; (ulimit -f 0; "${process.execPath}" "${program}" init net.yaml; echo "$?") 2>&1 | cat`;
    const { stdout } = spawnSync('bash', ['-c', line], { cwd: checkout, encoding: 'utf8' });
    expect(stdout).toContain('net.yaml cannot be written: no file may be that large.');
    expect(stdout).toMatch(/\n2\n$/);
    expect(readdirSync(checkout)).toEqual([]);
  });

  it('reads a link within the checkout in a revision too', () => {
    const git = 'git -c user.name=a -c user.email=a@b';
    const line = `${git} init -q; mkdir nets; printf 'models: [nets/*.yaml]\n' > flopwise.config.yaml
      printf 'input: [3, 8, 8]\nlayers: [relu]\n' > nets/a.yaml; ln -s a.yaml nets/b.yaml; ${git} add .; ${git} commit -qm 1
      "${process.execPath}" "${program}" check --against git:HEAD; echo "$?"
      printf 'input: [3, 8, 8]\nlayers: [relu, relu]\n' > nets/a.yaml
      "${process.execPath}" "${program}" check --against git:HEAD --max-macs 1; echo "$?"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: checkout, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.match(/^\d$/gm)).toEqual(['0', '0']);
    expect(stdout).toContain('b (nets/b.yaml)');
  });

  it('loses no update of a baseline', async () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) writeFileSync(join(checkout, `${name}.yaml`), `name: ${name}\ninput: [3]\nlayers: [relu]\n`);
    const update = (name: string) =>
      new Promise((resolve) =>
        spawn(process.execPath, [program, 'check', `${name}.yaml`, '--baseline', 'b.json', '--update'], {
          cwd: checkout,
          stdio: 'ignore',
        }).on('exit', resolve),
      );
    expect(await Promise.all(names.map(update))).toEqual([0, 0, 0, 0]);
    const { models } = JSON.parse(readFileSync(join(checkout, 'b.json'), 'utf8'));
    expect(models.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it('tells where its folder is gone', () => {
    const line = `mkdir gone; cd gone; rmdir ../gone; "${process.execPath}" "${program}" check a.yaml`;
    const { status, stderr } = spawnSync('bash', ['-c', line], { cwd: checkout, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).not.toContain('INTERNAL');
  });
});
