import { type Training, train } from '../../../analysis/training/step.ts';
import { html } from '../../../report/html/html.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { trainingBody, trainingHtml } from '../../../report/training/html.ts';
import type { TrainingReportOptions } from '../../../report/training/options.ts';
import { trainingCsv, trainingJson, trainingMarkdown, trainingText } from '../../../report/training/training.ts';
import type { Counted, View } from '../counted.ts';

const optionsOf = ({ state: { by, optimizer, precision } }: Counted): TrainingReportOptions => ({ by, optimizer, dtype: precision });

const trained = (counted: Counted): Training[] => {
  const { checkpoint } = counted.state;
  return [train(counted.analysis.graph, { ...optionsOf(counted), ...(checkpoint === '' ? {} : { checkpoint }) })];
};

/** What a training step costs. */
export const view: View = {
  show: (counted) => ({ html: html`${trained(counted).map((training) => trainingBody(training, optionsOf(counted)))}` }),
  formats: {
    csv: (counted) => trainingCsv(trained(counted), optionsOf(counted)),
    json: (counted) => trainingJson(trained(counted), optionsOf(counted)),
    markdown: (counted) => trainingMarkdown(trained(counted), optionsOf(counted)),
    html: (counted) => trainingHtml(trained(counted), { ...optionsOf(counted), made: counted.made }),
    text: (counted) => trainingText(trained(counted), optionsOf(counted), PLAIN),
  },
};
