/** Channels as they are written: a number, or an expression. */
export type Channels = number | string;

const TIMES = 4;
const EXPANSION = ` * ${TIMES}`;

/** A product of names and numbers, which can be multiplied once more as it is. */
const PRODUCT = /^[\w$.]+(\s*\*\s*[\w$.]+)*$/;

/** Four times as many, as a person would write it. */
export const expanded = (channels: Channels): Channels =>
  typeof channels === 'number' ? channels * TIMES : `${PRODUCT.test(channels) ? channels : `(${channels})`}${EXPANSION}`;

/** Whether the one is four times the other, as far as can be told from the way they are written. */
export function isExpanded(wide: Channels, narrow: Channels): boolean {
  const squeezed = (channels: Channels) => String(channels).replace(/\s+/g, '');
  return squeezed(wide) === squeezed(expanded(narrow)) || squeezed(wide) === `${TIMES}*${squeezed(narrow)}`;
}
