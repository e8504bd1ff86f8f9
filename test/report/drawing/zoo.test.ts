import { describe, expect, it } from 'vitest';
import { MOST_VERTICES } from '../../../src/analysis/drawing/draw.ts';
import { zooModels } from '../../../src/library/reference.ts';
import { zoo } from '../../../src/node/disk.ts';
import { checkDrawing } from './check-drawing.ts';

/** The first model of each family; the slow suite draws all. */
const names = [
  ...new Map(
    zooModels(zoo)
      .toReversed()
      .map(({ family, name }) => [family, name]),
  ).values(),
].reverse();

describe('the first model of every family', () => {
  it.each(names)('%s is drawn without overlaps, its costs in full', (name) => {
    const { vertices, note } = checkDrawing(name);
    expect(note).toBeUndefined();
    expect(vertices.length).toBeLessThanOrEqual(MOST_VERTICES);
  });
});
