import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelMemory } from '../../src/execute/fast/memory.ts';
import { ProblemError } from '../../src/problems/problem.ts';

describe('the memory of fast kernels', () => {
  it('never gives the same bytes to two', () => {
    const steps = fc.array(fc.record({ elements: fc.integer({ min: 0, max: 40_000 }), giveBack: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (drawn) => {
        const memory = new KernelMemory();
        let held: { place: number; elements: number }[] = [];
        for (const [index, { elements, giveBack }] of drawn.entries()) {
          const place = memory.take(elements);
          memory.floats(place, elements).fill(index);
          held.push({ place, elements });
          const given = held[giveBack % held.length];
          if (giveBack % 3 > 0 && given !== undefined) {
            memory.give(given.place);
            held = held.filter((one) => one !== given);
          }
        }
        const rooms = held.filter(({ elements }) => elements > 0).sort((a, b) => a.place - b.place);
        for (const [index, { place, elements }] of rooms.entries()) {
          expect(place % 16).toBe(0);
          expect(place + 4 * elements).toBeLessThanOrEqual(rooms[index + 1]?.place ?? memory.memory.buffer.byteLength);
        }
      }),
    );
  });

  it('takes given room again', () => {
    const memory = new KernelMemory();
    for (let round = 0; round < 1000; round++) {
      const places = [10_000, 20_000, 5_000].map((elements) => memory.take(elements));
      for (const place of places) memory.give(place);
    }
    expect(memory.memory.buffer.byteLength).toBeLessThan(300_000);
  });

  it('names the bytes of what cannot be had', () => {
    const run = () => new KernelMemory().take(2 ** 30, [2 ** 30]);
    expect(run).toThrow(ProblemError);
    expect(run).toThrow(expect.objectContaining({ problem: { code: 'TENSOR_TOO_LARGE', data: { shape: [2 ** 30], bytes: 2n ** 32n } } }));
  });
});
