import { type Random, TELLING } from './random.ts';

/** Specs of real networks, a little changed: a number, a word in place of another, a line lost, doubled or moved. */

const NUMBER = /(?<![\w.#-])\d+(?![\w.-])/g;
const WORD = /(?<=[\s{[,$])[a-z_]+(?=[\s:,}\]])/g;

function replaceOne(text: string, pattern: RegExp, random: Random, by: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: old } = random.of(found);
  return text.slice(0, index) + by(old) + text.slice(index + old.length);
}

type Edit = (text: string, random: Random) => string;

const EDITS: readonly Edit[] = [
  (text, random) => replaceOne(text, NUMBER, random, () => String(random.of(TELLING))),
  (text, random) => replaceOne(text, NUMBER, random, (old) => String(Number(old) + random.of([-1, 1]))),
  (text, random) => replaceOne(text, WORD, random, () => random.of([...text.matchAll(WORD)].map(([word]) => word))),
  (text, random) => {
    const lines = text.split('\n');
    const [line = ''] = lines.splice(random.below(lines.length), 1);
    for (let copies = random.below(3); copies > 0; copies--) lines.splice(random.below(lines.length + 1), 0, line);
    return lines.join('\n');
  },
];

/** One to three edits, of which the first most often is of a number: so that many still mean something. */
export function edited(text: string, random: Random): string {
  let result = (EDITS[random.below(2)] as Edit)(text, random);
  for (let more = random.below(3); more > 0; more--) result = random.of(EDITS)(result, random);
  return result;
}
