/** From values to places, and the values that an axis names. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** The steps of a ruler: 1, 2 or 5 times a power of ten, so that there are about `count` of them. */
function stepOf(length: number, count: number): number {
  const rough = length / Math.max(count, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
}

/** From 0 to at least `most`. */
export function linear(most: number, [from, to]: readonly [number, number], count: number): Scale {
  const step = stepOf(most > 0 ? most : 1, count);
  const last = Math.max(Math.ceil(most / step - 1e-9), 1);
  return {
    at: (value) => from + ((to - from) * value) / (last * step),
    ticks: Array.from({ length: last + 1 }, (_, index) => index * step),
  };
}

/** Powers of ten around the values, all of them positive. */
export function logarithmic(values: readonly number[], [from, to]: readonly [number, number], count: number): Scale {
  const logs = values.map(Math.log10);
  const least = logs.length === 0 ? 0 : Math.floor(logs.reduce((a, b) => Math.min(a, b)));
  const most = Math.max(logs.length === 0 ? 1 : Math.ceil(logs.reduce((a, b) => Math.max(a, b)) - 1e-9), least + 1);
  const every = Math.ceil((most - least) / Math.max(count, 1));
  return {
    at: (value) => from + ((to - from) * (Math.log10(value) - least)) / (most - least),
    ticks: Array.from({ length: Math.floor((most - least) / every) + 1 }, (_, index) => 10 ** (least + index * every)),
  };
}
