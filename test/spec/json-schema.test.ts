import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { specJsonSchema } from '../../src/spec/json-schema.ts';
import { onImage } from './helpers.ts';

const ZOO = new URL('../../specs/', import.meta.url);
const COMMITTED = new URL('schema/spec.schema.json', ZOO);

const schema = JSON.parse(JSON.stringify(specJsonSchema()));
const validate = new Ajv({ strict: false }).compile(schema);

const specs = readdirSync(ZOO, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));

describe('the JSON Schema', () => {
  it('is the one in specs/schema; "npm run generate" renews it', () => {
    expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(schema);
  });

  it.each(specs)('accepts %s, which refers to it', (path) => {
    const text = readFileSync(new URL(path, ZOO), 'utf8');
    expect(validate(parse(text)) || validate.errors).toBe(true);
    const reference = /^# yaml-language-server: \$schema=(.+)$/m.exec(text)?.[1] ?? '';
    expect(new URL(reference, new URL(path, ZOO)).href).toBe(COMMITTED.href);
  });

  it.each([
    ['expressions', onImage('  - conv: { out: $in.channels * 2, kernel: [3, $k], stride: 2 if $k == 3 else 1 }\n')],
    [
      'words, blocks and choices',
      onImage('  - relu\n  - batchnorm:\n  - my_block: { d: 3, list: [1, [2, 3]] }\n    repeat: $n\n  - $block: { d: 3 }\n'),
    ],
    [
      'structures',
      onImage(
        '  - residual: [relu]\n    shortcut: [identity]\n  - parallel: { a: [relu], b: [] }\n    join: concat\n    axis: 1\n  - sequence: []\n    when: $x > 1\n',
      ),
    ],
    ['a stage that is left out', 'extends: resnet50\nstages:\n  head:\n'],
  ])('accepts %s', (_, text) => expect(validate(parse(text))).toBe(true));

  it.each([
    ['a misspelt key', 'inptu: [3]\n'],
    ['a misspelt attribute', onImage('  - conv: { kernal: 3, out: 4 }\n')],
    ['a missing attribute', onImage('  - conv: { out: 4 }\n')],
    ['a word for a number', onImage('  - conv: { kernel: wide, out: 4 }\n')],
    ['a misspelt modifier', onImage('  - relu:\n    wen: true\n')],
    ['a misspelt modifier of a structure', onImage('  - residual: [relu]\n    shortcu: B\n')],
    ['a misspelt modifier of a block', onImage('  - my_block: { d: 3 }\n    repat: 3\n')],
    ['a list of stages', 'stages: [relu]\n'],
    ['a number as a layer', onImage('  - 3\n')],
    ['no branches', onImage('  - parallel: []\n')],
    ['an unknown join', onImage('  - parallel: [[relu]]\n    join: sum\n')],
    ['an attribute of null', onImage('  - conv: { kernel: 3, out: }\n')],
  ])('rejects %s', (_, text) => expect(validate(parse(text))).toBe(false));
});
