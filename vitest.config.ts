import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    projects: [
      { extends: true, test: { name: 'fast', include: ['test/**/*.test.ts'], testTimeout: 60_000 } },
      { extends: true, test: { name: 'slow', include: ['test/slow/**/*.slow.ts'], testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
