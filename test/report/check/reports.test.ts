import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findings } from '../../../src/report/check/finding.ts';
import { fingerprint } from '../../../src/report/check/fingerprint.ts';
import { checkGithub } from '../../../src/report/check/github.ts';
import { checkGitlab } from '../../../src/report/check/gitlab.ts';
import { checkHtml } from '../../../src/report/check/html.ts';
import { checkJunit } from '../../../src/report/check/junit.ts';
import { checkMarkdown, checkSummary, MARKER } from '../../../src/report/check/markdown.ts';
import { reporters } from '../../../src/report/check/reporters.ts';
import { checkSarif } from '../../../src/report/check/sarif.ts';
import { checkText } from '../../../src/report/check/text.ts';
import { clean, context, HOSTILE, hostile, limit, model, position, result } from './helpers.ts';

/** Characters that neither XML nor a terminal takes, line breaks aside. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const BAD = /[\u0000-\u0009\u000b-\u001f\u007f\u202e\ufffe\uffff]|\p{Surrogate}/u;

/** Text with the entities that Markdown is escaped by as the characters that they show. */
const shown = (text: string): string => text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));

describe('every report', () => {
  it.each(Object.keys(reporters))('%s is the same each time, and takes hostile names', (name) => {
    const write = reporters[name];
    expect(write?.(result(), context)).toBe(write?.(result(), context));
    if (name !== 'table' && name !== 'json') expect(write?.(hostile(), context)).not.toMatch(BAD);
  });

  it.each(Object.keys(reporters).filter((name) => name !== 'table'))('%s tells the problems of files', (name) => {
    const write = reporters[name];
    expect(shown(write?.(result(), context) ?? '')).toContain('FILE_NOT_FOUND');
  });
});

describe('the text', () => {
  const text = (given: Parameters<typeof result>[0]) => checkText(result(given), context);
  const single = (given: Parameters<typeof limit>[0]) => text({ models: [model({ limits: [limit(given)] })], problems: [] });
  const room = { actual: 150_000_000n, over: -50_000_000n, broken: false };

  it('tells the room of what is kept', () => {
    expect(single(room)).toMatch(/room[\s\S]*150,000,000 +kept +50,000,000 \(25\.00%\)/);
  });

  it('tells the least room of models in one line each', () => {
    const depth = limit({ metric: 'depth', label: 'depth', limit: 10n, actual: 9n, over: -1n, broken: false });
    const models = [model({ limits: [limit(room), depth] }), model({ limits: [limit(room)] })];
    const lines = text({ models, problems: [] }).split('\n');
    expect(lines[0]).toBe('basic (nets/a.yaml) · 2 limits kept; least room: depth 9, 1 (10.00%) below its limit');
    expect(lines[1]).toBe('basic (nets/a.yaml) · 1 limit kept; MACs 150,000,000, 50,000,000 (25.00%) below its limit');
  });

  it.each([
    [{}, '--macs "<= 200000000"; or raise the limit in nets/a.yaml:4:9 to "<= 231,211,008".'],
    [{ written: '< 200 MMAC' }, '--macs "<= 199999999"; or raise the limit in nets/a.yaml:4:9 to "<= 231,211,008".'],
    [{ severity: 'warning' }, 'to "<= 231,211,008". It is a warning only.'],
    [{ scope: 'conv3_x' }, '  Make the model cheaper; or raise the limit'],
    [{ origin: 'growth', position: undefined, written: '<= baseline' }, 'or allow growth, or set a budget for it.'],
    [{ metric: 'share', unit: 'percent', limit: 1, actual: 2.001, over: 1.001 }, 'to "<= 2.01%".'],
  ] as const)('says what to do about what is not kept: %j', (given, advice) => {
    expect(single(given)).toContain(advice);
  });
});

describe('a fingerprint', () => {
  it('is FNV-1a with 128 bits', () => {
    // Worked out apart, of the five bytes ["a"].
    let hash = 0x6c62272e07bb014262b821756295c58dn;
    for (const byte of [0x5b, 0x22, 0x61, 0x22, 0x5d]) hash = ((hash ^ BigInt(byte)) * (2n ** 88n + 2n ** 8n + 0x3bn)) % 2n ** 128n;
    expect(fingerprint(['a'])).toBe(hash.toString(16).padStart(32, '0'));
    expect(fingerprint(['a', 'b'])).not.toBe(fingerprint(['ab']));
  });

  it('stays when lines move and figures change, and differs between findings', () => {
    const moved = result({
      models: [model({ limits: [limit({ actual: 300_000_000n, over: 100_000_000n, position: position('nets/a.yaml', 40) })] })],
      problems: [],
    });
    const before = result({ models: [model({ limits: [limit()] })], problems: [] });
    expect(findings(moved).map((one) => one.fingerprint)).toEqual(findings(before).map((one) => one.fingerprint));
    const twice = findings(result({ models: [model({ limits: [limit(), limit(), limit({ scope: 'conv3_x' })] })] }));
    expect(new Set(twice.map((one) => one.fingerprint)).size).toBe(twice.length);
  });
});

describe('Markdown', () => {
  it('begins with the marker, and tells limit, value, excess and place', () => {
    const text = shown(checkMarkdown(result()));
    expect(text.split('\n')[0]).toBe('<!-- flopwise -->');
    expect(MARKER).toBe('<!-- flopwise -->');
    for (const part of ['231,211,008', '31,211,008 (15.61%) over 200 MMAC', 'nets/a.yaml:4:9', '+31,211,008 (+15.61%)', '<details>'])
      expect(text).toContain(part);
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
    expect(checkMarkdown(clean())).toContain('✅ flopwise: 1 limit kept');
  });

  it('lets no name mean anything', () => {
    const text = checkMarkdown(hostile());
    expect(text).not.toMatch(/<script|@all|`|\]\]>|&amp;|::error/);
    expect(text.replaceAll(/<\/?(?:code|details|summary|br)>|<!-- flopwise -->/g, '')).not.toMatch(/[<>]/);
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.split('|')).toHaveLength(7);
  });

  it('stays under the size of a comment, and a summary under a mebibyte, whatever it tells of', () => {
    const sizes = fc.record({
      models: fc.integer({ min: 0, max: 400 }),
      limits: fc.integer({ min: 0, max: 6 }),
      name: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }).map((codes) => String.fromCharCode(...codes)),
    });
    fc.assert(
      fc.property(sizes, ({ models, limits, name }) => {
        const [one] = hostile(`${name}|<b>`).models;
        if (one === undefined) throw new Error('there is one');
        const given = { ...one, limits: Array.from({ length: limits }, () => limit({ scope: name })) };
        const many = result({ models: Array.from({ length: models }, () => given) });
        const text = checkMarkdown(many);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
        expect(text.startsWith(MARKER)).toBe(true);
        expect(text.split('<details>').length).toBe(text.split('</details>').length);
        expect(Buffer.byteLength(checkSummary(many))).toBeLessThanOrEqual(2 ** 20);
      }),
      { numRuns: 10 },
    );
  }, 30_000);

  it('says what it leaves out', () => {
    const many = result({ models: Array.from({ length: 2000 }, () => model()) });
    expect(checkMarkdown(many)).toMatch(/… \d+ more lines left out/);
    expect(checkMarkdown(result())).not.toContain('left out');
  });
});

describe('JUnit', () => {
  it('has a suite for each model and a case for each limit', () => {
    const text = checkJunit(result());
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="flopwise" tests="4" failures="1" errors="1"/);
    expect(text).toContain('<testsuite name="basic (nets/a.yaml)" tests="3" failures="1"');
    expect(text.match(/<testcase /g)).toHaveLength(4);
    expect(text).toMatch(/<failure type="budget" message="MACs: 231,211,008, 31,211,008 \(15.61%\) over 200 MMAC \(nets\/a.yaml:4:9\)/);
    expect(text).toContain('<system-out>warning: depth: 2');
  });
});

/** The schema is of draft 4, which differs from what is known here by its name only. */
function sarifSchema(): object {
  const {
    $schema: _,
    id: __,
    ...schema
  } = JSON.parse(readFileSync(new URL('../../fixtures/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'));
  return schema;
}

describe('SARIF', () => {
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(sarifSchema());

  it.each([
    ['findings', result()],
    ['none', clean()],
    ['hostile names', hostile()],
  ])('with %s is valid by the published schema', (_, given) => {
    validate(JSON.parse(checkSarif(given, context)));
    expect(validate.errors).toBeNull();
  });

  it('would be refused by it otherwise', () => {
    expect(validate({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
  });

  it('points at the limit, with rule, level and fingerprint', () => {
    const [{ results, tool, invocations }] = JSON.parse(checkSarif(result(), context)).runs;
    expect(tool.driver).toMatchObject({ name: 'flopwise', version: '1.2.3' });
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['FILE_NOT_FOUND', 'budget/depth', 'budget/macs']);
    expect(invocations).toEqual([{ executionSuccessful: false }]);
    expect(results[1]).toMatchObject({
      ruleId: 'budget/macs',
      ruleIndex: 2,
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'nets/a.yaml' }, region: { startLine: 4, startColumn: 9, endColumn: 20 } } },
      ],
    });
    expect(results[2].level).toBe('warning');
  });
});

describe('GitHub annotations', () => {
  it('are commands at the lines of the spec', () => {
    const [problem, error, warning] = checkGithub(result()).split('\n');
    expect(problem).toMatch(/^::error title=flopwise%3A FILE_NOT_FOUND::/);
    expect(error).toMatch(
      /^::error file=nets\/a.yaml,line=4,col=9,endColumn=20,title=flopwise%3A basic%3A MACs over budget::MACs: 231,211,008, 31,211,008 \(15.61%25\) over 200 MMAC/,
    );
    expect(warning).toMatch(/^::warning file=nets\/a.yaml,line=4/);
    expect(checkGithub(clean())).toBe('');
  });

  it('cannot be forged by a name', () => {
    const lines = checkGithub(hostile()).split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toMatch(/^::(?:error|warning) file=/);
      // What a name holds of properties is escaped: only the five of the command are left.
      expect(line.slice(2, line.indexOf('::', 2)).split(',')).toHaveLength(5);
      expect(line).not.toMatch(/%0A|%(?!25|3A|2C)/);
    }
  });

  it('say how many there are that GitHub would drop', () => {
    const many = result({ models: [model({ limits: Array.from({ length: 25 }, () => limit()) })], problems: [] });
    const lines = checkGithub(many).split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[9]).toMatch(/^::error title=flopwise::16 more/);
  });
});

describe('GitLab code quality', () => {
  it('has what the format requires of each finding', () => {
    const found = JSON.parse(checkGitlab(result()));
    expect(found).toHaveLength(3);
    for (const one of found) {
      expect(Object.keys(one)).toEqual(['description', 'check_name', 'fingerprint', 'severity', 'location']);
      expect(one.fingerprint).toMatch(/^[0-9a-f]{32}$/);
      expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(one.severity);
    }
    expect(found[1]).toMatchObject({
      check_name: 'flopwise/budget/macs',
      severity: 'major',
      location: { path: 'nets/a.yaml', lines: { begin: 4 } },
    });
    expect(JSON.parse(checkGitlab(clean()))).toEqual([]);
  });
});

describe('HTML', () => {
  it('tells the verdict, the findings and the changes', () => {
    const text = checkHtml(result());
    for (const part of [
      '1 of 3 limits exceeded, 1 warning, 1 problem',
      '31,211,008 (15.61%)',
      'nets/a.yaml:4:9',
      'git:origin/main (abc1234)',
      'conv[0]',
    ])
      expect(text).toContain(part);
    expect(checkHtml(clean())).toContain('<p class="verdict passed">1 limit kept</p>');
  });

  it('keeps hostile names as text', () => {
    const text = checkHtml(hostile());
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain(HOSTILE);
  });
});
