import { describe, expect, it } from 'vitest';
import { MOST_VERTICES } from '../../src/analysis/drawing/draw.ts';
import { zooModels } from '../../src/library/reference.ts';
import { zoo } from '../../src/node/disk.ts';
import { checkDrawing } from '../report/drawing/check-drawing.ts';

const models = zooModels(zoo).map(({ name }) => name);

describe('every model of the zoo', () => {
  it.each(models)('%s is drawn without overlaps, its costs in full', (name) => {
    const { vertices, note } = checkDrawing(name);
    expect(note).toBeUndefined();
    expect(vertices.length).toBeLessThanOrEqual(MOST_VERTICES);
    checkDrawing(name, { depth: 'stage' });
    checkDrawing(name, { depth: 'layer' });
    checkDrawing(name, { depth: 3 });
  });
});
