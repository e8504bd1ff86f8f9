import * as z from 'zod/mini';
import { parseFormula } from '../../language/formula.ts';
import { isOperatorName, type OperatorName, operatorNames } from '../../operators/registry.ts';
import { writtenHere } from '../../operators/synonyms.ts';
import { FlopwiseError, ProblemList } from '../../problems/problem.ts';
import { FileProblems, type Location, parse, type Source } from '../../schema/parse.ts';
import { about, BROKEN, type Broken, breakable, described, named } from '../../schema/words.ts';
import { type Convention, FLOPS, MACS, OPERATIONS_UNIT, type Rule, TRAINING, type Unit } from './convention.ts';
import { isQuantity, quantityNames } from './quantities.ts';
import { conventionNames, conventions } from './registry.ts';

const optional = z.exactOptional;

const UNITS: Readonly<Record<string, Unit>> = Object.fromEntries([MACS, FLOPS, TRAINING, OPERATIONS_UNIT].map((unit) => [unit.name, unit]));

const text = described(z.string(), 'a text');
const FORMULA = 'a formula, as in "macs + o if bias else macs"';
const formula = described(z.union([z.int().check(z.minimum(0)), z.string()]), FORMULA);

const rule = breakable(
  described(
    z.union([
      formula,
      named(
        z.strictObject({
          count: about(breakable(formula), 'What is counted.'),
          says: about(optional(text), 'What the tool says of it.'),
          where: about(optional(text), 'Where in the source of the tool it is.'),
          bug: about(optional(text), 'What is wrong with it.'),
        }),
        'a rule',
      ),
    ]),
    FORMULA,
  ),
);
type RuleKeys = z.output<typeof rule>;

const conventionSchema = named(
  described(
    z.strictObject({
      name: about(optional(text), 'Name of the convention; that of the file unless given.'),
      summary: about(optional(text), 'What it counts.'),
      version: about(optional(text), 'Version of the tool.'),
      source: about(optional(text), 'Where the tool comes from.'),
      extends: about(optional(breakable(text)), 'The convention that this one changes.'),
      unit: about(
        optional(described(z.enum(Object.keys(UNITS)), Object.keys(UNITS).join(', '))),
        'What is counted; that of the convention that it extends, or else MACs.',
      ),
      otherwise: about(optional(rule), 'The rule for operators without one of their own.'),
      rules: about(optional(breakable(described(z.record(z.string(), rule), 'operators with formulas'))), 'A rule for each operator.'),
    }),
    'a map of keys such as "unit:" and "rules:"',
  ),
  'a convention',
);

/** A formula, or a map with one and what is said of it. */
function readRule(report: FileProblems, raw: RuleKeys, location: Location): Rule | undefined {
  if (raw === BROKEN) return undefined;
  if (typeof raw !== 'object') return readFormula(report, raw, location);
  const { count, ...texts } = raw;
  const rule = readFormula(report, count, [...location, 'count']);
  return rule && { ...rule, ...texts };
}

function readFormula(report: FileProblems, raw: string | number | Broken, location: Location): Rule | undefined {
  if (raw === BROKEN) return undefined;
  const formula = report.attempt(location, () => parseFormula(String(raw)));
  const unknown = [...(formula?.names ?? [])].filter((name) => !isQuantity(name));
  for (const name of unknown) report.add('UNKNOWN_QUANTITY', { name, known: quantityNames }, location);
  return formula && unknown.length === 0 ? { count: formula.text } : undefined;
}

function baseOf(report: FileProblems, name: string | Broken | undefined): Convention | undefined {
  if (name === undefined || name === BROKEN) return undefined;
  const found = conventions.find((convention) => convention.name === name);
  if (found === undefined) report.add('UNKNOWN_CONVENTION', { name, known: conventionNames }, ['extends']);
  return found;
}

/**
 * A convention of one's own: `unit`, `rules` with a formula per operator, and `otherwise` or `extends` for those left out.
 * @throws FlopwiseError with all that is wrong in it.
 */
export function readConvention(source: Source): Convention {
  const report = new FileProblems(source, new ProblemList());
  const parsed = parse(conventionSchema, report);
  const keys: z.output<typeof conventionSchema> = parsed === BROKEN ? { rules: BROKEN } : parsed;
  const base = baseOf(report, keys.extends);
  const given = keys.rules === BROKEN ? {} : (keys.rules ?? {});
  const otherwise = keys.otherwise === undefined ? undefined : readRule(report, keys.otherwise, ['otherwise']);
  const own = new Map<string, Rule>();
  for (const [name, raw] of Object.entries(given)) {
    const rule = readRule(report, raw, ['rules', name]);
    if (!isOperatorName(name))
      report.add('UNKNOWN_OPERATOR', { name, known: operatorNames, written: writtenHere(name) }, ['rules', name], 'key');
    else if (rule !== undefined) own.set(name, rule);
  }
  const rules = operatorNames.map((name) => [name, own.get(name) ?? otherwise ?? base?.rules[name]] as const);
  const missing = rules.find(([name, rule]) => rule === undefined && !Object.hasOwn(given, name))?.[0];
  // Where a rule for the others is given but wrong, that is reported already.
  const isOpen = keys.otherwise === undefined && keys.rules !== BROKEN && (keys.extends === undefined || base !== undefined);
  if (missing !== undefined && isOpen) {
    const expected = 'a formula; or give all others one with "otherwise: 0", or "extends: fvcore"';
    report.add('MISSING_KEY', { key: missing, owner: 'rules', expected }, ['rules']);
  }
  if (report.problems.found.length > 0) throw new FlopwiseError(report.problems.found);
  const { name = /([^/]+?)(?:\.\w+)?$/.exec(source.file)?.[1] ?? source.file, summary = `The convention of ${source.file}.` } = keys;
  return {
    name,
    summary,
    unit: (keys.unit === undefined ? base?.unit : UNITS[keys.unit]) ?? MACS,
    ...(keys.version !== undefined && { version: keys.version }),
    ...(keys.source !== undefined && { source: keys.source }),
    rules: Object.fromEntries(rules) as Record<OperatorName, Rule>,
  };
}
