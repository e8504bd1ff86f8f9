import type { CheckResult } from '../../analysis/check/result.ts';
import { BUDGET_METRICS } from '../../language/budget.ts';
import { wellFormed } from '../html/html.ts';
import { toJson } from '../kit/json-text.ts';
import { type Finding, findings } from './finding.ts';
import type { ReportContext } from './reporter.ts';

/**
 * A check as SARIF 2.1.0, for code scanning: a rule for each metric and each code of a problem that was found, a result for
 * each finding. Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
 */

const HOME = 'https://www.npmjs.com/package/flopwise';

const labels: ReadonlyMap<string, string> = new Map(Object.values(BUDGET_METRICS).map(({ key, label }) => [`budget/${key}`, label]));

const summaryOf = (rule: string): string =>
  labels.has(rule) ? `The ${labels.get(rule)} of a model are within its budget.` : `Files can be read and counted (${rule}).`;

const ruleFields = (rule: string) => ({ id: rule, shortDescription: { text: summaryOf(rule) }, helpUri: HOME });

/** A path from the folder of the check as a URI; an absolute one is a file. */
function uriOf(file: string): { readonly uri: string; readonly uriBaseId?: string } {
  const uri = wellFormed(file).replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (file.startsWith('/')) return { uri: `file://${uri}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}

/** Columns are in UTF-16 code units, as strings have them; the end is behind the last. */
function locationsOf({ file, position }: Finding) {
  if (file === undefined) return [];
  const region = position && {
    startLine: position.line,
    startColumn: position.column,
    endColumn: position.column + Math.max(1, position.length),
  };
  return [{ physicalLocation: { artifactLocation: uriOf(file), region } }];
}

export function checkSarif(result: CheckResult, { version }: ReportContext): string {
  const found = findings(result);
  const rules = [...new Set(found.map(({ rule }) => rule))].sort();
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'flopwise', version, semanticVersion: version, informationUri: HOME, rules: rules.map(ruleFields) } },
        invocations: [{ executionSuccessful: result.problems.length === 0 }],
        columnKind: 'utf16CodeUnits',
        results: found.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.indexOf(finding.rule),
          level: finding.level,
          message: { text: wellFormed(`${finding.title}. ${finding.message}`) },
          locations: locationsOf(finding),
          partialFingerprints: { 'flopwise/v1': finding.fingerprint },
        })),
      },
    ],
  });
}
