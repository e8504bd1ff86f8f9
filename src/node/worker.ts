import { join } from 'node:path';
import { loadCompiled } from './code-cache.ts';

// What a thread begins with. It loads what it does with the code that V8 compiled of it: the sooner it does its part, the better.
loadCompiled(join(import.meta.dirname, 'work.cjs'));
