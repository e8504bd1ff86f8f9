const stringWidth = require('string-width/index.js');

/** Characters that fill one column each; what else there is, string-width looks up with a pattern of 10,000 characters. */
const NARROW = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2500-\u257f]*$/;

/** The columns that a text fills. cli-table3 asks several times for each cell, so the build puts this in place of string-width. */
module.exports = (text) => (NARROW.test(text) ? text.length : stringWidth(text));
