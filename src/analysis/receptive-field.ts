import type { Edge, Graph } from '../graph/graph.ts';
import type { Sight, Window } from '../operators/kit/operator.ts';
import { operatorOf } from '../operators/registry.ts';

/** How far one position of a tensor sees into the network's input, along one axis. */
export interface Field {
  /** From the first input position to the last, beyond the borders too; `NaN` where the grid of the input is lost. */
  readonly size: number;
  /** Input positions between two neighbours. */
  readonly stride: number;
}

/** For every spatial axis of the input, outermost first. */
export type Fields = readonly Field[];

const ONE: Field = { size: 1, stride: 1 };
const LOST: Field = { size: Number.NaN, stride: Number.NaN };

/**
 * The field behind one more window: r + (span − 1) · j, and j · stride.
 * Source: Araujo et al. 2019, Computing Receptive Fields of Convolutional Neural Networks, distill.pub, equations 1 and 2.
 */
const behind = ({ size, stride }: Field, sight: Sight): Field => ({
  size: size + (sight.span - 1) * stride,
  stride: stride * sight.stride,
});

const through = (fields: Fields, window: Window): Fields =>
  window === 'apart'
    ? fields.map(() => LOST)
    : fields.map((field, axis) => (window[axis] === undefined ? field : behind(field, window[axis] as Sight)));

/** Tensors joined: the widest view, on the finest grid; a tensor of one position is laid over all positions of the other. */
const joined = (all: readonly Fields[]): Fields =>
  (all[0] ?? []).map((_, axis) => ({
    size: Math.max(...all.map((fields) => fields[axis]?.size ?? 1)),
    stride: Math.min(...all.map((fields) => fields[axis]?.stride ?? Number.POSITIVE_INFINITY)),
  }));

/** The receptive field of the outputs of every node, in execution order. Paddings only shift windows, and are left out. */
export function receptiveFields(graph: Graph): Fields[] {
  const known = new Map<Edge, Fields>(graph.inputs.map(({ tensor }) => [tensor, tensor.shape.slice(2).map(() => ONE)]));
  return graph.nodes.map(({ operator, attributes, inputs, outputs }) => {
    const seen = inputs.flatMap((tensor) => fieldsOf(known, tensor));
    const window = operatorOf(operator).window?.(
      attributes,
      inputs.map(({ shape }) => shape),
    );
    const fields = window === undefined ? joined(seen) : through(joined(seen), window);
    for (const tensor of outputs) known.set(tensor, fields);
    return fields;
  });
}

/** What is known of a tensor; one that a layer holds sees nothing of the input. */
const fieldsOf = (known: ReadonlyMap<Edge, Fields>, tensor: Edge): Fields[] => {
  const fields = known.get(tensor);
  return fields === undefined || fields.length === 0 ? [] : [fields];
};
