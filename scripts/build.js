import { build } from 'rolldown';
import bundles from '../rolldown.config.js';

/** Makes all bundles, one after the other. The command of rolldown does the same, but lists every file that it writes. */
for (const bundle of bundles) await build({ ...bundle, logLevel: 'warn' });
