import { type Call, input, int, type Rule, type Rules, text } from '../../read/call.ts';
import { picked } from '../../read/layers.ts';
import type { Value } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/** The loss of each label: its logarithm, picked, turned round and weighted; then their mean or sum. */
function likelihood(call: Call, logarithms: Value, labels: Value, weights: Value | undefined): Value {
  // A label that is to be ignored has no loss, and no weight.
  const ignore = int(call.node, 'ignore_index');
  const [chosen] = picked(call, { by: 'label', ignore }, [logarithms, labels]) as [Value];
  const [negative] = call.layer('pointwise', { function: 'negative' }, [chosen]) as [Value];
  const weighing = weights !== undefined || (ignore !== undefined && reductionOf(call) === 'mean');
  const [factors] = weighing
    ? picked(call, { by: 'labelweight', ignore }, weights === undefined ? [labels] : [weights, labels], logarithms.type)
    : [];
  const [losses] =
    weights === undefined || factors === undefined
      ? [negative]
      : (joinedBy(call, 'multiply', [negative, factors], labels.shape, negative.type) as [Value]);
  const by = reductionOf(call);
  if (by === 'none') return losses;
  const all = { axis: [...labels.shape.keys()], keep: false };
  if (by === 'sum' || factors === undefined) return call.layer('reduce', { by, ...all }, [losses], { shapes: [[]] })[0] as Value;
  // A weighted mean divides by the sum of the weights.
  const [total] = call.layer('reduce', { by: 'sum', ...all }, [losses], { shapes: [[]] });
  const [divisor] = call.layer('reduce', { by: 'sum', ...all }, [factors], { shapes: [[]] });
  return joinedBy(call, 'divide', [total as Value, divisor as Value], [], losses.type)[0] as Value;
}

const reductionOf = ({ node }: Call): string => text(node, 'reduction') ?? 'mean';

const negativeLogLikelihood: Rule = (call) => [likelihood(call, input(call, 0), input(call, 1), call.inputs[2])];

const crossEntropy: Rule = (call) => {
  const [shares] = call.layer('softmax', { axis: 1 }, [input(call, 0)]);
  const [logarithms] = call.layer('pointwise', { function: 'log' }, [shares as Value]);
  return [likelihood(call, logarithms as Value, input(call, 1), call.inputs[2]), logarithms as Value];
};

/** What training ends with. */
export const losses: Rules = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: crossEntropy,
};
