import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { placesOf } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, elementOf, ONE, type Tensor, wholeOf, ZERO } from '../core/tensor.ts';
import { each, factor } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, perAxis, positive, real, withDefault } from './kit/attributes.ts';
import { around } from './kit/edges.ts';

import { savedInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { along } from './kit/window.ts';

const attributes = z.strictObject({
  size: about(perAxis, 'Height and width of the output for each region.'),
  samples: about(positive, 'Samples along each axis of an output element.'),
  scale: about(withDefault(real, 1), 'From coordinates of regions to those of the input.'),
  aligned: about(withDefault(flag, true), 'Whether coordinates are shifted by half a pixel, so that they name pixel centres.'),
});

type Attributes = z.infer<typeof attributes>;

/** Checks that there is an image for each region, and gives the size of what is made of one. */
function geometry({ size }: Attributes, x: Shape, regions: Shape, images: Shape) {
  const [count] = regions as [number];
  if (x.length !== 4 || regions.length !== 2 || regions[1] !== 4 || images.length !== 1 || images[0] !== count) {
    const rule = 'of images [n, c, h, w] regions must be [regions, 4], and their images [regions]';
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'roialign', rule, shapes: [x, regions, images] });
  }
  return { count, channels: x[1] as number, out: [along('size', size, 0, 2), along('size', size, 1, 2)] as const };
}

/** Two neighbours along an axis and their shares; nothing where a sample lies beyond it. */
type Neighbours = readonly [place: number, share: Element][] | undefined;

/** The neighbours of every sample along one axis, from where the region starts to where it ends. */
function samplesAlong(a: Attributes, from: Element, to: Element, out: number, size: number, alu: Alu): Neighbours[] {
  const [scale, half] = [elementOf(a.scale), elementOf(a.aligned ? 0.5 : 0)];
  const start = alu.subtract(alu.multiply(from, scale), half);
  const length = alu.subtract(alu.subtract(alu.multiply(to, scale), half), start);
  const atLeast = alu.compare(length, ONE);
  const step = alu.divide(a.aligned || atLeast ? length : ONE, elementOf(out * a.samples));
  return Array.from({ length: out * a.samples }, (_, i) => {
    const place = alu.add(start, alu.multiply(elementOf(i + 0.5), step));
    const [isBefore, isAfter] = [alu.compare(elementOf(-1), place), alu.compare(place, elementOf(size))];
    const inside = alu.compare(place, ZERO) ? place : ZERO;
    const floor = alu.floor(inside);
    const rest = alu.subtract(inside, floor);
    const share = alu.subtract(ONE, rest);
    const first = wholeOf(floor);
    if (isBefore || isAfter) return undefined;
    return first >= size - 1
      ? [
          [size - 1, ONE],
          [size - 1, ZERO],
        ]
      : [
          [first, share],
          [first + 1, rest],
        ];
  });
}

const NOWHERE: NonNullable<Neighbours> = [
  [0, ZERO],
  [0, ZERO],
];

/** The samples of one cell. */
const partOf = (samples: readonly Neighbours[], cell: number, count: number): readonly Neighbours[] =>
  samples.slice(cell * count, (cell + 1) * count);

/** All elements that a cell is mixed of, by their offset in the image, and their shares. */
function tapsOf(down: readonly Neighbours[], across: readonly Neighbours[], width: number, alu: Alu): [offset: number, share: Element][] {
  const pairs = down.flatMap((above) =>
    across.map((beside) => (above === undefined || beside === undefined ? { above: NOWHERE, beside: NOWHERE } : { above, beside })),
  );
  return pairs.flatMap(({ above, beside }) =>
    above.flatMap(([line, one]) => beside.map(([place, other]): [number, Element] => [line * width + place, alu.multiply(one, other)])),
  );
}

/** Visits each output of each region: where the plane of a channel starts, where its output is, and what that is mixed of. */
function eachCell(
  a: Attributes,
  x: Shape,
  regions: Tensor,
  images: Tensor,
  alu: Alu,
  visit: (
    plane: (channel: number) => number,
    output: (channel: number) => number,
    taps: readonly [offset: number, share: Element][],
  ) => void,
): void {
  const { count, channels, out } = geometry(a, x, regions.shape, images.shape);
  const [n, , height, width] = x as [number, number, number, number];
  const [rows, columns] = out;
  for (let region = 0; region < count; region++) {
    const [x0, y0, x1, y1] = [0, 1, 2, 3].map((i) => regions.data[region * 4 + i]);
    const down = samplesAlong(a, y0, y1, rows, height, alu);
    const across = samplesAlong(a, x0, x1, columns, width, alu);
    const image = around(wholeOf(images.data[region]), n);
    for (const [cell, [row, column]] of placesOf(out).entries() as IterableIterator<[number, [number, number]]>) {
      const taps = tapsOf(partOf(down, row, a.samples), partOf(across, column, a.samples), width, alu);
      visit(
        (channel) => (image * channels + channel) * height * width,
        (channel) => (region * channels + channel) * rows * columns + cell,
        taps,
      );
    }
  }
}

export const roialign = defineOperator({
  name: 'roialign',
  summary:
    'Make an image of one size of each region [regions, 4] of images [n, c, h, w], from corner to corner as x and y, the third input says of which: means of so many samples along each axis, mixed of their four neighbours. Without aligned pixels begin at their places, and regions are at least one long.',
  attributes,
  rule: 'Per region and axis two multiplies, three subtracts, one compare and one divide; per sample along an axis one multiply, two adds, three subtracts and three compares; per sample and neighbour one multiply; per output element, sample and neighbour one multiply and one add, and one divide per output element.',
  source: 'He et al. 2017, arXiv:1703.06870, section 3; torchvision.ops.roi_align; ONNX operator RoiAlign',
  inputs: { min: 3, max: 3 },
  shape(a, [x, regions, images]) {
    const { count, channels, out } = geometry(a, x, regions as Shape, images as Shape);
    return [count, channels, ...out];
  },
  reach: ({ size }, [x, regions]) =>
    asFarAs([(regions as Shape)[0] as number, x[1] as number, along('size', size, 0, 2), along('size', size, 1, 2)]),
  work(a, [x, regions, images]) {
    const { count, channels, out } = geometry(a, x, regions as Shape, images as Shape);
    const [n, c, h, w] = [factor('n', count), factor('c', channels), factor('h', out[0]), factor('w', out[1])];
    const [down, across, neighbours] = [factor('samples h', a.samples), factor('samples w', a.samples), factor('neighbours', 4)];
    const perSample = { multiply: 1, add: 2, subtract: 3, compare: 3 };
    return [
      each({ multiply: 2, subtract: 3, compare: 1, divide: 1 }, [n, factor('axes', 2)]),
      each(perSample, [n, down, h]),
      each(perSample, [n, across, w]),
      each({ multiply: 1 }, [n, down, across, neighbours, h, w]),
      each({ multiply: 1, add: 1 }, [n, down, across, neighbours, c, h, w]),
      each({ divide: 1 }, [n, c, h, w]),
    ];
  },
  window: () => 'apart',
  // Regions have none: torchvision takes them as fixed.
  gradient: {
    saves: () => [savedInput(1)],
    inputs(a, [x, regions, images]) {
      const { count, channels, out } = geometry(a, x as Shape, regions as Shape, images as Shape);
      const outputs = [factor('n', count), factor('c', channels), factor('h', out[0]), factor('w', out[1])];
      const taps = [factor('samples h', a.samples), factor('samples w', a.samples), factor('neighbours', 4)];
      return [[each({ divide: 1 }, outputs), each({ multiply: 1, add: 1 }, [...outputs, ...taps])], 'none', 'none'];
    },
    run(a, { inputs: [x, second, third], gradients: [g] }, { inputs: alu, kept }) {
      const [image, regions, images] = [x as Tensor, second as Tensor, third as Tensor];
      const to = alu.zeros(image.shape);
      const { channels } = geometry(a, image.shape, regions.shape, images.shape);
      eachCell(a, image.shape, regions, images, kept, (plane, output, taps) => {
        for (let channel = 0; channel < channels; channel++) {
          const [start, size] = [plane(channel), a.samples ** 2];
          const share = alu.divide((g as Tensor).data[output(channel)], elementOf(size));
          for (const [offset, part] of taps) to.data[start + offset] = alu.add(to.data[start + offset], alu.multiply(share, part));
        }
      });
      return { inputs: [to, undefined, undefined], weights: {} };
    },
  },
  run(a, [x, second, third], _, alu) {
    const [regions, images] = [second as Tensor, third as Tensor];
    const { count, channels, out } = geometry(a, x.shape, regions.shape, images.shape);
    const y = alu.zeros([count, channels, ...out]);
    eachCell(a, x.shape, regions, images, alu, (plane, output, taps) => {
      for (let channel = 0; channel < channels; channel++) {
        let sum = ZERO;
        for (const [offset, share] of taps) sum = alu.add(sum, alu.multiply(x.data[plane(channel) + offset], share));
        y.data[output(channel)] = alu.divide(sum, elementOf(a.samples ** 2));
      }
    });
    return y;
  },
});
