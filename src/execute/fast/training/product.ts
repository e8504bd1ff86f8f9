import { placesOf } from '../../../core/places.ts';
import { broadcast, elementCount, type Shape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { matrixAt } from '../../../operators/matmul.ts';
import type { Elements } from '../../elements.ts';
import { blocksOf } from '../blocks.ts';
import type { Machine } from '../machine.ts';
import type { Matrix } from '../product.ts';
import type { Resident } from '../resident.ts';
import type { FastBackward } from './running-back.ts';
import { columnSums } from './sums.ts';

interface Sizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

function zeros(machine: Machine, shape: Shape): Resident {
  const y = machine.take(shape);
  machine.memory.floats(y.place, y.elements).fill(0);
  return y;
}

/** y += a · b, where rows of `a` and of `y` lie together. */
function multiplyOnto(machine: Machine, { rows, inner, columns }: Sizes, a: Matrix, b: Matrix, y: Matrix): void {
  const { exports } = machine;
  const places = machine.room(rows);
  const nowhere = machine.room(8);
  const packed = machine.room(8 * inner);
  exports.listPlaces(y.place, rows, 4 * y.down, places);
  for (const { first, width } of blocksOf(columns)) {
    exports.packColumns(b.place + 4 * first * b.across, inner, b.down, b.across, width, packed);
    exports.multiplyOnto(a.place, 4 * a.down, rows, inner, packed, width, places, 4 * first, nowhere);
  }
}

/** The same matrix with rows for columns, until the node has run. */
function turned(machine: Machine, place: number, rows: number, columns: number): Matrix {
  const into = machine.room(rows * columns);
  machine.exports.transpose(place, 1, rows, columns, into);
  return { place: into, down: rows, across: 1 };
}

export const linear: FastBackward = ({ machine, pass, tally }) => {
  const { needs } = pass;
  const [x, g] = [pass.inputs[0], pass.gradients[0]].map((tensor) => machine.asIn(tensor as Tensor, 'channels first')) as [
    Resident,
    Resident,
  ];
  const matrix = pass.weights.matrix as Elements;
  const [out, inner] = matrix.shape as [number, number];
  const rows = elementCount(x.shape) / inner;
  const toX = needs.inputs[0] === true ? tally.for('inputs', () => rowsBack(machine, x, g, matrix, rows)) : undefined;
  const toMatrix =
    needs.weights.matrix === true
      ? tally.for('weights', () => {
          const y = zeros(machine, matrix.shape);
          const a = turned(machine, g.place, rows, out);
          multiplyOnto(machine, { rows: out, inner: rows, columns: inner }, a, matrixIn(x.place, inner), matrixIn(y.place, inner));
          return y;
        })
      : undefined;
  const toBias = needs.weights.bias === true ? tally.for('weights', () => columnSums(machine, g, out)) : undefined;
  return { inputs: [toX], weights: { ...(toMatrix && { matrix: toMatrix }), ...(toBias && { bias: toBias }) } };
};

const matrixIn = (place: number, down: number): Matrix => ({ place, down, across: 1 });

/** The gradient of each row times the matrix `[out, in]`, whose numbers may come again and again. */
function rowsBack(machine: Machine, x: Resident, g: Resident, { numbers, start, shape }: Elements, rows: number): Resident {
  const { exports } = machine;
  const [out, inner] = shape as [number, number];
  const y = zeros(machine, x.shape);
  const [held, places, nowhere, packed] = [machine.hold(numbers), machine.room(rows), machine.room(8), machine.room(8 * out)];
  exports.listPlaces(y.place, rows, 4 * inner, places);
  const period = numbers.length;
  for (const { first, width } of blocksOf(inner)) {
    exports.packMatrix(held, period, (start + first) % period, out, inner % period, width, 1 % period, packed);
    exports.multiplyOnto(g.place, 4 * out, rows, out, packed, width, places, 4 * first, nowhere);
  }
  return y;
}

export const matmul: FastBackward = ({ machine, node, pass, tally }) => {
  const { transpose } = node.attributes as { readonly transpose: boolean };
  const [a, b, g] = [...pass.inputs, pass.gradients[0]].map((tensor) => machine.asIn(tensor as Tensor, 'channels first')) as [
    Resident,
    Resident,
    Resident,
  ];
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(transpose ? -2 : -1) as number;
  const stack = placesOf(broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)) as Shape);
  const along = (visit: (left: number, right: number, out: number) => void): void => {
    for (const [i, at] of stack.entries())
      visit(4 * matrixAt(a.shape, at) * rows * inner, 4 * matrixAt(b.shape, at) * inner * columns, g.place + 4 * i * rows * columns);
  };
  const toA = (): Resident => {
    const y = zeros(machine, a.shape);
    const [down, across] = transpose ? [inner, 1] : [1, columns];
    along((left, right, out) =>
      multiplyOnto(
        machine,
        { rows, inner: columns, columns: inner },
        matrixIn(out, columns),
        { place: b.place + right, down, across },
        matrixIn(y.place + left, inner),
      ),
    );
    return y;
  };
  const toB = (): Resident => {
    const y = zeros(machine, b.shape);
    along((left, right, out) => {
      if (transpose)
        multiplyOnto(
          machine,
          { rows: columns, inner: rows, columns: inner },
          turned(machine, out, rows, columns),
          matrixIn(a.place + left, inner),
          matrixIn(y.place + right, inner),
        );
      else
        multiplyOnto(
          machine,
          { rows: inner, inner: rows, columns },
          turned(machine, a.place + left, rows, inner),
          matrixIn(out, columns),
          matrixIn(y.place + right, columns),
        );
    });
    return y;
  };
  const { needs } = pass;
  return {
    inputs: [
      needs.inputs[0] === true ? tally.for('inputs', toA) : undefined,
      needs.inputs[1] === true ? tally.for('inputs', toB) : undefined,
    ],
    weights: {},
  };
};
