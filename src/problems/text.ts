/**
 * Characters that a terminal obeys or that turn the direction of text: with them a spec could forge
 * what is printed about it. A blank without width is among them: it hides.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** What the runners of GitHub and Azure obey wherever it is in a line. Lines that begin with "::" are a matter of where a text is put. */
const COMMANDS = /##(?=\[|vso\[)/g;

/** The text with every control character and the start of every command replaced by visible signs, so that columns stay. */
export const withoutControls = (text: string): string =>
  text.replace(CONTROLS, (sign) => (sign === '\t' ? ' ' : '\ufffd')).replace(COMMANDS, '#\ufffd');

const SHOWN = 60;

/** The text, cut where it is long. */
export const cut = (text: string, length = SHOWN): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
