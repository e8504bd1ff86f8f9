import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { FastKernel } from './by-operator.ts';
import type { Exports } from './exports.ts';
import type { Machine } from './machine.ts';
import { Resident } from './resident.ts';

/** A loop of the module that goes from element to element, in whatever order they lie. */
type Loop = (exports: Exports, x: number, count: number, y: number) => void;

const perElement =
  (loop: (attributes: object) => Loop): FastKernel =>
  ({ machine, node, inputs, spent }) => {
    const input = inputs[0] as Tensor;
    const x = input instanceof Resident ? input : machine.asIn(input, 'channels first');
    const y = machine.takeOver(x, spent);
    loop(node.attributes)(machine.exports, x.place, x.elements, y.place);
    return y;
  };

export const relu = perElement(() => (exports, x, count, y) => exports.rectify(x, count, y));

export const silu = perElement(() => (exports, x, count, y) => exports.silu(x, count, y));

export const gelu = perElement((attributes) =>
  (attributes as { readonly approximate: 'none' | 'tanh' }).approximate === 'tanh'
    ? (exports, x, count, y) => exports.geluByTanh(x, count, y)
    : (exports, x, count, y) => exports.gelu(x, count, y),
);

/** A loop over two tensors of one shape; others are left to the reference kernel. */
const ofTwo =
  (loop: (exports: Exports, a: number, b: number, count: number, y: number) => void): FastKernel =>
  ({ machine, inputs, spent }) => {
    const [first, second] = inputs as [Tensor, Tensor];
    if (inputs.length !== 2 || !sameShape(first.shape, second.shape)) return undefined;
    const layout = first instanceof Resident ? first.layout : 'channels first';
    const [a, b] = both(machine, first, second, layout);
    const y = machine.takeOver(a, spent);
    loop(machine.exports, a.place, b.place, a.elements, y.place);
    return y;
  };

const both = (machine: Machine, first: Tensor, second: Tensor, layout: Resident['layout']): [Resident, Resident] => [
  machine.asIn(first, layout),
  machine.asIn(second, layout),
];

export const add = ofTwo((exports, a, b, count, y) => exports.sum(a, b, count, y));

export const multiply = ofTwo((exports, a, b, count, y) => exports.times(a, b, count, y));
