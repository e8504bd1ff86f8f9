import { type Html, html } from './html.ts';

/** A figure that is read at a glance, and to the last digit under it. */
export const tile = (label: string, big: string, detail: string): Html =>
  html`<div><dt>${label}</dt><dd class="big">${big}</dd><dd class="exact">${detail}</dd></div>`;
