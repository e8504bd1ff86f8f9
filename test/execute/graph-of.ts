import type { Shape } from '../../src/core/shape.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';

interface One {
  readonly name: OperatorName;
  readonly attributes: object;
  readonly inputs: readonly Shape[];
}

/** A graph of one layer. */
export function graphOf({ name, attributes, inputs: shapes }: One): Graph {
  const builder = new GraphBuilder();
  const inputs = shapes.map((shape) => ({ shape }));
  const checked = operatorOf(name).attributes.parse(attributes) as object;
  const outputs = builder.add({ operator: name, attributes: checked, inputs, scope: builder.root, name });
  return builder.finish(
    name,
    'test',
    inputs.map((tensor, index) => ({ name: `${index}`, tensor })),
    outputs,
  );
}
