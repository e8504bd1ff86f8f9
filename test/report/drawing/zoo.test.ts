import { describe, expect, it } from 'vitest';
import { MOST_VERTICES } from '../../../src/analysis/drawing/draw.ts';
import type { Value } from '../../../src/language/expression.ts';
import { smallModelOfEachFamily } from '../../specs/small-models.ts';
import { TWINS } from '../../specs/twins.ts';
import { checkDrawing } from './check-drawing.ts';

/** The first of each family whose models are small, and few layers of each language model; the slow suite draws all. */
const small = smallModelOfEachFamily().map(({ name }) => name);
const settings = (set: Readonly<Record<string, Value>>) =>
  Object.entries(set).map(([name, value]) => `${name}=${Array.isArray(value) ? `[${value}]` : value}`);
const twins = TWINS.map(([model, set]) => `${model}:${settings(set)}`);

describe('a model of every family', () => {
  it.each([...small, ...twins])('%s is drawn without overlaps, its costs in full', (name) => {
    const { vertices, note } = checkDrawing(name);
    expect(note).toBeUndefined();
    expect(vertices.length).toBeLessThanOrEqual(MOST_VERTICES);
  });
});
