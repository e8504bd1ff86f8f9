import { type Call, input, int, type ReadRule, type ReadRules, textAttribute } from '../../read/call.ts';
import { picked } from '../../read/layers.ts';
import type { ReadValue } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/** The loss of each label: its logarithm, picked, turned round and weighted; then their mean or sum. */
function likelihood(call: Call, logarithms: ReadValue, labels: ReadValue, weights: ReadValue | undefined): ReadValue {
  // A label that is to be ignored has no loss, and no weight.
  const ignore = int(call.node, 'ignore_index');
  const [chosen] = picked(call, { by: 'label', ignore }, [logarithms, labels]) as [ReadValue];
  const [negative] = call.layer('pointwise', { function: 'negative' }, [chosen]) as [ReadValue];
  const weighing = weights !== undefined || (ignore !== undefined && reductionOf(call) === 'mean');
  const [factors] = weighing
    ? picked(call, { by: 'labelweight', ignore }, weights === undefined ? [labels] : [weights, labels], logarithms.type)
    : [];
  const [losses] =
    weights === undefined || factors === undefined
      ? [negative]
      : (joinedBy(call, 'multiply', [negative, factors], labels.shape, negative.type) as [ReadValue]);
  const by = reductionOf(call);
  if (by === 'none') return losses;
  const all = { axis: [...labels.shape.keys()], keep: false };
  if (by === 'sum' || factors === undefined) return call.layer('reduce', { by, ...all }, [losses], { shapes: [[]] })[0] as ReadValue;
  // A weighted mean divides by the sum of the weights.
  const [total] = call.layer('reduce', { by: 'sum', ...all }, [losses], { shapes: [[]] });
  const [divisor] = call.layer('reduce', { by: 'sum', ...all }, [factors], { shapes: [[]] });
  return joinedBy(call, 'divide', [total as ReadValue, divisor as ReadValue], [], losses.type)[0] as ReadValue;
}

const reductionOf = ({ node }: Call): string => textAttribute(node, 'reduction') ?? 'mean';

const negativeLogLikelihood: ReadRule = (call) => [likelihood(call, input(call, 0), input(call, 1), call.inputs[2])];

const crossEntropy: ReadRule = (call) => {
  const [shares] = call.layer('softmax', { axis: 1 }, [input(call, 0)]);
  const [logarithms] = call.layer('pointwise', { function: 'log' }, [shares as ReadValue]);
  return [likelihood(call, logarithms as ReadValue, input(call, 1), call.inputs[2]), logarithms as ReadValue];
};

/** What training ends with. */
export const losses: ReadRules = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: crossEntropy,
};
