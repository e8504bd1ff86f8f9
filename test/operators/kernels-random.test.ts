import fc from 'fast-check';
import { describe, it } from 'vitest';
import { DRAWN, drawnNames, isRefused } from './drawn.ts';
import { expectToHold } from './execute.ts';

// Every kernel, on shapes and attributes that nobody thought of, executes exactly what is predicted: every kind of operation.

describe('on random shapes and attributes, a kernel executes what is predicted', () => {
  it.each(drawnNames)('%s', (name) => {
    fc.assert(
      fc.property(DRAWN[name], (drawn) => {
        fc.pre(!isRefused(name, drawn));
        expectToHold(name, drawn.attributes, drawn.inputs);
      }),
      { numRuns: 100 },
    );
  });
});
