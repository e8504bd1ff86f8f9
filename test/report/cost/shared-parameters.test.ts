import { expect, it } from 'vitest';
import { sharedParameters } from '../../../src/report/cost/shared-parameters.ts';
import { costText } from '../../../src/report/cost/table.ts';
import { PLAIN } from '../../../src/report/kit/terminal.ts';
import { counted } from '../helpers.ts';

it('parameters that a layer before holds are marked as shared, once inside a group and not at all where all hold them', () => {
  // The output of GPT-2 has the table of tokens: 50,257 × 768.
  const gpt2 = counted('gpt2');
  const shared = sharedParameters(gpt2);
  const sharing = gpt2.rows.filter((row) => shared([row]) > 0n);
  expect(sharing.map((row) => shared([row]))).toEqual([50_257n * 768n]);
  expect(shared(gpt2.rows)).toBe(0n);
  const name = sharing[0]?.path ?? '';
  const lines = costText([gpt2], {}, PLAIN).split('\n');
  expect(lines.filter((line) => / shared /.test(line)).map((line) => line.split(' ')[0])).toEqual([name]);
});
