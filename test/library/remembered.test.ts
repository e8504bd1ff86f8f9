import { expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';

/** He et al. 2015, Figure 5, left, with torchvision's batch norms: 2 · (9 · 64² + 2 · 64). */
const BASIC = 73_984n;

const open = () => analyse(openModel(parseReference('basic'), diskLibrary));

/** Tries to change every list and object that can be reached, as a caller of the library could by mistake. */
function spoil(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  for (const inner of value instanceof Map || value instanceof Set ? value.values() : Object.values(value)) spoil(inner, seen);
  for (const key of Object.keys(value)) {
    const { [key]: inner } = value as Record<string, unknown>;
    const other = typeof inner === 'number' ? inner * 3 : typeof inner === 'bigint' ? inner * 3n : inner;
    Reflect.set(value, key, other);
  }
  if (Array.isArray(value)) Reflect.set(value, value.length, 3);
}

it('what one caller does to a result changes no other', () => {
  expect(open().totals.parameters).toBe(BASIC);
  spoil(open());
  expect(open().totals.parameters).toBe(BASIC);
});
