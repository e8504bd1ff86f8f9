import { conventions } from '../../../analysis/conventions/registry.ts';
import { conventionsJson, conventionsMarkdown, conventionsText } from '../../../report/conventions/conventions.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { openConvention } from '../../../service/convention.ts';
import { type Counted, SCREEN, textBox, type View } from '../counted.ts';

const asked = ({ state: { convention }, models }: Counted) => (convention === '' ? conventions : [openConvention(convention, models)]);

export const view: View = {
  show: (counted) => ({ html: textBox(conventionsText(asked(counted), {}, SCREEN)) }),
  formats: {
    json: (counted) => conventionsJson(asked(counted)),
    markdown: (counted) => conventionsMarkdown(asked(counted)),
    text: (counted) => conventionsText(asked(counted), {}, PLAIN),
  },
};
