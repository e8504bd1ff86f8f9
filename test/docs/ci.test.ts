import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { reporters } from '../../src/report/check/reporters.ts';
import { flopwise } from '../cli/helpers.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

const page = read('docs/ci.md');
const action = parse(read('action.yml'));
const EXAMPLE = 'docs/examples/budgets/';

/** The blocks of the page, by the file that their first line names. */
const blocks = new Map([...page.matchAll(/```yaml\n# \w+: (\S+)\n([\s\S]*?)```/g)].map(([, file = '', text = '']) => [file, text]));

const files = (readdirSync(new URL(EXAMPLE, root), { recursive: true }) as string[])
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.yaml') || path.endsWith('.yml'));

const specs = { 'nets/small.yaml': read(`${EXAMPLE}nets/small.yaml`), 'flopwise.config.yaml': read(`${EXAMPLE}flopwise.config.yaml`) };

describe('the example repository', () => {
  it('is on the page, file by file', () => {
    expect([...blocks.keys()].sort()).toEqual(files.sort());
    for (const [file, text] of blocks) expect(text).toBe(read(EXAMPLE + file));
  });

  it('keeps its budgets', async () => {
    const { code, out, err } = await flopwise(['check'], { files: specs });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('1 model, 3 limits: all kept.');
  });

  it('breaks them where a layer is widened, in every report, and on GitHub without being asked', async () => {
    const wider = { ...specs, 'nets/small.yaml': specs['nets/small.yaml'].replace('width: 16', 'width: 32') };
    const { code, out, written } = await flopwise(
      ['check', '--against', 'git:origin/main', '--report', 'junit=junit.xml', '--report', 'html=r.html'],
      {
        files: wider,
        revisions: { 'origin/main': specs },
        env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' },
      },
    );
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=nets\/small.yaml,line=5,col=9,/m);
    expect(written['summary.md']).toMatch(/^<!-- flopwise -->\n### ❌ flopwise: 2 of \d limits exceeded/);
    expect(written['junit.xml']).toContain('<failure type="budget" message="MACs: ');
    expect(written['r.html']).toContain('class="verdict failed"');
  });

  it('asks for options and formats that there are', () => {
    const asked = [...files.map((file) => read(EXAMPLE + file)), page].join('\n');
    const formats = [...asked.matchAll(/--report ([a-z]+)=|^ +(\w+)=flopwise\./gm)].map(([, one, other]) => one ?? other);
    expect(formats.length).toBeGreaterThan(4);
    for (const format of formats) expect(Object.keys(reporters)).toContain(format);
    for (const format of Object.keys(reporters).filter((name) => name !== 'table')) expect(page).toContain(`| \`${format}\` |`);
  });

  it('gives the action inputs that it has', () => {
    const steps: readonly { uses?: string; with?: object }[] = parse(read(`${EXAMPLE}.github/workflows/flopwise.yml`)).jobs.check.steps;
    const given = steps.find(({ uses }) => uses?.includes('/flopwise@'))?.with ?? {};
    expect(Object.keys(given).length).toBeGreaterThan(0);
    for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name);
  });
});

describe('the action', () => {
  const inputs = action.inputs as Readonly<Record<string, { description: string; default: string }>>;

  it('has its inputs on the page, with what they are', () => {
    const rows = Object.entries(inputs).map(
      ([name, input]) => `| \`${name}\` | ${input.description} | ${input.default === '' ? '' : `\`${input.default}\` `}|`,
    );
    for (const row of rows) expect(page).toContain(row);
  });

  it('is composite, and takes inputs as variables only', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run, env, shell } of action.runs.steps) {
      expect(shell).toBe('bash');
      expect(run).not.toContain('${{');
      const used = Object.values(env as Record<string, string>).map((value) => /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1]);
      expect([...used, 'working-directory'].sort()).toEqual(Object.keys(inputs).sort());
    }
  });
});

describe.runIf(process.platform !== 'win32')('the script of the action', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-action-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const [{ run, env }] = action.runs.steps;

  interface Job {
    readonly given?: Readonly<Record<string, string>>;
    readonly npm?: string;
    readonly checkout?: Readonly<Record<string, string>>;
  }

  /** A job with an action that says how it is called, an npm that says where, and a checkout. */
  function job({ given = {}, npm = 'echo "npm in $PWD: $*"', checkout: brought = {} }: Job) {
    const [home, checkout, tools, temp] = ['action', 'checkout', 'tools', 'temp'].map((name) => mkdtempSync(join(folder, `${name}-`))) as [
      string,
      string,
      string,
      string,
    ];
    mkdirSync(join(home, 'bin'));
    const program = 'console.log(process.argv.slice(2).map((word) => "[" + word + "]").join("")); process.exitCode = 1;\n';
    writeFileSync(join(home, 'bin/flopwise.js'), program);
    writeFileSync(join(tools, 'npm'), `#!/bin/sh\n${npm}\n`);
    chmodSync(join(tools, 'npm'), 0o755);
    for (const [path, text] of Object.entries(brought)) writeFileSync(join(checkout, path), text);
    const inputs = Object.entries(env as Record<string, string>).map(([name, value]) => [
      name,
      given[/inputs\.([\w-]+)/.exec(value)?.[1] ?? ''] ?? '',
    ]);
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: checkout,
      encoding: 'utf8',
      env: {
        PATH: `${tools}:${process.env.PATH}`,
        GITHUB_OUTPUT: join(temp, 'output'),
        GITHUB_ACTION_PATH: home,
        RUNNER_TEMP: temp,
        ...Object.fromEntries(inputs),
      },
    });
    const output = readFileSync(join(temp, 'output'), 'utf8');
    return { status, stdout, stderr, output, home, temp, left: readdirSync(checkout).sort() };
  }

  it('calls the check with what was given, word by word, and ends as it does', () => {
    const given = { files: 'nets/a b.yaml\n$(touch x)', against: 'git:main', reports: 'sarif=a\nhtml=b\n', comment: 'c.md' };
    const { status, stdout, output, left } = job({ given });
    expect(stdout).toBe(
      '[check][--against=git:main][--report=markdown=c.md][--report=sarif=a][--report=html=b][--][nets/a b.yaml][$(touch x)]\n',
    );
    expect(status).toBe(1);
    expect(output).toBe('exit-code=1\n');
    expect(left).toEqual([]);
  });

  it('installs outside of the checkout, so that what a pull request brings says nothing about how', () => {
    const checkout = { '.npmrc': 'node-options=--require=./evil.cjs\n', 'evil.cjs': 'require("node:fs").writeFileSync("ran", "");\n' };
    const built = job({ checkout });
    expect(built.stderr).toContain(`npm in ${built.home}: ci --ignore-scripts`);
    expect(built.left).toEqual(['.npmrc', 'evil.cjs']);
    const packed = job({ checkout, given: { package: '/opt/flopwise.tgz' } });
    expect(packed.stderr).toContain(`npm in ${packed.temp}/flopwise: install --ignore-scripts --no-audit --no-fund /opt/flopwise.tgz`);
    expect(packed.left).toEqual(['.npmrc', 'evil.cjs']);
  });

  it('that cannot install ends with 2: no limit is broken', () => {
    const { status, output, stdout } = job({ npm: 'exit 1' });
    expect({ status, output }).toEqual({ status: 2, output: 'exit-code=2\n' });
    expect(stdout).toContain('::error::');
  });

  it('leaves no report that the checkout brought, even where nothing runs', () => {
    const checkout = { 'c.md': '<!-- flopwise -->\nall kept', 'a.sarif': '{}', 'other.md': '' };
    const { left } = job({ checkout, npm: 'exit 1', given: { comment: 'c.md', reports: 'sarif=a.sarif' } });
    expect(left).toEqual(['other.md']);
  });
});

describe('the hook', () => {
  it('runs the check, and the example takes it from the repository', () => {
    const [hook] = parse(read('.pre-commit-hooks.yaml'));
    expect(hook).toMatchObject({ id: 'flopwise', entry: 'flopwise check', language: 'node', pass_filenames: false });
    expect(parse(read(`${EXAMPLE}.pre-commit-config.yaml`)).repos[0].hooks[0].id).toBe(hook.id);
  });
});

describe('pages and examples', () => {
  // Until the name is registered, whoever does so first could run code where these are followed.
  it.each(['README.md', 'docs/ci.md', 'docs/check.md', ...files.map((file) => EXAMPLE + file)])(
    '%s fetches no package by a free name',
    (path) => {
      expect(read(path)).not.toMatch(
        /npx (--yes )?flopwise|npm (i|install|add)( -\w+)* flopwise|flopwise@latest|additional_dependencies: \[flopwise/,
      );
    },
  );
});

describe('the release', () => {
  const { on, permissions, jobs } = parse(read('.github/workflows/release.yml'));

  it('is of a tag, by a workflow that states where it was built, and may do nothing else', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    expect(permissions).toEqual({});
    expect(jobs.publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const commands: (string | undefined)[] = jobs.publish.steps.map(({ run }: { readonly run?: string }) => run);
    expect(commands.at(-1)).toMatch(/^npm publish --provenance\b/);
    expect(commands).toContain('.ci/run');
  });
});
