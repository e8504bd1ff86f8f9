/**
 * How long whole processes take that count ONNX files, and how much memory: exported networks, and a network with 575 MB of
 * weights in the file against the same without them. All take turns. Run it after a build: node test/bench/onnx.js [rounds]
 */
import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, program } from './processes.js';

const ROUNDS = Number(process.argv[2] ?? 11);
/** Wanted: a whole process, and what a file of 575 MB may take more than one of 10 KB. */
const MOST_MILLISECONDS = 300;
const MORE_MILLISECONDS = 80;
const MORE_MEBIBYTES = 20;

// As much of Protocol Buffers as a network needs.

function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const int = (field, value) => [...varint(field * 8), ...varint(value)];
const sized = (field, content) => {
  const bytes = typeof content === 'string' ? [...Buffer.from(content)] : content;
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...bytes];
};
const ints = (name, values) => [...sized(1, name), ...sized(8, values.flatMap(varint)), ...int(20, 7)];
const node = (operator, inputs, output, attributes = []) => [
  ...inputs.flatMap((input) => sized(1, input)),
  ...sized(2, output),
  ...sized(3, `/${output}/${operator}`),
  ...sized(4, operator),
  ...attributes.flatMap((one) => sized(5, one)),
];
const value = (name, shape) => [
  ...sized(1, name),
  ...sized(
    2,
    sized(1, [
      ...int(1, 1),
      ...sized(
        2,
        shape.flatMap((size) => sized(1, int(1, size))),
      ),
    ]),
  ),
];

/** VGG-19: its nodes, and its weights by name. */
function vgg19() {
  const nodes = [];
  const weights = [];
  let [from, channels, side] = ['input', 3, 224];
  const add = (operator, name, inputs = [], attributes = []) => {
    nodes.push(node(operator, [from, ...inputs], name, attributes));
    from = name;
  };
  const layer = (operator, name, shape, attributes) => {
    weights.push([`${name}.weight`, shape], [`${name}.bias`, [shape[0]]]);
    add(operator, name, [`${name}.weight`, `${name}.bias`], attributes);
  };
  for (const [stage, [width, depth]] of [
    [64, 2],
    [128, 2],
    [256, 4],
    [512, 4],
    [512, 4],
  ].entries()) {
    for (let index = 0; index < depth; index++) {
      layer('Conv', `conv${stage}_${index}`, [width, channels, 3, 3], [ints('pads', [1, 1, 1, 1])]);
      add('Relu', `relu${stage}_${index}`);
      channels = width;
    }
    add('MaxPool', `pool${stage}`, [], [ints('kernel_shape', [2, 2]), ints('strides', [2, 2])]);
    side /= 2;
  }
  add('Flatten', 'flatten');
  const transposed = [...sized(1, 'transB'), ...int(3, 1), ...int(20, 2)];
  for (const [index, [features, out]] of [
    [channels * side * side, 4096],
    [4096, 4096],
    [4096, 1000],
  ].entries())
    layer('Gemm', `fc${index}`, [out, features], [transposed]);
  return { nodes, weights, output: from };
}

/** Writes it with its weights, as a hole in the file, or without. */
function write(file, isWhole) {
  const { nodes, weights, output } = vgg19();
  const heads = weights.map(([name, shape]) => {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    const head = [
      ...sized(1, shape.flatMap(varint)),
      ...int(2, 1),
      ...sized(8, name),
      ...(isWhole ? [...varint(9 * 8 + 2), ...varint(bytes)] : []),
    ];
    const hole = isWhole ? bytes : 0;
    return { bytes: Uint8Array.from([...varint(5 * 8 + 2), ...varint(head.length + hole), ...head]), hole };
  });
  const before = nodes.flatMap((one) => sized(1, one));
  const after = [...sized(11, value('input', [1, 3, 224, 224])), ...sized(12, value(output, [1, 1000]))];
  const length = before.length + after.length + heads.reduce((total, { bytes, hole }) => total + bytes.length + hole, 0);
  const opset = sized(8, int(2, 17));
  const parts = [
    { bytes: Uint8Array.from([...int(1, 8), ...varint(7 * 8 + 2), ...varint(length), ...before]), hole: 0 },
    ...heads,
    { bytes: Uint8Array.from([...after, ...opset]), hole: 0 },
  ];
  const descriptor = openSync(file, 'w');
  let at = 0;
  for (const { bytes, hole } of parts) {
    writeSync(descriptor, bytes, 0, bytes.length, at);
    at += bytes.length + hole;
  }
  ftruncateSync(descriptor, at);
  closeSync(descriptor);
}

const folder = mkdtempSync(join(tmpdir(), 'flopwise-bench-'));
const [large, small] = [join(folder, 'large.onnx'), join(folder, 'small.onnx')];
write(large, true);
write(small, false);

const shared = fileURLToPath(new URL('../../../shared/onnx-models', import.meta.url));
const exported = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith('.onnx')) : [];
const SUBJECTS = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: `vgg19, ${statSync(small).size} bytes`, argv: [program, small] },
  { name: `vgg19, ${statSync(large).size} bytes`, argv: [program, large] },
  ...exported.map((name) => ({ name, argv: [program, join(shared, name)] })),
];

const measured = measure(
  SUBJECTS.map(({ argv }) => argv),
  ROUNDS,
);
rmSync(folder, { recursive: true });

process.stdout.write(`Medians of ${ROUNDS} runs each, taking turns\n`);
for (const [index, { name }] of SUBJECTS.entries()) {
  const { milliseconds, mebibytes } = measured[index];
  const wanted = index > 2 ? `  ${(milliseconds / MOST_MILLISECONDS).toFixed(2)} × the ${MOST_MILLISECONDS} ms allowed` : '';
  process.stdout.write(`${name.padEnd(26)}${milliseconds.toFixed(1).padStart(8)} ms${mebibytes.toFixed(1).padStart(8)} MiB${wanted}\n`);
}
const more = (quantity) => measured[2][quantity] - measured[1][quantity];
process.stdout.write(
  `weights in the file: ${more('milliseconds').toFixed(1)} ms more of the ${MORE_MILLISECONDS} allowed, ` +
    `${more('mebibytes').toFixed(1)} MiB more of the ${MORE_MEBIBYTES} allowed\n`,
);
