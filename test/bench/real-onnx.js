/**
 * Reads every ONNX file of a folder, and compares the shapes of all values with those that onnxruntime computes. Run it after a
 * build: node test/bench/real-onnx.js FOLDER [name=size …]
 *
 * Sizes that files leave open are 1 for the first axis of an input, else 16, or 64 where the input is an image, unless a size is
 * given for their name. Inputs are ones, or those of the folder test_data_set_0 beside the file, as ONNX writes its conformance cases;
 * whole numbers among these are given as values, as --value does. Weights in files that are not there are zeros. Each file is read
 * by a process of its own, so that one that fails takes no other with it.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LONGEST_RUN = 120_000;

/** Files larger than this are not run, but read. */
const LARGEST_RUN = 2 ** 29;

const SELF = fileURLToPath(import.meta.url);

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.name.endsWith('.onnx')) yield path;
  }
}

// One file.

const isImage = (shape) => shape.length === 4;

/** A size for each name that the inputs leave open. */
function sizesFor(inputs, given) {
  const dims = {};
  for (const { shape = [] } of inputs)
    for (const [axis, size] of shape.entries())
      if (typeof size === 'string' && !/[+*/()-]/.test(size))
        dims[size] ??= given[size] ?? (axis === 0 ? 1 : isImage(shape) && axis > 1 ? 64 : 16);
  return dims;
}

/** Whole shapes for inputs with sizes that have no name. */
function shapesFor(inputs, dims) {
  const shapes = {};
  for (const { name, shape } of inputs)
    if (shape?.some((size) => size === undefined))
      shapes[name] = shape.map((size, axis) =>
        typeof size === 'number' ? size : (dims[size] ?? (axis === 0 ? 1 : isImage(shape) ? 64 : 16)),
      );
  return shapes;
}

const varint = (value) => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]);
const sized = (field, content) => [...varint(field * 8 + 2), ...varint(content.length), ...content];

/** A graph whose only content are outputs: behind a file it adds them to the graph there, as Protocol Buffers merge messages. */
const withOutputs = (file, names) =>
  Buffer.concat([
    file,
    Buffer.from(
      sized(
        7,
        names.flatMap((name) => sized(12, sized(1, [...Buffer.from(name)]))),
      ),
    ),
  ]);

/** The fields of a message: what is of a length as bytes, all else left out. */
function* fieldsOf(bytes) {
  let at = 0;
  const number = () => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      factor *= 128;
      if (!(byte & 128)) return value;
    }
  };
  while (at < bytes.length) {
    const key = number();
    const [field, kind] = [Math.floor(key / 8), key % 8];
    if (kind === 0) number();
    else if (kind !== 2) at += kind === 1 ? 8 : 4;
    else {
      const length = number();
      yield [field, bytes.subarray(at, at + length)];
      at += length;
    }
  }
}

const partsOf = (bytes, wanted) => [...fieldsOf(bytes)].flatMap(([field, part]) => (field === wanted ? [part] : []));

/** How long the files beside a model are, at least, by what its tensors say that they have in them. */
function filesBeside(model) {
  const sizes = new Map();
  for (const graph of partsOf(model, 7))
    for (const tensor of partsOf(graph, 5)) {
      const entries = partsOf(tensor, 13).map((entry) => [1, 2].map((field) => partsOf(entry, field)[0]?.toString() ?? ''));
      const { location, offset = 0, length = 0 } = Object.fromEntries(entries);
      if (location !== undefined) sizes.set(location, Math.max(sizes.get(location) ?? 0, Number(offset) + Number(length)));
    }
  return sizes;
}

/** The model in a folder of its own, with files of zeros beside it, which take no room. */
function withZeros(model, sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'real-onnx-'));
  for (const [location, size] of sizes) {
    const path = resolve(folder, location);
    if (relative(folder, path).startsWith('..')) continue;
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'w');
    ftruncateSync(file, size);
    closeSync(file);
  }
  const path = join(folder, 'model.onnx');
  writeFileSync(path, model);
  return { folder, path };
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
};

const bytesIn = (text) => [...Buffer.from(text)];

/** A tensor in a file of its own: it is read as the weight of a model. */
function tensorIn(file, { bufferSource, readOnnx }) {
  const identity = [...sized(1, bytesIn('x')), ...sized(2, bytesIn('y')), ...sized(4, bytesIn('Identity'))];
  const graph = [...sized(1, identity), ...sized(5, [...readFileSync(file)])];
  const { initializers } = readOnnx(bufferSource(Buffer.from([...sized(7, graph), ...sized(8, [16, 13])])), file).graph;
  return [...initializers.values()][0];
}

/** What a conformance case feeds to its inputs, by name; nothing where there are no such files, or they are not all plain tensors. */
function casesInputs(path, inputs, library) {
  const fileOf = (index) => join(dirname(path), 'test_data_set_0', `input_${index}.pb`);
  if (!inputs.every((_, index) => existsSync(fileOf(index)))) return new Map();
  try {
    const fed = inputs.map(({ name }, index) => [name, tensorIn(fileOf(index), library)]);
    return new Map(fed.filter(([, tensor]) => tensor?.elements() !== undefined));
  } catch {
    return new Map();
  }
}

/** More whole numbers say no shape. */
const MOST_VALUES = 64;

/** Whole numbers that shapes may depend on. */
function valuesOf(fed) {
  const values = {};
  for (const [name, { type, shape, elements }] of fed) {
    const isWhole = /^u?int|^bool/.test(type) && shape.length < 2 && shape.every((size) => size <= MOST_VALUES);
    if (isWhole) values[name] = elements().map(Number);
  }
  return values;
}

const halves = new Float32Array(1);

/** The bits of a number in half precision, of those that conformance cases have. */
function halfOf(number) {
  halves[0] = number;
  const [bits] = new Uint32Array(halves.buffer);
  const exponent = ((bits >>> 23) & 255) - 112;
  if (exponent <= 0) return (bits >>> 16) & 0x8000;
  return ((bits >>> 16) & 0x8000) | (Math.min(exponent, 31) << 10) | (exponent > 30 ? 0 : (bits >>> 13) & 1023);
}

function dataOf(type, shape, elements) {
  const array = ARRAYS[type];
  if (array === undefined) throw new Error(`an input of ${type}`);
  const isWide = array === BigInt64Array || array === BigUint64Array;
  const own = elements ?? new Array(shape.reduce((all, size) => all * size, 1)).fill(1);
  return array.from(own, (one) => (isWide ? BigInt(one) : type === 'float16' ? halfOf(Number(one)) : Number(one)));
}

async function openWithZeros(model, sizes, open) {
  const { folder, path } = withZeros(model, sizes);
  try {
    return await open(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The shapes that onnxruntime computes, by name. */
async function computedShapes(path, inputs, outputs, names) {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const options = { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1, logSeverityLevel: 4 };
  const open = (file) => InferenceSession.create(file, options);
  const model = readFileSync(path);
  const more = withOutputs(
    model,
    names.filter((name) => !outputs.includes(name)),
  );
  const sizes = filesBeside(model);
  const isBare = [...sizes.keys()].some((location) => !existsSync(resolve(dirname(path), location)));
  let session;
  try {
    session = await (isBare ? openWithZeros(more, sizes, open) : open(more));
  } catch {
    // Values that onnxruntime cannot give out, or tensors that lie beside the file.
    session = await (isBare ? openWithZeros(model, sizes, open) : open(path));
  }
  const feeds = Object.fromEntries(
    inputs.map(({ name, type, shape, elements }) => [name, new Tensor(type, dataOf(type, shape, elements), shape)]),
  );
  const results = await session.run(feeds);
  return new Map(Object.entries(results).map(([name, { dims }]) => [name, [...dims]]));
}

async function one(path, given) {
  const library = await import('../../dist/lib/index.js');
  const { bufferSource, readOnnx, translateOnnx, bindInputs, analyse } = library;
  const outcome = { file: path };
  const derived = new Map();
  let runnable;
  try {
    const model = readOnnx(bufferSource(readFileSync(path)), path);
    const free = model.graph.inputs.filter(({ name }) => !model.graph.initializers.has(name));
    const dims = sizesFor(free, given);
    const input = shapesFor(free, dims);
    const sizeOf = (size, axis, shape) => (typeof size === 'number' ? size : (dims[size] ?? (axis === 0 ? 1 : isImage(shape) ? 64 : 16)));
    const fed = casesInputs(path, free, library);
    for (const [name, { shape }] of fed) input[name] = shape;
    runnable = free.map(({ name, type, shape = [1] }) => ({
      name,
      type,
      shape: input[name] ?? shape.map(sizeOf),
      elements: fed.get(name)?.elements(),
    }));
    for (const { name, shape } of free) if (shape === undefined) input[name] = [1];
    const settings = { ...bindInputs(model, { input, dims, values: valuesOf(fed) }), onValue: (name, shape) => derived.set(name, shape) };
    outcome.outputs = model.graph.outputs.map(({ name }) => name);
    const graph = translateOnnx(model, path, settings);
    outcome.macs = String(analyse(graph).totals.macs);
    outcome.unknown = (graph.unknown ?? []).map(({ operator, count }) => `${count} ${operator}`);
    outcome.warnings = (graph.warnings ?? []).map(({ code }) => code);
  } catch (error) {
    outcome.refused = error.problems?.map(({ code, data }) => `${code} ${JSON.stringify(data).slice(0, 160)}`) ?? [
      `INTERNAL ${error.stack}`,
    ];
  }
  if (statSync(path).size > LARGEST_RUN || runnable === undefined) return outcome;
  try {
    const computed = await computedShapes(path, runnable, outcome.outputs ?? [], [...derived.keys()]);
    outcome.runs = true;
    outcome.compared = 0;
    outcome.differences = [];
    for (const [name, shape] of computed) {
      const own = derived.get(name);
      if (own === undefined) continue;
      outcome.compared++;
      if (own.join() !== shape.join()) outcome.differences.push(`${name}: ${own.join('×')}, onnxruntime ${shape.join('×')}`);
    }
  } catch (error) {
    outcome.runs = false;
    outcome.why = String(error.message ?? error).slice(0, 200);
  }
  return outcome;
}

// All of them.

const kindOf = ({ refused, unknown = [], warnings = [] }) => {
  if (refused !== undefined) return 'refused';
  return unknown.length > 0 ? 'unknown' : warnings.length > 0 ? 'resolved with warnings' : 'resolved';
};

function all(folder, given) {
  const counts = { resolved: 0, 'resolved with warnings': 0, unknown: 0, refused: 0 };
  const sums = {
    'refused though onnxruntime runs them': 0,
    'values compared': 0,
    'values that differ': 0,
    'values that differ in files without warnings': 0,
  };
  for (const path of filesIn(folder)) {
    const { stdout, signal } = spawnSync(process.execPath, [SELF, '--one', path, ...given], {
      encoding: 'utf8',
      timeout: LONGEST_RUN,
      maxBuffer: 2 ** 28,
    });
    const line = stdout?.split('\n').find((text) => text.startsWith('{'));
    const outcome = line === undefined ? { refused: [`the process ended: ${signal ?? 'without a result'}`] } : JSON.parse(line);
    const kind = kindOf(outcome);
    counts[kind]++;
    const { refused = [], unknown = [], warnings = [], differences = [], compared = 0, runs, why } = outcome;
    if (kind === 'refused' && runs) sums['refused though onnxruntime runs them']++;
    sums['values compared'] += compared;
    sums['values that differ'] += differences.length;
    if (warnings.length === 0) sums['values that differ in files without warnings'] += differences.length;
    const run =
      runs === undefined ? 'not run' : runs ? `onnxruntime runs it, ${compared} values compared` : `onnxruntime refuses it: ${why}`;
    console.log(`${relative(folder, path)}: ${kind}${outcome.macs === undefined ? '' : `, ${outcome.macs} MACs`}; ${run}`);
    for (const text of [
      ...refused.slice(0, 3),
      ...unknown.map((one) => `not known: ${one}`),
      ...warnings.map((code) => `warning: ${code}`),
    ])
      console.log(`    ${text}`);
    for (const text of differences.slice(0, 5)) console.log(`    differs: ${text}`);
  }
  console.log('');
  for (const [kind, count] of [...Object.entries(counts), ...Object.entries(sums)]) console.log(`${String(count).padStart(8)} ${kind}`);
}

const [first, ...rest] = process.argv.slice(2);
const sizesIn = (words) => Object.fromEntries(words.map((word) => word.split('=')).map(([name, size]) => [name, Number(size)]));
if (first === undefined) console.log('node test/bench/real-onnx.js FOLDER [name=size …]');
else if (first === '--one') {
  const [path, ...given] = rest;
  // Lines that onnxruntime prints begin otherwise.
  console.log(`\n${JSON.stringify(await one(path, sizesIn(given)))}`);
} else all(first, rest);
