import { verify } from '../../src/execute/verify.ts';
import type { OperatorName } from '../../src/operators/registry.ts';
import { runnable } from '../operators/cases.ts';
import { graphOf } from './graph-of.ts';

// What `verify` says of layers whose formulas may be wrong. A module of its own, so that it can be bundled with a formula changed.

const window = (name: OperatorName, attributes: object, inputs: readonly (readonly number[])[]) => ({ name, attributes, inputs });

/** Windows whose padding, stride, dilation and rest differ on both sides and both axes. */
const windows = [
  window('conv', { out: 4, kernel: 4, stride: 2, padding: 'same' }, [[1, 2, 9, 8]]),
  window('conv', { out: 4, kernel: 4, stride: 3, padding: 'same_lower' }, [[1, 2, 9, 8]]),
  window(
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
  window(
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
  window('conv', { out: 2, kernel: 3, padding: 'same', dilation: 2 }, [[1, 2, 9, 9]]),
  window('maxpool', { kernel: 3, stride: 2, ceil: true }, [[1, 2, 8, 8]]),
  window('maxpool', { kernel: 3, stride: 2, ceil: true, padding: 1, places: true }, [[1, 2, 8, 7]]),
  window('avgpool', { kernel: 2, stride: 3, ceil: true, padding: 1 }, [[1, 2, 8, 7]]),
  window(
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

export type Verdict = 'holds' | 'does not hold' | 'cannot be run';

function verdictOf(layer: Parameters<typeof graphOf>[0]): Verdict {
  try {
    return verify(graphOf(layer)).holds ? 'holds' : 'does not hold';
  } catch {
    return 'cannot be run';
  }
}

/** The verdict on each layer, of one operator or of all. */
export const verdicts = (): { readonly name: OperatorName; readonly verdict: Verdict }[] =>
  [...runnable, ...windows].map((layer) => ({ name: layer.name, verdict: verdictOf(layer) }));
