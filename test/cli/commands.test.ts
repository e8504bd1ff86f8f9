import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { diskLibrary } from '../../src/node/disk.ts';
import { parseCsv } from '../report/helpers.ts';
import { codesIn, flopwise } from './helpers.ts';

describe('compare', () => {
  it('prints Figure 5 of the ResNet paper: layers, formulas, totals side by side', async () => {
    const { code, out } = await flopwise(['compare', 'basic', 'bottleneck']);
    expect(code).toBe(0);
    expect(out).toMatch(/^basic \(specs\/blocks\/basic\.yaml\) · 1×64×56×56 → 1×64×56×56 · 7 layers\n/);
    expect(out).toContain(
      '\nconv[1]       1×64×56×56  3×3×64×56×56×64  115,605,504      36,864  conv[1]       1×64×56×56   3×3×64×56×56×64   115,605,504      36,864\n',
    );
    expect(out).toContain('\nMACs                 231,211,008  218,365,952  -12,845,056  0.944  bottleneck\n');
  });

  it.each([40, 60, 80, 200])('of three models says everything on %i columns', async (columns) => {
    const { code, out } = await flopwise(['compare', 'basic', 'bottleneck', 'resnet18'], { columns });
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    for (const macs of ['231,211,008', '218,365,952', '1,814,073,344'])
      expect(out.match(new RegExp(`MACs .*${macs}|${macs}`))).not.toBeNull();
    expect(out).not.toContain('difference');
  });

  it('has the formats of a table', async () => {
    const argv = ['compare', 'basic', 'bottleneck', 'basic:d=128', '--format'];
    const json = JSON.parse((await flopwise([...argv, 'json'])).out);
    expect(json.comparison.MACs).toEqual({ basic: 231_211_008, bottleneck: 218_365_952, 'basic:d=128': expect.any(Number) });
    expect(json.models).toHaveLength(3);
    const csv = parseCsv((await flopwise([...argv, 'csv'])).out.trimEnd());
    expect(csv[0]).toEqual(['total', 'basic', 'bottleneck', 'basic:d=128']);
    expect(new Set(csv.map((row) => row.length))).toEqual(new Set([4]));
    expect((await flopwise([...argv, 'markdown'])).out).toContain('| total | basic | bottleneck | basic:d=128 |');
  });

  it('takes the options of models, and tells problems of all', async () => {
    const { out } = await flopwise(['compare', 'basic', 'bottleneck', '--batch', '2', '--format', 'csv']);
    expect(out).toContain('\nMACs,462422016,436731904\n');
    expect(codesIn((await flopwise(['compare', 'basix', 'none.yaml'])).err)).toEqual(['UNKNOWN_MODEL', 'FILE_NOT_FOUND']);
  });
});

describe('list', () => {
  /** A part of the zoo: to count all of it takes seconds. */
  const zoo = {
    ...diskLibrary.zoo,
    list: () => diskLibrary.zoo.list().filter((path) => /blocks|net\.yaml|vgg|plain|swin\.|vit\.|yolov8|ssd/.test(path)),
  };
  const names = async (...argv: string[]) =>
    parseCsv((await flopwise(['list', ...argv, '--format', 'csv'], { zoo })).out.trimEnd())
      .slice(1)
      .map(([name]) => name);

  it('shows all models, or those of a text in name, family or task', async () => {
    const all = await names();
    expect(all).toEqual(expect.arrayContaining(['vgg19', 'resnet50', 'plain34', 'swin_t', 'vit_b_16']));
    expect(await names('squeezenet')).toEqual(['squeezenet1_0', 'squeezenet1_1']);
    expect(await names('RegNet')).toEqual(all.filter((name) => name?.startsWith('regnet')));
    expect(await names('object detection')).toEqual(expect.arrayContaining(['yolov8n', 'ssd300']));
  });

  it.each(['macs', 'flops', 'parameters', 'activations'] as const)('sorts by %s, most first', async (sort) => {
    const models = JSON.parse((await flopwise(['list', 'resnet', '--sort', sort, '--format', 'json'])).out);
    const values = models.map((model: Record<string, number>) => model[sort]);
    expect(values).toEqual(values.toSorted((a: number, b: number) => b - a));
  });

  it('sorts by name', async () => {
    const sorted = await names('resnet', '--sort', 'name');
    expect(sorted).toEqual(sorted.toSorted());
  });

  it('has the formats of a table', async () => {
    expect((await flopwise(['list', 'resnet34'])).out).toMatch(
      /^image classification\n\nmodel {5}family {2}input .*\n─+\nresnet34 {2}resnet {2}1×3×224×224 {5}21\.80 M {2}3\.66 G/,
    );
    expect((await flopwise(['list', 'resnet50', '--exact'])).out).toContain('4,089,184,256');
    expect((await flopwise(['list', 'resnet50', '--format', 'csv'])).out).toMatch(
      /^model,family,task,input,parameters,macs,flops,activations\nresnet50,resnet,image classification,1×3×224×224,25557032,4089184256,/,
    );
    expect((await flopwise(['list', 'resnet50', '--format', 'markdown'])).out).toMatch(
      /^### image classification\n\n\| model \| family \|/,
    );
    const [first] = JSON.parse((await flopwise(['list', 'resnet18', '--format', 'json'])).out);
    expect(first).toEqual({
      name: 'resnet18',
      family: 'resnet',
      task: 'image classification',
      input: [[1, 3, 224, 224]],
      parameters: 11_689_512,
      macs: 1_814_073_344,
      flops: 3_628_146_688,
      activations: 2_484_712,
    });
  });

  it('goes to a file', async () => {
    const { out, written } = await flopwise(['list', 'resnet18', '--output', 'zoo.txt']);
    expect(out).toBe('');
    expect(written['zoo.txt']).toContain('resnet18');
  });
});

describe('schema and init', () => {
  it('print a JSON Schema, and a spec that is right by it', async () => {
    const schema = JSON.parse((await flopwise(['schema'])).out);
    const { code, out, written } = await flopwise(['init']);
    expect({ code, out }).toEqual({ code: 0, out: 'Wrote model.yaml. Next: flopwise model.yaml\n' });
    const starter = written['model.yaml'] ?? '';
    // The schema comes with flopwise, which is in the folder of this call.
    expect(starter.split('\n')[0]).toBe('# yaml-language-server: $schema=specs/schema/spec.schema.json');
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(parse(starter)), JSON.stringify(validate.errors)).toBe(true);
    const { code: counted, out: table, err } = await flopwise(['model.yaml', '--by', 'stage'], { files: { 'model.yaml': starter } });
    expect({ counted, err }).toEqual({ counted: 0, err: '' });
    expect(table).toMatch(/\nstem .*\nstage1 .*\nstage2 .*\nstage3 .*\nhead /);
    expect((await flopwise(['model.yaml', '--set', 'width=32', '--set', 'classes=7'], { files: { 'model.yaml': starter } })).out).toContain(
      '→ 1×7 ·',
    );
  });

  it('put a schema in a file', async () => {
    const { out, written } = await flopwise(['schema', '--output', 'spec.schema.json']);
    expect(out).toBe('');
    expect(JSON.parse(written['spec.schema.json'] ?? '')).toHaveProperty('$schema');
  });

  it('leave a file that is there, unless forced', async () => {
    const files = { 'model.yaml': 'mine', 'net.yaml': 'mine' };
    expect(await flopwise(['init'], { files })).toMatchObject({
      code: 2,
      out: '',
      written: {},
      err: expect.stringContaining('FILE_EXISTS'),
    });
    expect((await flopwise(['init', 'net.yaml'], { files })).written).toEqual({});
    expect((await flopwise(['init', 'net.yaml', '--force'], { files })).written['net.yaml']).toContain('stages:');
    expect((await flopwise(['init', 'other.yaml'], { files })).out).toBe('Wrote other.yaml. Next: flopwise other.yaml\n');
  });
});
