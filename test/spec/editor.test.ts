import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { specJsonSchema } from '../../src/spec/json-schema.ts';

/** What editors make of the JSON Schema, by the language server that most of them run. */

const { getLanguageService } = createRequire(import.meta.url)(
  'yaml-language-server/lib/umd/index.js',
) as typeof import('yaml-language-server/lib/umd/index.js');

const schema = specJsonSchema();
const service = getLanguageService({
  schemaRequestService: () => Promise.resolve(JSON.stringify(schema)),
  workspaceContext: { resolveRelativePath: (path) => path },
  telemetry: { send: () => Promise.resolve(), sendError: (_, error) => Promise.reject(error), sendTrack: () => Promise.resolve() },
});
service.configure({
  validate: true,
  completion: true,
  hover: true,
  customTags: [],
  schemas: [{ uri: 'file:///spec.schema.json', fileMatch: ['*.yaml'], schema: structuredClone(schema) }],
});

let opened = 0;
/** A document of its own for each text, and where its "|" is. */
function open(text: string) {
  const document = TextDocument.create(`file:///${opened++}.yaml`, 'yaml', 1, text.replace('|', ''));
  return { document, cursor: document.positionAt(text.indexOf('|')) };
}

/** `4:16 message`, counted from 1. */
async function mistakes(text: string): Promise<string[]> {
  const found = await service.doValidation(open(text).document, false);
  return found.map(({ range: { start }, message }) => `${start.line + 1}:${start.character + 1} ${message}`);
}

async function completions(text: string): Promise<{ labels: string[]; of: (label: string) => string }> {
  const { document, cursor } = open(text);
  const { items } = await service.doComplete(document, cursor, false);
  const documentation = new Map(
    items.map(({ label, documentation: said }) => [label, typeof said === 'object' ? said.value : (said ?? '')]),
  );
  return { labels: items.map(({ label }) => label), of: (label) => documentation.get(label) ?? '' };
}

/** A layer at the top, and in a branch of a residual of a stage, each with its indentation. */
const places: [where: string, before: string, indent: number][] = [
  ['at the top', 'input: [3, 8, 8]\nlayers:\n', 2],
  ['in a stage', 'input: [3, 8, 8]\nstages:\n  one:\n', 4],
  ['inside a residual', 'input: [3, 8, 8]\nlayers:\n  - residual:\n', 6],
  ['inside a branch of a residual', 'input: [3, 8, 8]\nlayers:\n  - residual:\n      - parallel:\n          left:\n', 12],
  ['inside a block', 'blocks:\n  b:\n    layers:\n', 6],
];

describe.each(places)('an editor, %s', (_, before, indent) => {
  const line = before.split('\n').length;
  const at = (layer: string): string => `${before}${layer.replaceAll(/^/gm, ' '.repeat(indent))}\n`;
  const place = (row: number, column: number): string => `${line + row}:${indent + column}`;

  it.each([
    ['a wrong attribute', '- conv: { kernel: 3, out: 8, pading: 1 }', [[0, 30, 'Property pading is not allowed.']]],
    ['a missing attribute', '- conv: { kernel: 3 }', [[0, 3, 'Missing property "out".']]],
    ['a bad value', '- conv: { kernel: wide, out: 8 }', [[0, 19, 'Incorrect type. Expected "integer | array".']]],
    ['a value that is too small', '- conv: { kernel: 0, out: 8 }', [[0, 19, 'Value is below the minimum of 1.']]],
    ['an attribute of an operator without any', '- relu: { slope: 1 }', [[0, 11, 'Property slope is not allowed.']]],
    ['a wrong value beside the kind', '- relu:\n  repeat: -1', [[1, 11, 'Value is below the minimum of 0.']]],
    ['a wrong key beside the kind', '- relu:\n  wen: true', [[1, 8, 'Incorrect type. Expected one of object, null.']]],
    ['a number', '- 3', [[0, 3, 'Incorrect type. Expected "string | layer with attributes".']]],
    [
      'all that is right',
      '- conv: { kernel: 3, out: $in.channels * 2, padding: [[0, 1], 2] }\n  name: first\n- relu\n- batchnorm:\n- own: { d: 3 }',
      [],
    ],
  ] as const)('marks %s', async (__, layer, expected) => {
    expect(await mistakes(at(layer))).toEqual(expected.map(([row, column, message]) => `${place(row, column)} ${message}`));
  });

  it('completes layers, with what they do', async () => {
    const { labels, of } = await completions(at('- |').trimEnd());
    for (const name of ['conv', 'batchnorm', 'linear', 'residual', 'parallel', 'sequence']) expect(labels).toContain(name);
    expect(of('conv')).toContain('Slide a bank of filters');
    expect(of('residual')).toContain('adds what came in');
  });

  it('completes attributes, with what they mean', async () => {
    const { labels, of } = await completions(at('- conv:\n    kernel: 3\n    |').trimEnd());
    expect(labels).toEqual(expect.arrayContaining(['out', 'stride', 'padding', 'dilation', 'groups', 'bias']));
    expect(labels).not.toContain('kernel');
    expect(of('stride')).toContain('Step between two positions of the filters.');
  });
});

describe('an editor, at the root', () => {
  it('marks a wrong key', async () => {
    expect(await mistakes('inptu: [3]\n')).toEqual(['1:1 Property inptu is not allowed.']);
  });

  it('marks a bad value', async () => {
    expect(await mistakes('input: [3, 0]\ntask: speach\n')).toEqual([
      expect.stringMatching(/^2:7 Value is not accepted\. Valid values: .*"speech"/),
      '1:12 Value is below the minimum of 1.',
    ]);
  });

  it('marks a missing key', async () => {
    expect(await mistakes('blocks:\n  b: { with: { d: required } }\n')).toEqual(['2:3 Missing property "layers".']);
  });

  it('completes keys, with what they mean', async () => {
    const { labels, of } = await completions('input: [3]\n|\n');
    expect(labels).toEqual(expect.arrayContaining(['name', 'with', 'blocks', 'stages', 'layers', 'budget']));
    expect(of('require')).toContain('Conditions that must hold.');
  });

  it('completes values', async () => {
    expect((await completions('layers:\n  - conv:\n      padding: |\n')).labels).toEqual(['same', 'same_lower', 'valid']);
  });

  it('shows what an attribute means', async () => {
    const { document, cursor } = open('layers:\n  - conv: { ker|nel: 3, out: 8 }\n');
    const hover = await service.doHover(document, cursor);
    expect(JSON.stringify(hover?.contents)).toContain('Size of the filters.');
  });
});

describe('the JSON Schema', () => {
  /** Properties without a description. */
  function silent(json: unknown, path: string): string[] {
    if (typeof json !== 'object' || json === null) return [];
    return Object.entries(json).flatMap(([key, value]) =>
      key === 'properties'
        ? Object.entries(value as Readonly<Record<string, { readonly description?: string }>>).flatMap(([name, property]) => [
            ...(property.description === undefined ? [`${path}/${name}`] : []),
            ...silent(property, `${path}/${name}`),
          ])
        : silent(value, path),
    );
  }

  it('describes every key and attribute', () => expect(silent(schema, '')).toEqual([]));
});
