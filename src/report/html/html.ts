import { withoutControls } from '../../problems/text.ts';

/** Text that is HTML already. Made only by `html`, and from constants of this folder. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What can stand in a template: text is escaped, HTML stays, lists are joined. */
export type HtmlPart = string | number | bigint | Html | readonly HtmlPart[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Halves of characters, which no encoding has, and what is no character. */
const NO_CHARACTER = /[\p{Surrogate}\ufffe\uffff]/gu;

/** Text of which every character can be written in HTML, XML and a URI. */
export const wellFormed = (text: string): string => withoutControls(text).replace(NO_CHARACTER, '\ufffd');

/** Text that means nothing but itself, between tags and in quoted attributes of HTML, SVG and XML. */
const escapeHtml = (text: string): string => wellFormed(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);

function partText(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? part.map(partText).join('') : escapeHtml(String(part));
}

/** A template that escapes whatever is put in, unless it is HTML itself: names of specs are a stranger's text. */
export const html = (strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html =>
  new Html(strings.map((text, index) => text + (index < parts.length ? partText(parts[index] as HtmlPart) : '')).join(''));

/** Lines of text, for `<pre>`. */
export const lines = (text: string): Html => new Html(text.split('\n').map(escapeHtml).join('\n'));
