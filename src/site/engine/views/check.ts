import type { CheckResult } from '../../../analysis/check/result.ts';
import { BUDGET_METRICS, LIMITED_METRICS, type LimitedMetric } from '../../../language/budget.ts';
import { fail } from '../../../problems/problem.ts';
import { checkBody, checkHtml } from '../../../report/check/html.ts';
import type { Reporter } from '../../../report/check/reporter.ts';
import { reporters } from '../../../report/check/reporters.ts';
import { html } from '../../../report/html/html.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { checkModels, type Limits } from '../../../service/check.ts';
import { type Counted, namesIn, others, type View } from '../counted.ts';

/** `macs <= 4.2 GMAC, parameters < 26M` as limits. */
function limitsIn(text: string): Limits {
  const entries = text
    .split(/[,;\n](?!\d{3}\b)/)
    .filter((part) => part.trim() !== '')
    .map((part): [LimitedMetric, string] => {
      const match = /^\s*([a-z_]+)\s*:?\s*(\S.*)$/i.exec(part);
      const metric = LIMITED_METRICS.find((one) => one === match?.[1] || BUDGET_METRICS[one].key === match?.[1]);
      if (match === null || metric === undefined)
        throw fail('UNKNOWN_CHOICE', {
          option: 'Limits',
          value: part.trim(),
          known: LIMITED_METRICS.map((one) => BUDGET_METRICS[one].key),
        });
      return [metric, (match[2] as string).trim()];
    });
  return Object.fromEntries(entries);
}

function checked(counted: Counted): CheckResult {
  const { analysis, named, state } = counted;
  const [before] = others(counted);
  const budget = named.whole !== undefined && named.whole.block === undefined && named.part === '' ? named.whole.spec.budget : [];
  const result = checkModels([{ analysis, before, budget }], limitsIn(state.limits));
  return { ...result, ...(before !== undefined && { baseline: namesIn(state.against)[0] }) };
}

const write = (name: string) => (counted: Counted) =>
  (reporters[name] as Reporter)(checked(counted), { screen: PLAIN, version: counted.made.version });

/** The model against limits, its spec's own and those that are typed, and against what it is compared with. */
export const view: View = {
  show(counted) {
    const result = checked(counted);
    const isIdle = result.baseline === undefined && result.models.every(({ limits }) => limits.length === 0);
    return {
      html: isIdle
        ? html`<p>Type limits, such as macs <= 4.2 GMAC, parameters < 26M; write a budget into the spec; or name a model to compare with.</p>`
        : checkBody(result),
    };
  },
  formats: {
    html: (counted) => checkHtml(checked(counted), counted),
    json: write('json'),
    markdown: write('markdown'),
    text: write('table'),
    junit: write('junit'),
    sarif: write('sarif'),
    gitlab: write('gitlab'),
    github: write('github'),
    summary: write('summary'),
  },
};
