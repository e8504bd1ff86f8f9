import { operatorNames, operatorOf } from '../../src/operators/registry.ts';
import { type Random, TELLING } from './random.ts';

/** Texts of specs that are nearly right: the grammar with telling values, and some signs changed. */

const WORDS = [
  'same',
  'valid',
  'B',
  'A',
  'identity',
  'none',
  'true',
  'false',
  'required',
  'gather',
  'mean',
  'sum',
  'nij,njk->nik',
  'x y',
  '"##[x"',
  '"\\e[31m"',
];
const NAMES = ['a', 'b', 'c', 'in', 'out', 'x1', 'conv', 'p'];
const EXPRESSIONS = [
  '$a',
  '$b',
  '$in',
  '$in.channels',
  '$in.0',
  '$index',
  '$to',
  'range(3)',
  'range(10000)',
  '$a * 2',
  '$in.height // 2',
  '$a / 0',
  '2 ^ 60',
  '($a + 1) to 8',
  '$l.0',
  '$l',
  'counts($l)',
  '1 if $b else 2',
  '$in.rank == 4',
  '$index < 3',
];

const number = (random: Random): string => String(random.chance(0.05) ? 1.5 : random.of(TELLING));

function value(random: Random, depth = 0): string {
  const kind = random.next();
  if (kind < 0.5) return number(random);
  if (kind < 0.7 && depth < 2) return `[${random.list(4, () => value(random, depth + 1)).join(', ')}]`;
  return kind < 0.85 ? `"${random.of(EXPRESSIONS)}"` : random.of(WORDS);
}

const modifiers = (random: Random): string[] => [
  ...(random.chance(0.2) ? [`name: ${random.of(NAMES)}`] : []),
  ...(random.chance(0.15)
    ? [`from: ${random.chance(0.5) ? random.of(NAMES) : `[${random.list(3, () => random.of(NAMES)).join(', ')}]`}`]
    : []),
  ...(random.chance(0.1) ? [`when: "${random.of(EXPRESSIONS)}"`] : []),
  ...(random.chance(0.15) ? [`repeat: ${value(random)}`] : []),
  ...(random.chance(0.05) ? [`weights: ${random.of(NAMES)}`] : []),
];

function operator(random: Random): string {
  const name = random.of(operatorNames);
  const known = Object.keys(operatorOf(name).attributes.shape);
  const attributes = known.flatMap((key) => (random.chance(0.5) ? [`${key}: ${value(random)}`] : []));
  return `{ ${[`${name}: { ${attributes.join(', ')} }`, ...modifiers(random)].join(', ')} }`;
}

function step(random: Random, depth: number): string {
  const kind = random.next();
  if (depth > 2 || kind < 0.6) return random.chance(0.3) ? random.of(['relu', 'batchnorm', 'flatten', 'globalavgpool']) : operator(random);
  const rest = modifiers(random)
    .map((one) => `, ${one}`)
    .join('');
  if (kind < 0.7)
    return `{ residual: ${steps(random, depth + 1)}, shortcut: ${random.of(['A', 'B', 'identity', 'none', '[relu]'])}${rest} }`;
  if (kind < 0.85)
    return `{ parallel: [${random.list(3, () => steps(random, depth + 1)).join(', ')}]${random.chance(0.6) ? `, join: ${random.of(['add', 'concat', 'multiply'])}` : ''}${rest} }`;
  if (kind < 0.92) return `{ sequence: ${steps(random, depth + 1)}${rest} }`;
  return `{ ${random.of(['a', 'b', '$a'])}: { d: ${value(random)} }${rest} }`;
}

const steps = (random: Random, depth = 0): string => `[${random.list(4, () => step(random, depth)).join(', ')}]`;

/** Some signs taken away, doubled or replaced. */
export function mutated(text: string, random: Random): string {
  let result = text;
  for (let change = random.below(4); change > 0; change--) {
    const [at, length] = [random.below(result.length + 1), random.below(12)];
    const part = random.of([
      '',
      result.slice(at, at + length).repeat(2),
      random.of(['{', '}', '[', ']', ':', ',', '"', '\n', '\t', '&a ', '*a', '${', '\0', '\u202e', '- ']),
    ]);
    result = result.slice(0, at) + part + result.slice(at + length);
  }
  return result;
}

export function specText(random: Random): string {
  const shape = `[${random.list(5, () => number(random), 1).join(', ')}]`;
  const text = [
    `input: ${random.chance(0.8) ? random.of(['[3, 8, 8]', '[16]', '[4, 16]', '[3, 4, 8, 8]']) : shape}`,
    `with: { a: ${value(random)}, b: ${random.of(['true', 'false', '1'])}, l: [1, 2, 2] }`,
    ...(random.chance(0.3) ? [`let: { c: ${value(random)} }`] : []),
    ...(random.chance(0.1) ? [`require: ["${random.of(EXPRESSIONS)}"]`] : []),
    `blocks: { a: { with: { d: ${value(random)} }, layers: ${steps(random, 1)} }, b: { with: { d: 1 }, layers: ${steps(random, 1)} } }`,
    ...(random.chance(0.3) ? [`stages: { x1: ${steps(random)}, p: ${steps(random)} }`] : []),
    `layers: ${steps(random)}`,
    ...(random.chance(0.1) ? [`outputs: ${random.of(NAMES)}`] : []),
    ...(random.chance(0.1) ? [`variants: { v: { a: ${value(random)} } }`] : []),
    ...(random.chance(0.1)
      ? [
          `budget: { macs: ${random.of(['<= 1', '1 MMAC', '-1', '"<= baseline"'])}, layers: { "${random.of(['**', '{a,b}', '*/x', '[', '{a'])}": { macs: 1 } } }`,
        ]
      : []),
  ].join('\n');
  return random.chance(0.3) ? mutated(text, random) : text;
}
