/**
 * What runs in the page: a click on a header, or Enter or Space on it, sorts by its column: numbers most first, names from
 * A to Z; once more the other way round; once more as it was. Text in the field above a long table hides the rows whose name does not
 * have it. A click on the name of a stage folds its rows. Counts are compared as whole integers.
 */
export const SCRIPT = `
'use strict';
(() => {
  const read = (cell) => cell.textContent.trim();
  const number = (text) => {
    const plain = text.replace(/[,%]/g, '');
    if (/^-?\\d+$/.test(plain)) return [BigInt(plain), 0];
    const value = Number.parseFloat(plain);
    if (Number.isNaN(value)) return [0n, 0];
    return [BigInt(Math.trunc(value)), value % 1];
  };
  const compareNumbers = ([a, b], [c, d]) => (a < c ? -1 : a > c ? 1 : b - d);
  const compareTexts = new Intl.Collator('en', { numeric: true }).compare;
  for (const table of document.querySelectorAll('table.sortable')) {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const rows = original.filter((row) => !row.classList.contains('fold'));
    const names = new Map(rows.map((row) => [row, row.cells[0].textContent.toLowerCase()]));
    let wanted = '';
    let isSorted = false;
    // Rows are folded where they stand below the sum of their stage: in order, and all of them.
    const show = () => {
      let isFolded = false;
      for (const row of original) {
        const fold = row.querySelector('button');
        if (fold !== null) isFolded = fold.getAttribute('aria-expanded') === 'false';
        const isPlain = wanted === '' && !isSorted;
        row.hidden = fold === null ? (isPlain ? isFolded : !names.get(row).includes(wanted)) : !isPlain;
      }
    };
    for (const fold of body.querySelectorAll('.fold button'))
      fold.addEventListener('click', () => {
        fold.setAttribute('aria-expanded', String(fold.getAttribute('aria-expanded') === 'false'));
        show();
      });
    const label = table.parentElement.previousElementSibling;
    if (label !== null && label.matches('label.filter')) {
      const [input, output] = [label.querySelector('input'), label.querySelector('output')];
      input.addEventListener('input', () => {
        wanted = input.value.trim().toLowerCase();
        show();
        output.textContent = wanted === '' ? '' : rows.filter((row) => !row.hidden).length + ' of ' + rows.length + ' rows';
      });
    }
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const isNumber = header.classList.contains('number');
      const order = isNumber ? ['descending', 'ascending'] : ['ascending', 'descending'];
      header.querySelector('button').addEventListener('click', () => {
        const next = [...order, null][order.indexOf(header.getAttribute('aria-sort')) + 1];
        for (const other of headers) other.removeAttribute('aria-sort');
        isSorted = next !== null;
        show();
        if (next === null) return body.append(...original);
        header.setAttribute('aria-sort', next);
        const sign = next === 'ascending' ? 1 : -1;
        const keyed = rows.map((row) => [isNumber ? number(read(row.cells[column])) : read(row.cells[column]), row]);
        const compare = isNumber ? compareNumbers : compareTexts;
        keyed.sort(([a], [b]) => sign * compare(a, b));
        body.append(...keyed.map(([, row]) => row));
      });
    });
  }
})();
`;
