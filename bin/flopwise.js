#!/usr/bin/env node
import module from 'node:module';

// Node 20 has no cache of compiled code, and does without.
module.enableCompileCache?.();
await import('../dist/cli/main.js');
