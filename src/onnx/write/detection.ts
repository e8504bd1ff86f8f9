import { fail } from '../../core/problem.ts';
import type { Shape } from '../../core/shape.ts';
import type { LayerWriter } from './emission.ts';
import { TYPES, type WrittenValue } from './proto.ts';
import { sliced } from './shaping.ts';

interface GridSample {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly padding: 'zeros' | 'border' | 'reflection';
  readonly corners: boolean;
}

const MODES = { nearest: 'nearest', linear: 'bilinear', cubic: 'bicubic' } as const;

/** Opset 17 samples images only. */
export function gridsample(writer: LayerWriter, { mode, padding, corners }: GridSample): WrittenValue {
  const [x, grid] = writer.inputs as [WrittenValue, WrittenValue];
  const output = writer.outputs[0] as Shape;
  if (x.shape.length !== 4) throw fail('NOT_EXPORTABLE', { operator: 'gridsample of other than images' });
  return writer.node('GridSample', [x, grid], output, {
    mode: { text: MODES[mode] },
    padding_mode: { text: padding },
    align_corners: { int: corners ? 1 : 0 },
  });
}

interface Suppression {
  readonly most: number;
  readonly rows: number;
  readonly overlap: number;
  readonly score: number;
  readonly centres: boolean;
}

/** ONNX gives as many rows as are kept: the others are added behind. */
export function nms(writer: LayerWriter, { most, rows, overlap, score, centres }: Suppression): WrittenValue {
  const [boxes, scores] = writer.inputs as [WrittenValue, WrittenValue];
  const limits = [writer.ints(most), writer.numbers([1], [overlap]), writer.numbers([1], [score])];
  const attributes = { center_point_box: { int: centres ? 1 : 0 } };
  const [found] = writer.nodes('NonMaxSuppression', [boxes, scores, ...limits], [[-1, 3]], attributes, ['int64']);
  const numbers = writer.node('Cast', [found], [-1, 3], { to: { int: TYPES.float32 } });
  const rest = writer.node('Expand', [writer.number(-1), writer.ints(rows, 3)], [rows, 3]);
  const all = writer.node('Concat', [numbers, rest], [-1, 3], { axis: { int: 0 } });
  return sliced(writer, all, 0, 0, rows);
}
