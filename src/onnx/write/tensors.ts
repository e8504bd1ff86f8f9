import type { Shape } from '../../core/shape.ts';
import { along } from '../../operators/kit/window.ts';
import type { OnnxOutput } from '../file/proto.ts';
import { computed } from './computed.ts';
import type { LayerWriter } from './emission.ts';
import { reshaped, transposed } from './shaping.ts';

/** The learned tensor, for each of the batch. */
export function parameter(writer: LayerWriter): OnnxOutput {
  const output = writer.outputs[0] as Shape;
  return writer.node('Expand', [writer.weights.value, writer.ints(...output)], output);
}

/** What a constant holds, a spec does not say: ones. */
export const constant = (writer: LayerWriter): OnnxOutput => {
  const output = writer.outputs[0] as Shape;
  return writer.node('ConstantOfShape', [writer.ints(...output)], output, { value: { one: 'float32' } });
};

interface RelativePosition {
  readonly window: number | readonly number[];
  readonly heads: number;
  readonly table: 'learned' | 'input';
}

/** For each pair of positions of a window, the row of the table for their offset. */
function rowsOf(height: number, width: number): number[] {
  const positions = height * width;
  return computed(positions * positions, (i) => {
    const [one, other] = [Math.floor(i / positions), i % positions];
    const down = Math.floor(one / width) - Math.floor(other / width) + height - 1;
    return down * (2 * width - 1) + (one % width) - (other % width) + width - 1;
  });
}

export function relativePosition(writer: LayerWriter, { window, heads, table }: RelativePosition): OnnxOutput {
  const [height, width] = [along('window', window, 0, 2), along('window', window, 1, 2)];
  const positions = height * width;
  const rows = (2 * height - 1) * (2 * width - 1);
  const indices = writer.indices([positions, positions], rowsOf(height, width));
  const [x] = writer.inputs as [OnnxOutput];
  const tables = reshaped(writer, table === 'learned' ? (writer.weights.table as OnnxOutput) : x, [
    table === 'learned' ? 1 : (x.shape[0] as number),
    rows,
    heads,
  ]);
  const looked = writer.node('Gather', [tables, indices], [tables.shape[0] as number, positions, positions, heads], { axis: { int: 1 } });
  return transposed(writer, looked, [0, 3, 1, 2]);
}
