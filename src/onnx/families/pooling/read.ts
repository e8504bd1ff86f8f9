import { elementCount } from '../../../core/shape.ts';
import type { OperatorName } from '../../../operators/registry.ts';
import { broken, type Call, input, int, ints, type ReadRule, type ReadRules } from '../../read/call.ts';
import { filled, picked, uncounted } from '../../read/layers.ts';
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

type Window = ReturnType<typeof sliding>;

/**
 * As onnxruntime counts positions: room / stride, rounded towards 0, and 1. A window that is larger than what it slides over has
 * none, or one of which a part lies beyond the end, which is as if there were padding.
 */
function fitted(call: Call, x: ReadValue): { readonly window: Window; readonly isEmpty: readonly boolean[] } {
  const window = sliding(call);
  const { padding, kernel, stride, dilation } = window;
  if (ints(call.node, 'pads')?.some((amount, at) => amount >= (kernel[at % kernel.length] as number)) === true)
    call.fault('it pads by as much as its window has');
  if (padding === 'same' || padding === 'same_lower') return { window, isEmpty: [] };
  const sides = padding === 'valid' ? kernel.map((): [number, number] => [0, 0]) : padding;
  const rooms = kernel.map((taps, axis) => {
    const [before, after] = sides[axis] as [number, number];
    return (x.shape[axis + 2] ?? 0) + before + after - (taps - 1) * (dilation[axis] as number) - 1;
  });
  if (x.shape.length !== kernel.length + 2 || rooms.every((room) => room >= 0)) return { window, isEmpty: [] };
  const counts = rooms.map((room, axis) => Math.trunc(room / (stride[axis] as number)) + 1);
  if (counts.some((positions) => positions < 0)) return { window, isEmpty: [] };
  const widened = sides.map(([before, after], axis): [number, number] => [before, after + Math.max(0, -(rooms[axis] as number))]);
  return { window: { ...window, padding: widened }, isEmpty: counts.map((positions) => positions === 0) };
}

/** A pool by its window; of no positions where there are none. */
const pooled =
  (outputs: number, pool: (call: Call, x: ReadValue, window: Window) => readonly ReadValue[]): ReadRule =>
  (call) => {
    const x = input(call, 0);
    const { window, isEmpty } = fitted(call, x);
    if (!isEmpty.includes(true)) return pool(call, x, window);
    const shape = call.shapeOf('maxpool', window, [x]).map((size, axis) => (isEmpty[axis - 2] === true ? 0 : size));
    return Array.from({ length: Math.min(outputs, call.node.outputs.length) }, (_, output) =>
      filled(call, [x], shape, output === 0 ? x.type : 'int64'),
    ).flat();
  };

const maxpool = pooled(2, (call, x, window) => {
  if (call.node.outputs.length < 2) return call.layer('maxpool', window, [x]);
  const columns = int(call.node, 'storage_order') === 1;
  return call.layer('maxpool', { ...window, places: true, columns }, [x], { types: [x.type, 'int64'] });
});

const avgpool = pooled(1, (call, x, { dilation, ...window }) => {
  if (dilation.every((apart) => apart === 1))
    return call.layer('avgpool', { ...window, countpad: int(call.node, 'count_include_pad') === 1 }, [x]);
  return uncounted(call, [x], [call.shapeOf('maxpool', { ...window, dilation }, [x])]);
});

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
const lpPool = pooled(1, (call, x, { dilation, ...window }) => {
  const p = int(call.node, 'p') ?? 2;
  if (!dilation.every((apart) => apart === 1) || p < 1)
    return uncounted(call, [x], [call.shapeOf('maxpool', { ...window, dilation }, [x])]);
  const [powers] =
    p === 2 ? call.layer('arithmetic', { operation: 'square', number: 2 }, [x]) : call.layer('pointwise', { function: 'absolute' }, [x]);
  const raised = p > 2 ? call.layer('arithmetic', { operation: 'power', number: p }, [powers as ReadValue]) : [powers as ReadValue];
  const means = call.layer('avgpool', { ...window, countpad: true }, raised);
  const sums = call.layer('arithmetic', { operation: 'multiply', number: elementCount(window.kernel) }, means);
  if (p === 1) return sums;
  return p === 2
    ? call.layer('pointwise', { function: 'sqrt' }, sums)
    : call.layer('arithmetic', { operation: 'power', number: 1 / p }, sums);
});

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
