import { writeFileSync } from 'node:fs';
import { build } from 'rolldown';
import bundles from '../rolldown.config.js';
import { licensesOf } from './licenses.js';

// Makes all bundles, one after the other. The command of rolldown does the same, but lists every file that it writes.
const outputs = [];
for (const bundle of bundles) outputs.push(await build({ ...bundle, logLevel: 'warn' }));
writeFileSync(new URL('../dist/THIRD-PARTY-LICENSES', import.meta.url), licensesOf(outputs));
