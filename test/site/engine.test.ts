import { describe, expect, it } from 'vitest';
import { ReferenceKernels } from '../../src/execute/reference.ts';
import { syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary, zoo } from '../../src/node/disk.ts';
import { type ByteSource, bufferSource } from '../../src/onnx/file/bytes.ts';
import { exportOnnx } from '../../src/onnx/write/export.ts';
import { type PageState, START, VIEWS } from '../../src/site/address.ts';
import { answers } from '../../src/site/engine/answers.ts';
import { windowed } from '../../src/site/engine/files.ts';
import type { Ground } from '../../src/site/engine/ground.ts';
import { orderOf } from '../../src/site/engine/order.ts';
import type { Answer, AskedState, DroppedFile, ExportFormat, Progress, ShownProblem, Totals } from '../../src/site/engine/protocol.ts';

const contents = new Map<string, Uint8Array>();

const ground: Ground = {
  zoo,
  openFile: ({ name }) => bufferSource(contents.get(name) as Uint8Array),
  now: () => performance.now(),
  kernels: async () => ({ kernels: new ReferenceKernels(), note: 'slowly' }),
  memory: 1e9,
  version: '0.0.0',
};

const asked = (state: Partial<PageState>, files: readonly DroppedFile[] = []) => ({ state: { ...START, ...state }, files, rows: 400 });

/** The answer, with the totals that are told before it. */
async function answered(state: AskedState) {
  let totals: Totals | undefined;
  const answer: Answer = await answers.count(state, ground, (part) => {
    totals = part;
  });
  const shown = answer.shown === undefined || totals === undefined ? undefined : { ...totals, ...answer.shown };
  return { ...answer, totals, shown };
}
const count = (state: Partial<PageState>, files?: readonly DroppedFile[]) => answered(asked(state, files));
const shownOf = ({ shown, problems }: Awaited<ReturnType<typeof answered>>) =>
  shown ?? expect.fail(problems.map(({ message }) => message).join());
const codes = (problems: readonly ShownProblem[]) => problems.map(({ code }) => code);

const SPEC = `input: [3, 8, 8]
with: { width: 4, wide: true }
layers:
  - conv: { kernel: 3, out: $width, padding: 1, bias: false }
`;

describe('counting for the page', () => {
  it('counts ResNet-50 as the paper and torchvision have it', async () => {
    const answer = await count({ model: 'resnet50' });
    const { name, totals, view } = shownOf(answer);
    expect(name).toBe('resnet50');
    expect(totals).toContain('4,089,184,256');
    expect(totals).toContain('25,557,032');
    expect(view).toContain('conv5_x<wbr>/bottleneck[2]');
    expect(answer.controls).toMatchObject({ file: 'specs/resnet.yaml', part: 'resnet50' });
    expect(answer.controls?.text).toContain('resnet50');
  });

  it('counts a text: 8·8·3·3·3·4 MACs; its parameters can be set', async () => {
    const { shown, controls } = await count({ model: 'a.yaml', text: SPEC });
    expect(shown?.totals).toContain('6,912');
    expect(controls?.parameters).toEqual([
      { name: 'width', value: '4', kind: 'number', most: 16 },
      { name: 'wide', value: 'true', kind: 'boolean' },
    ]);
    expect(controls?.inputs).toEqual([{ name: 'input', shape: '3x8x8' }]);
    const wider = await count({ model: 'a.yaml', text: SPEC, set: 'width=8', batch: '2', input: '3x16x16' });
    expect(wider.shown?.totals).toContain(`${(6912 * 2 * 2 * 4).toLocaleString('en')}`);
    expect(wider.controls?.parameters[0]?.value).toBe('8');
  });

  it('tells the totals before it draws, and where it cannot draw', async () => {
    const { totals, shown, problems } = await count({ view: 'check', limits: 'speed <= 4' });
    expect(totals?.totals).toContain('4,089,184,256');
    expect(shown).toBeUndefined();
    expect(codes(problems)).toEqual(['UNKNOWN_CHOICE']);
  });

  it.each([
    ['a key that there is not', { text: SPEC.replace('kernel', 'kernle') }, 4],
    ['a text that is no YAML', { text: SPEC.replace('[3, 8, 8]', '[3, 8, 8') }, 2],
  ])('tells of %s at its place', async (_, state, line) => {
    const { problems, shown } = await count({ model: 'a.yaml', ...state });
    expect(shown).toBeUndefined();
    expect(problems[0]?.span?.line).toBe(line);
  });

  it.each<[string, Partial<PageState>, string]>([
    ['a model that there is not', { model: 'resnet5' }, 'UNKNOWN_MODEL'],
    ['a batch of nothing', { batch: '0' }, 'WRONG_VALUE'],
    ['a parameter that there is not', { set: 'wdth=3' }, 'UNKNOWN_PARAMETER'],
    ['a convention that there is not', { convention: 'abacus' }, 'UNKNOWN_CONVENTION'],
    ['a prompt of nothing', { view: 'generate', model: 'gpt2', prompt: '0' }, 'WRONG_VALUE'],
    ['a limit that is none', { view: 'check', limits: 'speed <= 4' }, 'UNKNOWN_CHOICE'],
    ['a target that is none', { view: 'solve', solve: 'batch', target: 'much' }, 'WRONG_VALUE'],
    ['a file that is not there', { model: 'net.onnx' }, 'FILE_NOT_FOUND'],
    ['an empty text', { model: 'a.yaml', text: '' }, 'FILE_EMPTY'],
  ])('tells of %s', async (_, state, code) => {
    expect(codes((await count(state)).problems)).toContain(code);
  });

  it('counts the first of several models of a text, or the one that is chosen', async () => {
    const text = zoo.read('resnet.yaml');
    expect((await count({ model: 'resnet.yaml', text })).controls?.part).toBe('resnet18');
    expect(shownOf(await count({ model: 'resnet.yaml', text, part: 'resnet50' })).totals).toContain('4,089,184,256');
    // A person replaced the text of a variant by another.
    expect(shownOf(await count({ model: 'resnet.yaml', text: SPEC, part: 'resnet50' })).totals).toContain('6,912');
    const block = zoo.read('blocks/bottleneck.yaml');
    expect(shownOf(await count({ model: 'bottleneck.yaml', text: block })).name).toBe('bottleneck');
  });

  it('counts a model of the zoo, a block, and their texts as a person would edit them', async () => {
    for (const name of ['alexnet', 'convnext_tiny', 'resnext50_32x4d', 'wide_resnet50_2', 'flan-t5-small', 'bottleneck', 'shuffle_unit']) {
      const { shown, controls, problems } = await count({ model: name, by: 'stage' });
      expect(shown?.name, problems[0]?.message).toBeDefined();
      const edited = await count({
        model: (controls?.file ?? '').split('/').at(-1) ?? '',
        text: controls?.text,
        part: controls?.part ?? '',
        by: 'stage',
      });
      expect(edited.shown?.totals, `${name} ${edited.problems[0]?.message}`).toBe(shown?.totals);
    }
  });

  it('lists all models of the zoo, and the blocks that can stand alone', async () => {
    const { models, conventions } = await answers.catalogue(undefined, ground);
    expect(models.filter(({ group }) => group === 'blocks').map(({ name }) => name)).toContain('bottleneck');
    expect(models.map(({ name }) => name)).not.toContain('diffusion_unit');
    expect(models.length).toBeGreaterThan(200);
    expect(conventions).toContain('fvcore');
  });

  it('shows so many rows, and says how many it leaves out', async () => {
    const { view, hidden } = shownOf(await answered({ ...asked({ by: 'layer' }), rows: 10 }));
    expect(hidden).toBe(165);
    expect(view.match(/<tr class=/g)).toHaveLength(10);
  });

  it.each<[string, Partial<PageState>, string]>([
    ['compare', { model: 'basic', view: 'compare', against: 'bottleneck' }, '18:17'],
    ['compare', { model: 'basic', view: 'compare' }, 'Name a model'],
    ['compare', { model: 'bottleneck', set: 'd=?', view: 'compare' }, 'd = '],
    ['explain', { view: 'explain' }, 'fvcore'],
    ['explain', { view: 'explain', figure: '3.8G' }, '3.8'],
    ['conventions', { view: 'conventions', convention: 'fvcore' }, 'fvcore'],
    ['map', { view: 'map' }, '<svg'],
    ['graph', { view: 'graph' }, 'class="drawing"'],
    ['graph', { view: 'graph', model: 'basic', against: 'bottleneck resnet18', depth: 'layer', heat: 'peak' }, 'resnet18'],
    ['plots', { view: 'plots', model: 'basic', against: 'bottleneck' }, 'class="drawing plot'],
    ['verify', { view: 'verify' }, '4.09 GMAC'],
    ['stages', { view: 'stages', against: 'resnet34' }, '3×3, 64<br>3×3, 64</span> ×3'],
    ['graph', { view: 'graph', against: 'resnet50:stride_at=1x1', difference: 'yes' }, 'class="changed"'],
    ['train', { view: 'train', optimizer: 'sgd', by: 'stage' }, 'sgd'],
    ['generate', { view: 'generate' }, 'resnet50 does not generate'],
    ['generate', { view: 'generate', model: 'gpt2', prompt: '8', fresh: '2' }, 'What it costs gpt2 to generate'],
    ['check', { view: 'check' }, 'Type limits'],
    ['check', { view: 'check', limits: 'macs <= 4 GMAC, parameters < 26M' }, '1 of 2 limits exceeded'],
    ['check', { view: 'check', against: 'resnet34' }, 'class="drawing"'],
    ['check', { model: 'a.yaml', text: `${SPEC}budget: { macs: <= 6911 }\n`, view: 'check' }, '1 of 1 limit exceeded'],
    ['solve', { view: 'solve' }, 'Name a parameter'],
    // 8·8·3·3·3 MACs for each channel.
    ['solve', { model: 'a.yaml', text: SPEC, view: 'solve', solve: 'width', target: '<= 20000' }, 'width = 11'],
  ])('has a view to %s', async (_, state, text) => {
    expect(shownOf(await count(state)).view).toContain(text);
  });

  it('saves all that the command line writes', async () => {
    const save = async (format: ExportFormat, state: Partial<PageState> = {}) => {
      const saved = await answers.export({ ...asked({ model: 'basic', ...state }), format }, ground);
      return 'parts' in saved ? saved : expect.fail(saved.problems[0]?.message);
    };
    const textOf = async (format: ExportFormat, state: Partial<PageState> = {}) => String((await save(format, state)).parts[0]);
    expect(await save('csv')).toMatchObject({ name: 'basic.csv' });
    expect(JSON.parse(await textOf('json')).model.name).toBe('basic');
    expect(await textOf('markdown')).toContain('### basic');
    expect(await textOf('html')).toContain('<!doctype html>');
    expect(await textOf('spec')).toContain('conv');
    expect((await save('onnx')).parts[0]).toBeInstanceOf(Uint8Array);
    expect(await textOf('csv', { view: 'compare', against: 'bottleneck' })).toContain('MACs');
    expect(await textOf('svg', { view: 'compare', against: 'bottleneck' })).toContain('basic → bottleneck');
    expect(await textOf('markdown', { view: 'explain' })).toContain('fvcore');
    expect(await textOf('latex', { model: 'resnet18', view: 'stages' })).toContain('\\begin{tabular}');
    for (const format of ['svg', 'mermaid', 'dot', 'html'] as const)
      expect(await textOf(format, { view: 'graph' })).toContain(format === 'mermaid' ? 'flowchart' : 'basic');
    const refused = await answers.export({ ...asked({ model: 'basic', view: 'explain' }), format: 'csv' }, ground);
    expect('problems' in refused && codes(refused.problems)).toEqual(['UNKNOWN_CHOICE']);
  });

  it.each(VIEWS)('saves the view %s in every format that it offers', async (view) => {
    const state: Partial<PageState> = { model: 'bottleneck', view, against: 'basic', limits: 'macs <= 1M', solve: 'd', target: '<= 1G' };
    if (view === 'generate') Object.assign(state, { model: 'gpt2', set: 'layers=2' });
    const { formats } = shownOf(await count(state));
    expect(formats.length).toBeGreaterThan(0);
    for (const format of formats) {
      const saved = await answers.export({ ...asked(state), format }, ground);
      expect('parts' in saved && String(saved.parts[0]).length, format).toBeGreaterThan(20);
    }
  });

  it('runs a block and compares, layer by layer', async () => {
    const progress: Progress[] = [];
    const outcome = await answers.verify(asked({ model: 'a.yaml', text: SPEC }), ground, (part) => progress.push(part));
    expect(outcome).toMatchObject({ holds: true, note: 'slowly' });
    expect('html' in outcome && outcome.html).toContain('6,912');
    expect(progress).toEqual([{ layer: 'conv', done: 0, of: 1 }]);
  });
});

describe('files that are dropped on the page', () => {
  const graph = openModel(parseReference('bottleneck'), diskLibrary);
  const { model } = exportOnnx(graph, { elementsOf: syntheticWeights(graph, 1), placement: 'inside', dataFile: 'x.data', version: '0' });
  const bytes = new Uint8Array(Buffer.concat([...model.chunks()]));
  contents.set('a#b:c=1.onnx', bytes);
  contents.set('broken.onnx', bytes.subarray(0, 5000));
  contents.set('hostile.onnx', new TextEncoder().encode('{"no": "model"}'));

  it('counts ONNX as the spec that it was made of, whatever it is called', async () => {
    const files = [{ name: 'a#b:c=1.onnx', size: bytes.length }];
    const { totals } = shownOf(await count({ model: 'a_b_c_1.onnx' }, files));
    expect(totals).toContain(shownOf(await count({ model: 'bottleneck' })).totals.match(/<dd class="exact">([\d,]+)<\/dd>/g)?.[1] ?? '?');
  });

  it.each(['broken.onnx', 'hostile.onnx'])('says what is wrong with %s', async (name) => {
    const { problems, shown } = await count({ model: name }, [{ name, size: 1 }]);
    expect(shown).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]?.code).not.toBe('FAULT');
  });

  it('shows hostile names as text', async () => {
    const nodes = graph.nodes.map((node, index) => ({ ...node, path: `<img src=x onerror=alert(${index})>` }));
    const parts = exportOnnx(
      { ...graph, nodes },
      { elementsOf: syntheticWeights(graph, 1), placement: 'nowhere', dataFile: 'x', version: '0' },
    );
    contents.set('names.onnx', new Uint8Array(Buffer.concat([...parts.model.chunks()])));
    const { view } = shownOf(await count({ model: 'names.onnx', by: 'layer' }, [{ name: 'names.onnx', size: 1 }]));
    expect(view).toContain('&lt;img src=x');
    expect(view).not.toContain('<img');
  });

  it('reads a config.json as the model that it describes', async () => {
    const text = JSON.stringify({
      model_type: 'gpt2',
      n_embd: 768,
      n_layer: 12,
      n_head: 12,
      n_positions: 1024,
      vocab_size: 50_257,
      activation_function: 'gelu_new',
    });
    expect(shownOf(await count({ model: 'config.json', text })).totals).toContain('124,439,808');
  });

  it('reads the header of safetensors', async () => {
    const header = new TextEncoder().encode(JSON.stringify({ w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }));
    const file = new Uint8Array(8 + header.length + 24);
    new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
    file.set(header, 8);
    contents.set('w.safetensors', file);
    const files = [{ name: 'w.safetensors', size: file.length }];
    expect(shownOf(await count({ model: 'w.safetensors' }, files)).summary).toContain('6 parameters');
  });

  it('reads a window once, however many reads fall into it', () => {
    const all = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    let reads = 0;
    const counting: ByteSource = {
      size: all.length,
      read(offset, into) {
        reads += 1;
        return bufferSource(all).read(offset, into);
      },
    };
    const source = windowed(counting);
    for (let offset = 0; offset < all.length; offset += 997) {
      const into = new Uint8Array(10);
      const count = source.read(offset, into);
      expect([...into.subarray(0, count)]).toEqual([...all.subarray(offset, offset + 10)]);
    }
    expect(reads).toBeLessThan(6);
  });
});

describe('the order of rows', () => {
  const table = {
    columns: [
      { header: 'name', align: 'left' as const, drop: 0 },
      { header: 'MACs', align: 'right' as const, drop: 0 },
    ],
    rows: [
      ['b10', '9,007,199,254,740,993'],
      ['b9', '–'],
      ['a', '9,007,199,254,740,992'],
    ],
    footer: [],
  };
  it.each([
    ['', [0, 1, 2]],
    ['MACs', [0, 2, 1]],
    ['-MACs', [1, 2, 0]],
    ['name', [2, 1, 0]],
    ['-name', [0, 1, 2]],
    ['no column', [0, 1, 2]],
  ])('by %j is %j', (sort, order) => {
    expect(orderOf(table, sort)).toEqual(order);
  });
});
