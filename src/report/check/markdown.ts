import type { CheckedModel, CheckResult, ModelChange, TotalChange } from '../../analysis/check/result.ts';
import { cut } from '../../problems/text.ts';
import { drawingMermaid } from '../drawing/mermaid.ts';
import { wellFormed } from '../html/html.ts';
import { exact } from '../kit/number.ts';
import { plural } from '../kit/plural.ts';
import { changeText } from './amount.ts';
import { layerDifference, totalLine } from './change-lines.ts';
import { type Finding, findings } from './finding.ts';
import { fittedSections, type Section } from './fitted.ts';
import { changeDrawing } from './picture.ts';
import { modelVerdict, verdictOf } from './verdict.ts';

/** A check as Markdown: the comment of a pull request, and the summary of a job. */

/** The first line, by which an earlier comment is found and replaced. */
export const MARKER = '<!-- flopwise -->';

/** GitHub takes 65,536 characters in a comment and a mebibyte in a summary; in bytes, and with room for a few lines around. */
const COMMENT_BYTES = 65_000;
const SUMMARY_BYTES = 1_048_000;

/** Each picture takes GitHub a frame, and the text of the changes must have room beside them. */
const COMMENT_PICTURES = 3;
const SUMMARY_PICTURES = 20;

const LONGEST_TEXT = 400;

/** Anything that could mean something to Markdown or HTML: links, mentions, references, emphasis, tags, ends of cells. */
const MEANINGFUL = /[^\p{L}\p{N} .,;/()%=+×·…→–-]/gu;

/** A stranger's text that shows as itself, in a cell too. In code, GitHub looks for no mentions. */
const code = (text: string, length = LONGEST_TEXT): string => (text === '' ? '' : `<code>${plain(text, length)}</code>`);

const plain = (text: string, length = LONGEST_TEXT): string =>
  wellFormed(cut(wellFormed(text), length)).replace(MEANINGFUL, (sign) => `&#${sign.codePointAt(0)};`);

const LONGEST_NAME = 120;

const MARKS = { failed: '❌', warned: '⚠️', passed: '✅' } as const;

const changeOf = (change: ModelChange | undefined, metric: TotalChange['metric']): string => {
  const total = change?.totals.find((one) => one.metric === metric);
  return total === undefined ? '' : `<br>${changeText(total.before, total.after)}`;
};

function modelRow(model: CheckedModel): string {
  const { name, source, totals, change } = model;
  const { outcome, text } = modelVerdict(model);
  const what = change === undefined || change.kind === 'same' ? '' : change.kind === 'added' ? ', new' : ', changed';
  return `| ${[
    MARKS[outcome],
    `${code(name, LONGEST_NAME)}<br>${code(source, LONGEST_NAME)}`,
    `${exact(totals.parameters)}${changeOf(change, 'parameters')}`,
    `${exact(totals.macs)}${changeOf(change, 'macs')}`,
    `${text}${what}`,
  ].join(' | ')} |`;
}

/** What fails first, then what changed. */
const URGENCY = { failed: 0, warned: 1, passed: 2 } as const;
const urgency = (model: CheckedModel): number =>
  2 * URGENCY[modelVerdict(model).outcome] + Number(model.change === undefined || model.change.kind === 'same');

function table({ models, removed }: CheckResult): Section {
  const rows = models.toSorted((a, b) => urgency(a) - urgency(b)).map(modelRow);
  const gone = removed.map(
    ({ name, source, totals }) =>
      `| | ${code(name, LONGEST_NAME)}<br>${code(source, LONGEST_NAME)} | ${exact(totals.parameters)} | ${exact(totals.macs)} | removed |`,
  );
  return { before: ['| | model | parameters | MACs | limits |', '| --- | :-- | --: | --: | :-- |'], lines: [...rows, ...gone], after: [] };
}

const findingLine = ({ title, level, message, position, file }: Finding): string => {
  const place = position === undefined ? file : `${position.file}:${position.line}:${position.column}`;
  return `- ${MARKS[level === 'error' ? 'failed' : 'warned']} ${code(title)}${place === undefined ? '' : ` ${code(place)}`}: ${plain(message, 1200)}`;
};

const folded = (summary: string, lines: readonly string[]): Section => ({
  before: ['<details>', `<summary>${summary}</summary>`, ''],
  lines,
  after: ['', '</details>'],
});

function changes({ name, change }: CheckedModel): Section[] {
  if (change === undefined || change.kind !== 'changed') return [];
  const layers = change.layers.map(
    (layer) =>
      `- ${layer.kind} ${code(layer.path)}${layer.kind === 'renamed' ? ` ${code(layerDifference(layer))}` : ` ${plain(layerDifference(layer))}`}`,
  );
  return [
    folded(`${code(name, LONGEST_NAME)}: ${plural(change.layers.length, 'layer')} changed`, [
      ...change.totals.map((total) => `- ${plain(totalLine(total))}`),
      ...layers,
    ]),
  ];
}

/** Boxes of a picture: what a comment is wide and high enough for. */
const MOST_BOXES = 60;

/** The first models that changed, each drawn as a block that GitHub renders; each whole or not at all. */
function pictures({ models, baseline = '' }: CheckResult, most: number): Section[] {
  const drawn: Section[] = [];
  for (const model of models.toSorted((a, b) => urgency(a) - urgency(b))) {
    if (drawn.length === most) break;
    const drawing = changeDrawing(model, baseline, MOST_BOXES);
    if (drawing === undefined) continue;
    const block = `\`\`\`mermaid\n${drawingMermaid([drawing], {})}\n\`\`\``;
    drawn.push({
      before: [
        '<details open>',
        `<summary>${code(model.name, LONGEST_NAME)}, drawn: green is added, red removed, yellow changed</summary>`,
        '',
      ],
      lines: [block],
      after: ['', '</details>'],
    });
  }
  return drawn;
}

function checkText(result: CheckResult, limit: number, drawn: number): string {
  const { outcome, text } = verdictOf(result);
  const { models, baseline } = result;
  const found = findings(result);
  const against = baseline === undefined ? '' : ` Compared with ${code(baseline, LONGEST_NAME)}.`;
  const head = [MARKER, `### ${MARKS[outcome]} flopwise: ${text}`, '', `${plural(models.length, 'model')}.${against}`];
  const sections: readonly Section[] = [
    { before: [], lines: head, after: [] },
    ...(models.length + result.removed.length === 0 ? [] : [table(result)]),
    ...(found.length === 0 ? [] : [{ before: [], lines: found.map(findingLine), after: [] }]),
    ...pictures(result, drawn),
    ...models.flatMap(changes),
  ];
  return fittedSections(sections, limit);
}

/** A comment for a pull request. Replace the one that begins with the same line. */
export const checkMarkdown = (result: CheckResult): string => checkText(result, COMMENT_BYTES, COMMENT_PICTURES);

/** The summary of a job, `$GITHUB_STEP_SUMMARY`: the same, with more room. */
export const checkSummary = (result: CheckResult): string => checkText(result, SUMMARY_BYTES, SUMMARY_PICTURES);
