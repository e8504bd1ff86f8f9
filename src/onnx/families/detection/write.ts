import type { Shape } from '../../../core/shape.ts';
import { along } from '../../../operators/kit/window.ts';
import { fail } from '../../../problems/problem.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, sliced } from '../../write/shaping.ts';
import { indices } from '../moving/write-picks.ts';

interface GridSample {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly padding: 'zeros' | 'border' | 'reflection';
  readonly corners: boolean;
}

const MODES = { nearest: 'nearest', linear: 'bilinear', cubic: 'bicubic' } as const;

/** Opset 17 samples images only. */
export function gridsample(writer: LayerWriter, { mode, padding, corners }: GridSample): OnnxOutput {
  const [x, grid] = writer.inputs as [OnnxOutput, OnnxOutput];
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
export function nms(writer: LayerWriter, { most, rows, overlap, score, centres }: Suppression): OnnxOutput {
  const [boxes, scores] = writer.inputs as [OnnxOutput, OnnxOutput];
  const limits = [writer.ints(most), writer.numbers([1], [overlap]), writer.numbers([1], [score])];
  const attributes = { center_point_box: { int: centres ? 1 : 0 } };
  const [found] = writer.nodes('NonMaxSuppression', [boxes, scores, ...limits], [[-1, 3]], attributes, ['int64']);
  const numbers = cast(writer, found as OnnxOutput, 'float32');
  const rest = writer.node('Expand', [writer.number(-1), writer.ints(rows, 3)], [rows, 3]);
  const all = writer.node('Concat', [numbers, rest], [-1, 3], { axis: { int: 0 } });
  return sliced(writer, all, 0, 0, rows);
}

interface Regions {
  readonly size: number | readonly number[];
  readonly samples: number;
  readonly scale: number;
  readonly aligned: boolean;
}

export function roialign(writer: LayerWriter, { size, samples, scale, aligned }: Regions): OnnxOutput {
  const [x, regions, images] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput];
  return writer.node('RoiAlign', [x, regions, indices(writer, images, x.shape[0] as number)], writer.outputs[0] as Shape, {
    output_height: { int: along('size', size, 0, 2) },
    output_width: { int: along('size', size, 1, 2) },
    sampling_ratio: { int: samples },
    spatial_scale: { float: scale },
    coordinate_transformation_mode: { text: aligned ? 'half_pixel' : 'output_half_pixel' },
  });
}
