import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary, openOnnx } from '../../src/node/onnx.ts';
import { problemOf } from '../onnx/helpers.ts';
import { attribute, type Bytes, external, graph, model, node, raw, sized, tensor, value } from '../onnx/proto.ts';

const folder = mkdtempSync(join(tmpdir(), 'flopwise-open-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const FLOAT = 1;
const INT64 = 7;

/** 2 and 6 as int64. */
const SHAPE: Bytes = [2, 6].flatMap((size) => [size, 0, 0, 0, 0, 0, 0, 0]);

/** A reshape to a shape that lies in another file. */
const reshape = (location: string): Uint8Array =>
  model(
    graph({
      nodes: [node('Reshape', ['x', 'shape'], ['y'], { name: '/Reshape' })],
      inputs: [value('x', FLOAT, [3, 4])],
      outputs: [value('y', FLOAT, [null, null])],
      initializers: [tensor('shape', INT64, [2], external({ location, length: '16' }))],
    }),
  );

mkdirSync(at('models'));
writeFileSync(at('secret.data'), Uint8Array.from(SHAPE));
writeFileSync(at('models/shape.data'), Uint8Array.from(SHAPE));
writeFileSync(at('models/short.data'), Uint8Array.from(SHAPE.slice(0, 9)));
symlinkSync('../secret.data', at('models/link.data'));

const openWith = (location: string) => {
  writeFileSync(at('models/net.onnx'), reshape(location));
  return openOnnx(at('models/net.onnx'));
};

describe('data beside a model', () => {
  it('is read where a shape depends on it', () => {
    expect(openWith('shape.data').outputs.map(({ shape }) => shape)).toEqual([[2, 6]]);
  });

  it.each(['absent.data', '../secret.data', 'link.data', at('secret.data')])(
    'is not there as %s, and the node that needs it is named',
    (location) => {
      const message = problemOf(() => openWith(location));
      expect(message).toMatch(/net\.onnx {2}Reshape {2}ONNX_\w+: /);
      expect(message).not.toContain('undefined');
    },
  );

  it('that is cut is told', () =>
    expect(problemOf(() => openWith('short.data'))).toMatch(/ONNX_TRUNCATED: short\.data ends after 9 bytes/));

  const fds = '/proc/self/fd';
  const isOnLinux = process.platform === 'linux';
  if (isOnLinux)
    it('is closed in the end, whatever happens', () => {
      const before = readdirSync(fds).length;
      openWith('shape.data');
      for (const location of ['absent.data', 'short.data']) problemOf(() => openWith(location));
      writeFileSync(at('models/bad.onnx'), Uint8Array.from([1, 2, 3]));
      problemOf(() => openOnnx(at('models/bad.onnx')));
      expect(readdirSync(fds).length).toBe(before);
    });
  else it.skip('is closed in the end, whatever happens: descriptors are counted on Linux only');
});

describe('a library for Node', () => {
  it('opens ONNX files like specs', () => {
    writeFileSync(at('models/net.onnx'), reshape('shape.data'));
    expect(analyse(openModel(parseReference(at('models/net.onnx')), diskLibrary)).output).toEqual([[2, 6]]);
    expect(analyse(openModel(parseReference('resnet18'), diskLibrary)).totals.macs).toBe(1_814_073_344n);
    const { openOnnx: _, ...specs } = diskLibrary;
    expect(problemOf(() => openModel(parseReference(at('models/net.onnx')), specs))).toMatch(/^NO_ONNX_READER/);
  });
});

describe('branches that only a run can tell', () => {
  it('are warnings of the graph, and of parts around and within', () => {
    const branch = (operator: string, output: string) =>
      graph({ nodes: [node(operator, ['x'], [output])], outputs: [value(output, FLOAT, [3])] });
    const conditional = node('If', ['c'], ['y'], {
      name: '/block/choice/If',
      attributes: [
        attribute('then_branch', 5, sized(6, branch('Relu', 'a'))),
        attribute('else_branch', 5, sized(6, branch('Sigmoid', 'b'))),
      ],
    });
    const bytes = model(
      graph({
        nodes: [node('Relu', ['z'], ['x'], { name: '/first/Relu' }), conditional],
        inputs: [value('z', FLOAT, [3]), value('c', 9, [1])],
        outputs: [value('y', FLOAT, [3])],
      }),
    );
    writeFileSync(at('branch.onnx'), bytes);
    const codes = (part: string) => openModel(parseReference(`${at('branch.onnx')}${part}`), diskLibrary).warnings?.map(({ code }) => code);
    expect(codes('')).toEqual(['ONNX_BRANCH']);
    expect(codes('/block')).toEqual(['ONNX_BRANCH']);
    expect(codes('/first')).toBeUndefined();
  });
});

it('a tensor of the model itself is read too', () => {
  const bytes = model(
    graph({
      nodes: [node('Reshape', ['x', 'shape'], ['y'])],
      inputs: [value('x', FLOAT, [3, 4])],
      outputs: [value('y', FLOAT, [2, 6])],
      initializers: [tensor('shape', INT64, [2], raw(SHAPE))],
    }),
  );
  writeFileSync(at('own.onnx'), bytes);
  expect(openOnnx(at('own.onnx')).outputs.map(({ shape }) => shape)).toEqual([[2, 6]]);
});
