import { headingMarkdown, headingText } from '../kit/heading.ts';
import { escaped, renderMarkdown } from '../kit/markdown.ts';
import { exact } from '../kit/number.ts';
import type { Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';

/** What a run of one network is reported as, whatever was run. */
export interface Sections {
  readonly counted: Parameters<typeof headingText>[0];
  readonly layers: Table;
  readonly totals: Table;
  /** What is to be known, and is no mistake. */
  readonly notes: readonly string[];
  /** What does not hold. */
  readonly complaints: readonly string[];
  readonly verdict: string;
  readonly holds: boolean;
}

export const orDash = (count: bigint): string => (count === 0n ? '–' : exact(count));

const oneText = ({ counted, layers, totals, notes, complaints, verdict, holds }: Sections, screen: Screen): string =>
  [
    headingText(counted, screen),
    '',
    renderTable(layers, screen),
    '',
    renderTable(totals, screen),
    '',
    ...notes,
    ...complaints.map(screen.red),
    screen.bold((holds ? screen.green : screen.red)(verdict)),
  ].join('\n');

export const sectionsText = (all: readonly Sections[], screen: Screen): string => all.map((one) => oneText(one, screen)).join('\n\n');

const oneMarkdown = ({ counted, layers, totals, notes, complaints, verdict }: Sections): string =>
  [
    headingMarkdown(counted),
    '',
    renderMarkdown(layers),
    '',
    renderMarkdown(totals),
    '',
    ...[...notes, ...complaints].map((line) => `- ${escaped(line)}`),
    '',
    `**${escaped(verdict)}**`,
  ].join('\n');

export const sectionsMarkdown = (all: readonly Sections[]): string => all.map(oneMarkdown).join('\n\n');
