import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

// The built program in a repository of its own, as in CI.

const program = fileURLToPath(new URL('../../bin/flopwise.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'flopwise-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const repository = join(folder, 'repository');
mkdirSync(join(repository, 'nets', 'blocks'), { recursive: true });

/** No configuration of the machine's own, and no pipeline around. */
const { GITHUB_ACTIONS: _, GITHUB_STEP_SUMMARY: __, GIT_DIR: ___, ...rest } = process.env;
const env = { ...rest, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', NO_COLOR: '1' };

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: repository, encoding: 'utf8', env });

function check(argv: readonly string[], cwd = repository) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'check', ...argv], { cwd, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

const write = (path: string, text: string): void => writeFileSync(join(repository, path), text);

const block = (channels: number): string => `blocks:
  body:
    layers:
      - conv: { kernel: 3, out: 16, padding: 1 }
      - relu
      - conv: { kernel: 3, out: ${channels}, padding: 1 }
`;

const spec = `name: small
use: blocks/body.yaml
input: [3, 32, 32]
budget:
  macs: <= 3 MMAC
stages:
  body: [body]
  head: [globalavgpool, flatten, linear: { out: 10 }]
`;

describe('a check in a repository', () => {
  git('init', '--quiet', '--initial-branch=main');
  write('nets/blocks/body.yaml', block(16));
  write('nets/small.yaml', spec);
  git('add', '.');
  git('commit', '--quiet', '--message=A network');

  it('passes as it was committed', () => {
    const { status, stdout, stderr } = check(['nets/small.yaml', '--against', 'git:HEAD']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/As in git:HEAD \([0-9a-f]{7}\)\./);
  });

  it('fails where a layer was widened, and names it, its line and the amount', () => {
    write('nets/blocks/body.yaml', block(32));
    const { status, stdout, stderr } = check(['nets/small.yaml', '--against', 'git:HEAD']);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    // 3·3·3·32·32·16 + 3·3·16·32·32·32 + 32·10
    expect(stdout).toContain('MACs: 5,161,280 is 2,161,280 (72.04%) over 3 MMAC, set in nets/small.yaml:5:9.');
    expect(stdout).toMatch(/body\/body\/conv\[1\] +4,718,592 +nets\/blocks\/body\.yaml:6/);
    expect(stdout).toMatch(
      /~ body\/body\/conv\[1\] \(nets\/blocks\/body\.yaml:6\) {2}1×16×32×32 → 1×32×32×32, .*MACs \+2,359,296 \(\+100\.00%\)/,
    );
    expect(git('status', '--porcelain')).toBe(' M nets/blocks/body.yaml\n');
  });

  it('passes once it is mended', () => {
    write('nets/blocks/body.yaml', block(16));
    expect(check(['nets/small.yaml', '--against', 'git:HEAD']).status).toBe(0);
  });

  it('finds the files of git from a folder below, and refuses growth', () => {
    write('nets/blocks/body.yaml', block(17));
    const { status, stdout } = check(['small.yaml', '--against', 'git:main', '--growth', 'refuse'], join(repository, 'nets'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/parameters: .* over 2,938 \(baseline\), set in growth\./);
    write('nets/blocks/body.yaml', block(16));
  });

  it('refuses to compare with a file that is no text in git', () => {
    writeFileSync(join(repository, 'nets/binary.yaml'), new Uint8Array([0xff, 0xfe, 0x00]));
    git('add', '.');
    git('commit', '--quiet', '--message=A mistake');
    write('nets/binary.yaml', 'input: [3]\nlayers: [relu]\n');
    const { status, stderr } = check(['nets/binary.yaml', '--against', 'git:HEAD', '--growth', 'refuse']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/BASE_UNREADABLE[\s\S]*nets\/binary\.yaml[\s\S]*git:HEAD/);
  });

  it('tells that a revision is unknown, that there is no repository, and no git', () => {
    const unknown = check(['nets/small.yaml', '--against', 'git:nope']);
    expect(unknown).toMatchObject({ status: 2, stderr: expect.stringContaining('UNKNOWN_REVISION') });
    const option = check(['nets/small.yaml', '--against', 'git:--help']);
    expect(option).toMatchObject({ status: 2, stderr: expect.stringContaining('UNKNOWN_REVISION') });
    const outside = check([join(repository, 'nets/small.yaml'), '--against', 'git:HEAD'], folder);
    expect(outside).toMatchObject({ status: 2, stderr: expect.stringContaining('NOT_A_REPOSITORY') });
    const path = { ...env, PATH: '' };
    const without = spawnSync(process.execPath, [program, 'check', 'nets/small.yaml', '--against', 'git:HEAD'], {
      cwd: repository,
      env: path,
    });
    expect(without.status).toBe(2);
    expect(String(without.stderr)).toContain('GIT_MISSING');
  });

  it('writes a baseline that is the same each time, and several reports or none', () => {
    expect(check(['nets/small.yaml', '--baseline', 'main.json', '--update']).status).toBe(0);
    const first = readFileSync(join(repository, 'main.json'), 'utf8');
    expect(check(['./nets/small.yaml', '--baseline', 'main.json', '--update']).status).toBe(0);
    expect(readFileSync(join(repository, 'main.json'), 'utf8')).toBe(first);
    const before = readdirSync(repository);
    const reports = ['--report', 'json=a.json', '--report', 'table=nowhere/b.txt', '--report', 'json=nets'];
    const failed = check(['nets/small.yaml', '--baseline', 'main.json', ...reports]);
    expect(failed.status).toBe(2);
    expect(failed.stderr.match(/FILE_UNWRITABLE/g)).toHaveLength(2);
    expect(readdirSync(repository)).toEqual(before);
    expect(check(['nets/small.yaml', '--report', 'json=a.json', '--report', 'table=b.txt']).status).toBe(0);
    expect(JSON.parse(readFileSync(join(repository, 'a.json'), 'utf8')).summary.limits).toBe(1);
    expect(readdirSync(repository).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
