import { type Shape, sameShape } from '../../../core/shape.ts';
import { fail } from '../../../problems/problem.ts';
import { type Call, choice, input, int, type ReadRule, type ReadRules } from '../../read/call.ts';
import { held, type ReadValue } from '../../read/value.ts';

const isZero = (value: ReadValue): boolean => value.isConstant && (value.elements()?.every((element) => Number(element) === 0) ?? false);

/** States to start from: none where they are zero, as they are unless given; all where one is not. They are not learned. */
function startOf(call: Call, cell: string, wanted: Shape): ReadValue[] {
  const given = (cell === 'lstm' ? [call.inputs[5], call.inputs[6]] : [call.inputs[5]]).map((value) => value && held(value));
  for (const value of given)
    if (value !== undefined && !sameShape(value.shape, wanted))
      throw fail('ONNX_WEIGHT_MISFIT', { operator: call.node.operator, role: 'state to start from', given: value.shape, wanted });
  const some = given.find((value) => value !== undefined && !isZero(value));
  if (some === undefined) return [];
  const zeros: ReadValue = { type: some.type, shape: some.shape, isConstant: true, elements: () => undefined };
  return given.map((value) => value ?? zeros);
}

const recurrent =
  (cell: 'lstm' | 'gru' | 'rnn'): ReadRule =>
  (call) => {
    const { node } = call;
    const [x, matrix, states, bias] = [input(call, 0), input(call, 1), input(call, 2), call.inputs[3]];
    const hidden = int(node, 'hidden_size') ?? (states.shape.at(-1) as number);
    const peepholes = cell === 'lstm' ? call.inputs[7] : undefined;
    const both = choice(node, 'direction', ['forward', 'reverse', 'bidirectional']) === 'bidirectional';
    const isBatchFirst = int(node, 'layout') === 1;
    const batch = x.shape[isBatchFirst ? 0 : 1] as number;
    const start: Shape = isBatchFirst ? [batch, both ? 2 : 1, hidden] : [both ? 2 : 1, batch, hidden];
    const attributes = {
      cell,
      hidden,
      both,
      bias: bias !== undefined,
      peepholes: peepholes !== undefined,
      resetafter: cell === 'gru' && int(node, 'linear_before_reset') === 1,
      batchfirst: isBatchFirst,
    };
    const weights = { matrix, recurrent: states, ...(bias !== undefined && { bias }), ...(peepholes !== undefined && { peepholes }) };
    const types = [x.type, x.type, x.type];
    return call.layer('recurrent', attributes, [x, ...startOf(call, cell, start)], { weights, types });
  };

/** Networks that run over steps. */
export const recurrence: ReadRules = { LSTM: recurrent('lstm'), GRU: recurrent('gru'), RNN: recurrent('rnn') };
