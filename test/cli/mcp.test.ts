import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mcpServer } from '../../src/cli/commands/mcp/server.ts';
import { run } from '../../src/cli/program.ts';
import { worldOf } from './helpers.ts';

const SPEC = 'input: [3, 8, 8]\nwith: { width: 4 }\nlayers: [conv: { kernel: 3, out: $width, padding: 1 }]\n';

describe('flopwise mcp', () => {
  const client = new Client({ name: 'test', version: '1' });

  beforeAll(async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    await mcpServer(worldOf({ files: { 'own.yaml': SPEC } }).io, run).connect(theirs);
    await client.connect(ours);
  });
  afterAll(() => client.close());

  const call = async (name: string, given: Record<string, unknown>) => {
    const { content, isError } = (await client.callTool({ name, arguments: given })) as {
      content: { text: string }[];
      isError?: boolean;
    };
    return { text: content.map(({ text }) => text).join('\n'), isError: isError === true };
  };

  it('names its tools, and what each takes', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['count', 'compare', 'explain', 'solve', 'list']);
    for (const { description, inputSchema } of tools) {
      expect(description).toMatch(/\.$/);
      for (const property of Object.values(inputSchema.properties ?? {})) expect(property).toHaveProperty('description');
    }
  });

  it.each([
    ['count', { model: 'resnet50' }, '4,089,184,256'],
    ['count', { model: 'resnet50', by: 'layer', convention: 'fvcore', batch: 2 }, '8,178,368,512'],
    ['count', { model: 'own.yaml', set: { width: 8 } }, '13,824'],
    ['count', { model: '-', spec: SPEC }, '6,912'],
    ['compare', { models: ['basic', 'bottleneck'] }, '231,211,008'],
    ['explain', { model: 'resnet50', number: '25.6M' }, 'parameters'],
    ['solve', { model: '-', spec: SPEC, parameter: 'width', target: '<= 10k' }, '"value": 5'],
    // An image has 192 elements of input and 256 of output, the convolution 112 weights: 448 + 1,792 bytes for each.
    ['solve', { model: '-', spec: SPEC, parameter: 'batch', metric: 'memory', target: '<= 18 KiB' }, '"value": 10'],
    ['list', { text: 'resnet18' }, '11,689,512'],
  ])('answers: %s %j', async (name, given, expected) => {
    const { text, isError } = await call(name, given);
    expect({ text, isError }).toEqual({ text: expect.stringContaining(expected), isError: false });
  });

  it.each([
    ['count', { model: 'resnet51' }, 'resnet50'],
    ['count', { model: '-' }, '"spec"'],
    ['count', { model: '-', spec: 'layers: [cnov]\ninput: [3]\n' }, 'conv'],
    ['count', { model: '--output=own.yaml' }, '--output=own.yaml'],
    ['count', { modle: 'resnet50' }, 'model'],
    ['explain', { model: 'resnet50', from: 'fvcor' }, 'fvcore'],
  ])('refuses, and says why: %s %j', async (name, given, expected) => {
    const { text, isError } = await call(name, given);
    expect({ text, isError }).toEqual({ text: expect.stringContaining(expected), isError: true });
  });
});
