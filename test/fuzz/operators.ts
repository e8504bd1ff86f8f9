import fc from 'fast-check';
import { DRAWN, drawnNames } from '../operators/drawn.ts';
import { type Random, TELLING } from './random.ts';

/** A spec of one operator that fits its inputs, with what may follow it, and at times one number that does not fit. */
export function drawnSpec(random: Random): string {
  const name = random.of(drawnNames);
  const [drawn] = fc.sample(DRAWN[name], { seed: random.below(2 ** 31), numRuns: 1 });
  const { attributes, inputs } = drawn as NonNullable<typeof drawn>;
  const names = inputs.map((_, index) => `x${index}`);
  const layers = [
    { from: names, name: 'it', [name]: attributes },
    ...random.list(2, () => random.of(['relu', 'softmax', { linear: { out: 3 } }, 'batchnorm', 'flatten'])),
  ];
  const text = JSON.stringify({
    input: Object.fromEntries(inputs.map((shape, index) => [`x${index}`, shape.slice(1)])),
    layers,
  });
  return random.chance(0.4) ? text.replace(/(?<=[:,[])-?\d+/g, (old) => (random.chance(0.15) ? String(random.of(TELLING)) : old)) : text;
}
