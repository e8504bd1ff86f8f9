import { describe, it } from 'vitest';
import { draw } from '../../../src/analysis/drawing/draw.ts';
import { differenceOf } from '../../../src/report/drawing/difference.ts';
import { MERMAID_VERTICES } from '../../../src/report/drawing/mermaid.ts';
import { counted } from '../helpers.ts';
import { checkParsed } from './check-parsed.ts';
import { hostile } from './hostile.ts';

describe('Mermaid and Graphviz read', () => {
  it.each(['resnet50', 'swin_t'])('%s', async (name) => checkParsed(draw([counted(name)], { most: MERMAID_VERTICES })));

  it('two models side by side', async () => checkParsed(draw([counted('basic'), counted('bottleneck')])));

  it('a difference', async () => checkParsed([differenceOf(counted('resnet34'), counted('resnet50'))]));

  it.each(['stage', 'layer'] as const)('names of a stranger, by %s', async (depth) =>
    checkParsed(draw([hostile(), hostile()], { depth, most: MERMAID_VERTICES / 2 })),
  );
});
