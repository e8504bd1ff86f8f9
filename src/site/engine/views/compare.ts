import { fail } from '../../../problems/problem.ts';
import {
  type ComparisonReport,
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
} from '../../../report/comparison/comparison.ts';
import { comparisonBody, comparisonHtml } from '../../../report/comparison/html.ts';
import { comparisonSvg } from '../../../report/comparison/picture.ts';
import { html } from '../../../report/html/html.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { type Counted, comparison, type View } from '../counted.ts';

const compared = (counted: Counted): ComparisonReport => {
  const report = comparison(counted);
  if (report === undefined) throw fail('WRONG_VALUE', { key: 'compare with', value: '', expected: 'the name of a model' });
  return report;
};

export const view: View = {
  show(counted) {
    const report = comparison(counted);
    return {
      html:
        report === undefined ? html`<p>Name a model to compare with, such as resnet34 or bottleneck:d=128.</p>` : comparisonBody(report),
    };
  },
  formats: {
    csv: (counted) => comparisonCsv(compared(counted)),
    json: (counted) => comparisonJson(compared(counted)),
    markdown: (counted) => comparisonMarkdown(compared(counted)),
    html: (counted) => comparisonHtml(compared(counted), counted),
    svg: (counted) => comparisonSvg(compared(counted)),
    text: (counted) => comparisonText(compared(counted), {}, PLAIN),
  },
};
