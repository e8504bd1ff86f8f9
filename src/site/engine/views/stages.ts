import { PLAIN } from '../../../report/kit/terminal.ts';
import { stagesHtml, stagesTable } from '../../../report/stages/html.ts';
import { stagesCsv, stagesJson, stagesLatex, stagesMarkdown, stagesText } from '../../../report/stages/stages.ts';
import { sideBySide, type View } from '../counted.ts';

/** Models by their stages, as Table 1 of a paper. */
export const view: View = {
  show: (counted) => ({ html: stagesTable(sideBySide(counted), {}) }),
  formats: {
    csv: (counted) => stagesCsv(sideBySide(counted)),
    json: (counted) => stagesJson(sideBySide(counted)),
    markdown: (counted) => stagesMarkdown(sideBySide(counted), {}),
    html: (counted) => stagesHtml(sideBySide(counted), counted),
    latex: (counted) => stagesLatex(sideBySide(counted), {}),
    text: (counted) => stagesText(sideBySide(counted), {}, PLAIN),
  },
};
