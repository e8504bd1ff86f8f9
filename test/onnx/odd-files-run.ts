import { writeSync } from 'node:fs';
import { Random } from '../fuzz/random.ts';
import { differenceIn } from './beside-onnxruntime.ts';
import { oddFile } from './odd-files.ts';

/** In a process of its own, since onnxruntime may end it: seeds from one up to another, each on a line before it runs, and differences. */

const [from, to] = process.argv.slice(2).map(Number) as [number, number];

for (let seed = from; seed < to; seed++) {
  writeSync(1, `${seed}\n`);
  const { change, file, bytes } = oddFile(new Random(seed));
  const difference = await differenceIn(file, bytes);
  if (difference === undefined) continue;
  const nodes = file.nodes.map(({ operator, inputs, outputs }) => `${operator}(${inputs.join()} -> ${outputs.join()})`).join(' ');
  const shapes = [...file.inputs, ...file.initializers].map(({ name, type, shape }) => `${name} ${type} [${shape.join()}]`).join(', ');
  writeSync(1, `seed ${seed}, opset ${file.opset}${change === undefined ? '' : `, ${change}`}: ${nodes}, ${shapes}: ${difference}\n`);
}
