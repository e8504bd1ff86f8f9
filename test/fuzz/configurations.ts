import { type Random, TELLING } from './random.ts';
import { mutated } from './specs.ts';

/** Checkouts with configurations and baselines that are nearly right, and the options of a check. */

const PATTERNS = [
  'a.yaml',
  '*.yaml',
  '**',
  '!a.yaml',
  '{a,b}.yaml',
  '../x.yaml',
  '/etc/passwd',
  'resnet18',
  'a.yaml#v',
  'a.yaml:a=2',
  '{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}',
  'x',
  '',
  'a#b.yaml',
  '.',
];
const LIMITS = [
  '<= 1 MMAC',
  '1',
  '<= baseline',
  '<= baseline + 2%',
  'at most 3% over the baseline',
  '< 4.2G',
  '-1',
  'x',
  '<= 20 %',
  '"\\e"',
  ...TELLING.map(String),
];
const METRICS = ['parameters', 'macs', 'flops', 'activations', 'weight_bytes', 'peak_activation_bytes', 'depth', 'x'];

const limits = (random: Random): string => random.list(3, () => `${random.of(METRICS)}: ${JSON.stringify(random.of(LIMITS))}`).join(', ');

function budget(random: Random): string {
  const more = [
    ...(random.chance(0.3) ? [`share: { conv: ${JSON.stringify(random.of(LIMITS))} }`] : []),
    ...(random.chance(0.3)
      ? [`conventions: { ${random.of(['fvcore', 'thop', 'timm', 'x', '"../x.yaml"'])}: ${JSON.stringify(random.of(LIMITS))} }`]
      : []),
    ...(random.chance(0.3) ? [`layers: { ${JSON.stringify(random.of(PATTERNS))}: { ${limits(random)} } }`] : []),
  ];
  return `{ ${[limits(random), ...more].filter((part) => part !== '').join(', ')} }`;
}

export interface Checkout {
  readonly files: Readonly<Record<string, string>>;
  readonly revisions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly argv: readonly string[];
}

const spec = (random: Random, name: string): string =>
  `name: ${name}\ninput: [3, 8, 8]\nwith: { a: ${random.of([1, 2, 3])} }\nlayers: [conv: { kernel: 1, out: $a }, relu]\nvariants: { v: { a: 2 } }\n`;

export function checkout(random: Random): Checkout {
  const config = [
    `models: [${random.list(3, () => JSON.stringify(random.of(PATTERNS))).join(', ')}]`,
    ...(random.chance(0.7) ? [`budget: ${budget(random)}`] : []),
    ...(random.chance(0.4) ? [`budgets: { ${JSON.stringify(random.of(PATTERNS))}: ${budget(random)} }`] : []),
    ...(random.chance(0.3) ? [`baseline: ${random.of(['b.json', 'none.json', '../b.json', '3'])}`] : []),
    ...(random.chance(0.3) ? [`growth: ${random.of(['allow', 'warn', 'refuse', 'x'])}`] : []),
  ].join('\n');
  const models = { 'a.yaml': spec(random, 'a'), 'a#b.yaml': spec(random, 'b') };
  const files = {
    ...models,
    'flopwise.config.yaml': random.chance(0.3) ? mutated(config, random) : config,
    'b.json': random.of(['{}', '[]', '{ "format": "flopwise baseline", "version": 1, "hash": "", "models": [] }', 'x', '']),
  };
  const argv = [
    'check',
    ...(random.chance(0.2) ? [random.of(PATTERNS.filter((pattern) => pattern !== ''))] : []),
    ...(random.chance(0.3) ? ['--against', random.of(['git:main', 'git:x', 'x'])] : []),
    ...(random.chance(0.2) ? ['--update'] : []),
    ...(random.chance(0.2) ? ['--format', random.of(['json', 'markdown', 'sarif', 'junit', 'html', 'github', 'gitlab'])] : []),
    ...(random.chance(0.2) ? ['--max-macs', random.of(LIMITS)] : []),
  ];
  return { files, revisions: { main: { ...models, 'a.yaml': spec(random, random.of(['a', 'c'])) } }, argv };
}
