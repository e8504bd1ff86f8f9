import { elementCount } from '../../../core/shape.ts';
import type { OperatorName } from '../../../operators/registry.ts';
import { broken, type Call, input, int, ints, type ReadRule, type ReadRules } from '../../read/call.ts';
import { picked, uncounted } from '../../read/layers.ts';
import { steeringIfAny } from '../../read/steering.ts';
import type { ReadValue } from '../../read/value.ts';
import { paddingOf, readWindow } from '../../read/window.ts';

/** The window of a sliding pool; its stride is 1 unless given. */
function sliding(call: Call): {
  kernel: number[];
  stride: number[];
  dilation: number[];
  padding: ReturnType<typeof paddingOf>;
  ceil: boolean;
} {
  const kernel = ints(call.node, 'kernel_shape');
  if (kernel === undefined) throw broken(call.node, 'it has no "kernel_shape"');
  const padding = paddingOf(call.node, kernel.length);
  return { kernel: [...kernel], ...readWindow(call.node, kernel.length), padding, ceil: int(call.node, 'ceil_mode') === 1 };
}

const maxpool: ReadRule = (call) => {
  const x = input(call, 0);
  if (call.node.outputs.length < 2) return call.layer('maxpool', sliding(call), [x]);
  const columns = int(call.node, 'storage_order') === 1;
  return call.layer('maxpool', { ...sliding(call), places: true, columns }, [x], { types: [x.type, 'int64'] });
};

const avgpool: ReadRule = (call) => {
  const { dilation, ...window } = sliding(call);
  const x = input(call, 0);
  if (dilation.every((apart) => apart === 1))
    return call.layer('avgpool', { ...window, countpad: int(call.node, 'count_include_pad') === 1 }, [x]);
  return uncounted(call, [x], [shapeOfPool(call, x)]);
};

/** The shape that a max pool of the same window has. */
const shapeOfPool = (call: Call, x: ReadValue) => call.shapeOf('maxpool', sliding(call), [x]);

const globally =
  (operator: OperatorName): ReadRule =>
  (call) =>
    call.layer(operator, {}, [input(call, 0)]);

/** The root of the sum of squares over the positions of each channel. */
const globalLpPool: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = [...x.shape.keys()].slice(2);
  const p = int(call.node, 'p') ?? 2;
  if (p > 2) return uncounted(call, [x], [x.shape.map((size, index) => (index < 2 ? size : 1))]);
  return call.layer('reduce', { by: p === 2 ? 'l2' : 'l1', axis }, [x]);
};

/** The root of the sum of powers in a window: powers, their mean, and what makes sums of means again. */
const lpPool: ReadRule = (call) => {
  const x = input(call, 0);
  const { dilation, ...window } = sliding(call);
  const p = int(call.node, 'p') ?? 2;
  if (!dilation.every((apart) => apart === 1) || p < 1) return uncounted(call, [x], [shapeOfPool(call, x)]);
  const [powers] =
    p === 2 ? call.layer('arithmetic', { operation: 'square', number: 2 }, [x]) : call.layer('pointwise', { function: 'absolute' }, [x]);
  const raised = p > 2 ? call.layer('arithmetic', { operation: 'power', number: p }, [powers as ReadValue]) : [powers as ReadValue];
  const means = call.layer('avgpool', { ...window, countpad: true }, raised);
  const sums = call.layer('arithmetic', { operation: 'multiply', number: elementCount(window.kernel) }, means);
  if (p === 1) return sums;
  return p === 2
    ? call.layer('pointwise', { function: 'sqrt' }, sums)
    : call.layer('arithmetic', { operation: 'power', number: 1 / p }, sums);
};

const maxUnpool: ReadRule = (call) => {
  const x = input(call, 0);
  const given = steeringIfAny(call, 2);
  const { kernel, stride, padding } = sliding(call);
  if (x.shape.length !== kernel.length + 2) throw broken(call.node, `its window has ${kernel.length} axes, its input ${x.shape.length}`);
  const pads = typeof padding === 'string' ? kernel.map(() => [0, 0] as const) : padding;
  const spatial = x.shape.slice(2).map((size, axis) => {
    const [before, after] = pads[axis] as readonly [number, number];
    return (size - 1) * (stride[axis] as number) + (kernel[axis] as number) - before - after;
  });
  const within = [...x.shape.slice(0, 2), ...spatial];
  return picked(call, { by: 'maxunpool', within, to: [given ?? within] }, [x, input(call, 1)]);
};

/** Pools. */
export const pooling: ReadRules = {
  MaxPool: maxpool,
  AveragePool: avgpool,
  LpPool: lpPool,
  GlobalMaxPool: globally('globalmaxpool'),
  GlobalAveragePool: globally('globalavgpool'),
  GlobalLpPool: globalLpPool,
  MaxUnpool: maxUnpool,
};
