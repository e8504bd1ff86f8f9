import * as z from 'zod/mini';
import { about, flag, perAxis, withDefault } from './kit/attributes.ts';
import type { Inputs, Tensors } from './kit/operator.ts';
import { defineOperator } from './kit/operator.ts';
import { maximum, placesOfGreatest, slidingAttributes, slidingPool } from './kit/pool.ts';

const pool = slidingPool('maxpool', maximum);

const attributes = {
  ...slidingAttributes,
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring taps of the window.'),
  places: about(withDefault(flag, false), 'Whether a second output has the place of each greatest element.'),
  columns: about(withDefault(flag, false), 'Whether places are counted along columns, not rows.'),
};
type Attributes = z.infer<z.ZodMiniObject<typeof attributes>>;

export const maxpool = defineOperator({
  name: 'maxpool',
  summary:
    'Take the greatest element of a window that slides over [n, c, …]; the stride is the kernel unless given. With places: true a second output says where it stood in the whole input, counted along columns with columns: true.',
  attributes: z.strictObject(attributes),
  source: 'torch.nn.MaxPool1d, MaxPool2d, MaxPool3d; ONNX operator MaxPool',
  ...pool,
  shape(a: Attributes, inputs: Inputs) {
    const shape = pool.shape(a, inputs);
    return a.places ? [shape, shape] : shape;
  },
  reach(a: Attributes, inputs: Inputs) {
    const extent = pool.reach(a, inputs);
    return a.places ? [extent, extent] : extent;
  },
  run: (a: Attributes, inputs: Tensors, weights, alu) =>
    a.places ? placesOfGreatest(a, inputs[0], a.columns, alu) : pool.run(a, inputs, weights, alu),
});
