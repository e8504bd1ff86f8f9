import { type Call, input, type Rule, type Rules, text } from '../call.ts';
import type { Value } from '../value.ts';
import { joinedBy } from './elementwise.ts';
import { movedTo } from './layers.ts';

/** The loss of each label: its logarithm, picked, turned round and weighted; then their mean or sum. */
function likelihood(call: Call, logarithms: Value, labels: Value, weights: Value | undefined): Value {
  const [picked] = movedTo(call, [logarithms, labels], [labels.shape]) as [Value];
  const [negative] = call.layer('pointwise', { function: 'negative' }, [picked]) as [Value];
  const factors = weights === undefined ? undefined : (movedTo(call, [weights, labels], [labels.shape])[0] as Value);
  const losses =
    factors === undefined ? negative : (joinedBy(call, 'multiply', [negative, factors], labels.shape, negative.type)[0] as Value);
  const by = text(call.node, 'reduction') ?? 'mean';
  if (by === 'none') return losses;
  const all = { axis: [...labels.shape.keys()], keep: false };
  if (by === 'sum' || factors === undefined) return call.layer('reduce', { by, ...all }, [losses], { shapes: [[]] })[0] as Value;
  // A weighted mean divides by the sum of the weights.
  const [total] = call.layer('reduce', { by: 'sum', ...all }, [losses], { shapes: [[]] });
  const [divisor] = call.layer('reduce', { by: 'sum', ...all }, [factors], { shapes: [[]] });
  return joinedBy(call, 'divide', [total as Value, divisor as Value], [], losses.type)[0] as Value;
}

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
