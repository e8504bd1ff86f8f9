import os from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { availableMemory } from '../../src/node/memory.ts';

const GIB = 2 ** 30;
const RSS = GIB / 4;

/** What the machine has free, what is left by Node's own account, and the limit of the container. */
function given(machine: number, left: number, container: number): number {
  vi.spyOn(os, 'freemem').mockReturnValue(machine);
  vi.spyOn(process, 'availableMemory').mockReturnValue(left);
  vi.spyOn(process, 'constrainedMemory').mockReturnValue(container);
  vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(RSS);
  return availableMemory();
}

afterEach(() => void vi.restoreAllMocks());

describe('the memory that a run may take', () => {
  it.each([
    ['the machine has free, where nothing else limits it', 2 * GIB, 8 * GIB, 0, 2 * GIB],
    ['Node says is left', 8 * GIB, GIB, 0, GIB],
    ['the container leaves, without what this process holds', 8 * GIB, 8 * GIB, GIB, GIB - RSS],
    ['nothing, where the container is full', 8 * GIB, 8 * GIB, RSS / 2, 0],
    ['the machine has free, where the limit of the container is none', 2 * GIB, 8 * GIB, 2 ** 64, 2 * GIB],
  ] as const)('is what %s', (_, machine, left, container, expected) => {
    expect(given(machine, left, container)).toBe(expected);
  });
});
