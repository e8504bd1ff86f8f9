import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    projects: [
      // Files share the modules that they load, which takes as long as half of the tests: none may leave anything behind in them.
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], testTimeout: 60_000, isolate: false } },
      { extends: true, test: { name: 'slow', include: ['test/slow/**/*.slow.ts'], testTimeout: 300_000, hookTimeout: 300_000 } },
      { extends: true, test: { name: 'full', include: ['test/full/**/*.full.ts'], testTimeout: 600_000 } },
    ],
  },
});
