import { type Call, input, int, type Rule, type Rules, text } from '../../read/call.ts';
import { isWeight, type Value } from '../../read/value.ts';

const isZero = (value: Value): boolean =>
  !isWeight(value) && value.isConstant && (value.elements()?.every((element) => Number(element) === 0) ?? false);

/** States to start from: none where they are zero, as they are unless given; all where one is not. */
function startOf(call: Call, cell: string): Value[] {
  const given = cell === 'lstm' ? [call.inputs[5], call.inputs[6]] : [call.inputs[5]];
  const some = given.find((value) => value !== undefined && !isZero(value));
  if (some === undefined) return [];
  const zeros: Value = { type: some.type, shape: some.shape, isConstant: true, elements: () => undefined };
  return given.map((value) => value ?? zeros);
}

const recurrent =
  (cell: 'lstm' | 'gru' | 'rnn'): Rule =>
  (call) => {
    const { node } = call;
    const [x, matrix, states, bias] = [input(call, 0), input(call, 1), input(call, 2), call.inputs[3]];
    const hidden = int(node, 'hidden_size') ?? (states.shape.at(-1) as number);
    const peepholes = cell === 'lstm' ? call.inputs[7] : undefined;
    const attributes = {
      cell,
      hidden,
      both: text(node, 'direction') === 'bidirectional',
      bias: bias !== undefined,
      peepholes: peepholes !== undefined,
      resetafter: cell === 'gru' && int(node, 'linear_before_reset') === 1,
      batchfirst: int(node, 'layout') === 1,
    };
    const weights = { matrix, recurrent: states, ...(bias !== undefined && { bias }), ...(peepholes !== undefined && { peepholes }) };
    const types = [x.type, x.type, x.type];
    return call.layer('recurrent', attributes, [x, ...startOf(call, cell)], { weights, types });
  };

/** Networks that run over steps. */
export const recurrence: Rules = { LSTM: recurrent('lstm'), GRU: recurrent('gru'), RNN: recurrent('rnn') };
