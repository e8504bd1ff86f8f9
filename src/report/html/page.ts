import { Html, html } from './html.ts';
import { type Made, madeHtml } from './made.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** SHA-256 of the script and the style sheet: the page allows these, and nothing else. */
const SCRIPT_HASH = 'sha256-s1AhGt+L/INSmM2q8TSfgTm3GDLgF8l0SYcEN0BQ3VA=';
const STYLE_HASH = 'sha256-LzR2iZhyUJieZ9v3rV919Fvn3512KqXpyFJDgsrXbXk=';

/** Nothing is loaded, sent or framed, and no text that got into the page could run. */
const POLICY = `default-src 'none'; script-src '${SCRIPT_HASH}'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** A whole document in one file. */
export const page = (title: string, body: Html, made?: Made): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
${body}
<footer>
${made === undefined ? html`<p>Made by flopwise</p>\n` : madeHtml(made)}<p>Every count is an exact integer that follows from the shapes of the network; FLOPs are 2 × MACs.</p>
</footer>
<script>${new Html(SCRIPT)}</script>
</body>
</html>`.text;
