import { describe, it } from 'vitest';
import { draw } from '../../src/analysis/drawing/draw.ts';
import { zooModels } from '../../src/library/reference.ts';
import { zoo } from '../../src/node/disk.ts';
import { MERMAID_VERTICES } from '../../src/report/drawing/mermaid.ts';
import { checkParsed } from '../report/drawing/check-parsed.ts';
import { counted } from '../report/helpers.ts';

describe('Mermaid and Graphviz read every model of the zoo', () => {
  it.each(zooModels(zoo).map(({ name }) => name))('%s', async (name) => {
    const analysis = counted(name);
    for (const depth of [undefined, 'stage', 'layer'] as const) await checkParsed(draw([analysis], { depth, most: MERMAID_VERTICES }));
  });
});
