import type { CheckedLimit, CheckedModel, CheckResult } from '../../analysis/check/result.ts';
import { type Html, html } from '../html/html.ts';
import { subjectText } from './amount.ts';
import { brokenSentence, type Finding, findings } from './finding.ts';

/**
 * A check as JUnit XML: a suite for each model, a case for each limit. A warning passes, and is reported as output of its case;
 * a problem is an error of the suite "problems". Source of the form: the XSD of Apache Ant's JUnit report, as Jenkins and GitLab read it.
 */

const isFailure = ({ broken, severity }: CheckedLimit): boolean => broken && severity === 'error';

/** What a template of text gives is XML as much as HTML: the five entities are the same, and a library of XML escapes no more. */
const xml = html;

const outcome = (limit: CheckedLimit): Html => {
  if (!limit.broken) return xml``;
  return limit.severity === 'error'
    ? xml`<failure type="budget" message="${brokenSentence(limit)}">${brokenSentence(limit)}</failure>`
    : xml`<system-out>warning: ${brokenSentence(limit)}</system-out>`;
};

const limitCase =
  ({ name, source }: CheckedModel) =>
  (limit: CheckedLimit): Html =>
    xml`
    <testcase classname="${name}" name="${`${subjectText(limit)} ${limit.written} (${limit.origin})`}" file="${limit.position?.file ?? source}" time="0">${outcome(limit)}</testcase>`;

const suite = (model: CheckedModel): Html => xml`
  <testsuite name="${`${model.name} (${model.source})`}" tests="${model.limits.length}" failures="${model.limits.filter(isFailure).length}" errors="0" skipped="0" time="0">${model.limits.map(limitCase(model))}
  </testsuite>`;

const problemCase = ({ rule, title, message, file = 'flopwise', position }: Finding): Html => xml`
    <testcase classname="${file}" name="${position === undefined ? title : `${title} (${position.file}:${position.line}:${position.column})`}" file="${file}" time="0"><error type="${rule}" message="${message}">${message}</error></testcase>`;

const problemSuite = (problems: readonly Finding[]): Html =>
  problems.length === 0
    ? xml``
    : xml`
  <testsuite name="problems" tests="${problems.length}" failures="0" errors="${problems.length}" skipped="0" time="0">${problems.map(problemCase)}
  </testsuite>`;

export function checkJunit(result: CheckResult): string {
  const limits = result.models.flatMap((model) => model.limits);
  const problems = findings(result).filter(({ kind }) => kind === 'problem');
  return xml`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="flopwise" tests="${limits.length + problems.length}" failures="${limits.filter(isFailure).length}" errors="${problems.length}" time="0">${result.models.map(suite)}${problemSuite(problems)}
</testsuites>`.text;
}
