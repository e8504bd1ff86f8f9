import { verify } from '../../src/execute/verify.ts';
import type { OperatorName } from '../../src/operators/registry.ts';
import { runnable } from '../operators/cases.ts';
import { graphOf } from './graph-of.ts';

// What `verify` says of layers whose formulas may be wrong. A module of its own, so that it can be bundled with a formula changed.

const layer = (name: OperatorName, attributes: object, inputs: readonly (readonly number[])[]) => ({ name, attributes, inputs });

/** Matrices whose stacks broadcast from either side. */
const products = [
  layer('matmul', {}, [
    [2, 3, 4],
    [4, 5],
  ]),
  layer('matmul', { transpose: true }, [
    [3, 4],
    [2, 2, 5, 4],
  ]),
];

/** Windows whose padding, stride, dilation and rest differ on both sides and both axes. */
const windows = [
  layer('conv', { out: 4, kernel: 4, stride: 2, padding: 'same' }, [[1, 2, 9, 8]]),
  layer('conv', { out: 4, kernel: 4, stride: 3, padding: 'same_lower' }, [[1, 2, 9, 8]]),
  layer(
    'conv',
    {
      out: 4,
      kernel: [2, 3],
      stride: [2, 1],
      padding: [
        [0, 1],
        [2, 1],
      ],
      dilation: [3, 2],
      groups: 2,
    },
    [[2, 4, 9, 8]],
  ),
  layer(
    'conv',
    {
      out: 2,
      kernel: 3,
      stride: 2,
      padding: [
        [0, 1],
        [0, 1],
      ],
    },
    [[1, 2, 8, 8]],
  ),
  layer('conv', { out: 2, kernel: 3, padding: 'same', dilation: 2 }, [[1, 2, 9, 9]]),
  layer('maxpool', { kernel: 3, stride: 2, ceil: true }, [[1, 2, 8, 8]]),
  layer('maxpool', { kernel: 3, stride: 2, ceil: true, padding: 1, places: true }, [[1, 2, 8, 7]]),
  layer('avgpool', { kernel: 2, stride: 3, ceil: true, padding: 1 }, [[1, 2, 8, 7]]),
  layer(
    'convtranspose',
    {
      out: 4,
      kernel: [2, 3],
      stride: [2, 3],
      padding: [
        [0, 1],
        [2, 1],
      ],
      dilation: [3, 1],
      groups: 2,
      outputpadding: 1,
    },
    [[2, 4, 5, 4]],
  ),
];

const move = (by: string, attributes: object, ...inputs: (readonly number[])[]) => layer('move', { by, ...attributes }, inputs);

/** Equations with several axes behind "…", three factors, letters that a later factor needs, and a scalar. */
const equations = [
  layer('einsum', { equation: '...ij,...jk->...ik' }, [
    [2, 3, 4, 2],
    [3, 2, 5],
  ]),
  layer('einsum', { equation: '...ij,...jk' }, [
    [3, 4, 2],
    [7, 3, 2, 5],
  ]),
  layer('einsum', { equation: 'ij,jk,kl->il' }, [
    [2, 3],
    [3, 4],
    [4, 5],
  ]),
  layer('einsum', { equation: 'ij,k,jl,km->im' }, [[2, 3], [5], [3, 4], [5, 7]]),
  layer('einsum', { equation: 'i,i->' }, [[5], [5]]),
];

/** Every way to pick, with axes of sizes of their own. */
const picks = [
  move(
    'gather',
    {
      axis: -2,
      indices: [
        [0, 2, 1],
        [1, 1, 0],
      ],
    },
    [2, 3, 4],
  ),
  move('gather', { axis: 1 }, [2, 3, 4], [5]),
  move('gatherelements', { axis: 1 }, [2, 3, 4], [2, 5, 4]),
  move('gathernd', {}, [3, 4, 5], [6, 2]),
  move('gathernd', { batch: 1 }, [2, 3, 4, 5], [2, 7, 1]),
  move('scatterelements', { axis: 1 }, [2, 3], [2, 1], [2, 1]),
  move('scatternd', {}, [3, 4], [2, 1], [2, 4]),
  move('expand', { to: [[2, 3, 4]] }, [3, 1]),
  move('tile', { repeats: [2, 1, 3] }, [3, 2]),
  move('where', {}, [2, 1], [1, 3], [2, 3]),
  move('slice', { to: [[2, 2]], start: [0, 4], step: [1, -3] }, [2, 5]),
  move('transpose', { order: [2, 0, 1] }, [2, 3, 4]),
  move('depthtospace', { block: 2 }, [2, 12, 3, 5]),
  move('depthtospace', { block: 3, mode: 'CRD' }, [1, 18, 2, 1]),
  move('spacetodepth', { block: 2 }, [2, 3, 6, 4]),
  move('depthtospace', { to: [[2, 3, 6, 10]] }, [2, 12, 3, 5]),
  move('spacetodepth', { to: [[2, 27, 2, 3]] }, [2, 3, 6, 9]),
  move('trilu', {}, [2, 3, 4]),
  move('onehot', { axis: 1, depth: 5 }, [2, 3]),
  move('onehot', { depth: 4 }, [2, 3]),
  move('compress', { axis: -1, indices: [0, 2] }, [2, 3]),
  move('compress', { indices: [0, 2, 5] }, [2, 3]),
  move('reversesequence', { axis: 1 }, [2, 3, 4], [2]),
  move(
    'pad',
    {
      amount: [
        [0, 1],
        [2, -1],
      ],
    },
    [2, 5],
  ),
  move('centercroppad', { to: [[4, 3]] }, [2, 5]),
  move('maxunpool', { within: [1, 1, 8] }, [1, 1, 4], [1, 1, 4]),
  move(
    'resize',
    {
      indices: [
        [0, 1, 1],
        [2, 0],
      ],
    },
    [2, 3],
  ),
  move('offset', {}, [5, 3]),
  move('distance', {}, [2, 3, 8]),
  move('label', { ignore: 0 }, [2, 3, 4], [2, 4]),
  move('labelweight', {}, [3], [2, 4]),
  move('stack', {}, [2, 3], [2, 3], [2, 3]),
  move('random', { to: [[2, 3]] }, [1]),
  move('fill', { to: [[2, 3]], value: 2 }, [1]),
  move('cast', { mode: 'truth' }, [2, 3]),
  move('and', {}, [2, 1, 4], [3, 1]),
  move('not', {}, [2, 3]),
  move('bitwisexor', {}, [2, 3], [3]),
  move('bitshift', { mode: 'LEFT' }, [2, 3], [1]),
];

export type Verdict = 'holds' | 'does not hold' | 'cannot be run';

function verdictOf(layer: Asked): Verdict {
  try {
    return verify(graphOf(layer)).holds ? 'holds' : 'does not hold';
  } catch {
    return 'cannot be run';
  }
}

/** One layer, by what it is asked for. */
export type Asked = Parameters<typeof graphOf>[0];

/** The verdict on each layer. */
export const judge = (layers: readonly Asked[]): { readonly name: OperatorName; readonly verdict: Verdict }[] =>
  layers.map((asked) => ({ name: asked.name, verdict: verdictOf(asked) }));

/** Layers of all operators. */
export const LAYERS: readonly Asked[] = [...runnable, ...windows, ...products, ...equations, ...picks];

/** The verdict on each layer of all operators. */
export const verdicts = (): ReturnType<typeof judge> => judge(LAYERS);
