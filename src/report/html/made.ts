import { plural } from '../kit/plural.ts';
import { type Html, html } from './html.ts';

/** What a report comes from, told in its footer. Whoever writes the report gives it: reports ask neither a clock nor a disk. */
export interface Made {
  /** Of flopwise. */
  readonly version: string;
  /** The command that made it, as a shell reads it. */
  readonly command?: string | undefined;
  /** Files of models, and when each was last changed; those that come with flopwise are of its version. */
  readonly files?: readonly { readonly path: string; readonly changed: Date }[];
}

export interface MadeOption {
  readonly made?: Made | undefined;
}

/** A check may read thousands of files. */
const MOST_FILES = 20;

/** To the minute, everywhere alike. */
const dateText = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** By what and of what a report was made. */
export function madeHtml({ version, command, files = [] }: Made): Html {
  const more = files.length - MOST_FILES;
  return html`<p>Made by flopwise ${version}${command === undefined ? '' : html`: <code>${command}</code>`}</p>
${files.slice(0, MOST_FILES).map(({ path, changed }) => html`<p><code>${path}</code> was last changed on ${dateText(changed)}</p>\n`)}${more > 0 ? html`<p>and ${plural(more, 'more file')}</p>\n` : ''}`;
}
