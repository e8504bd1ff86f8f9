import { readFileSync } from 'node:fs';
import { type Asked, judge } from './judge.ts';

// Verdicts on the layers in a file, as a process of its own: a broken formula may never end, or fill the memory.

export type Verdicts = ReturnType<typeof judge>;

const [file] = process.argv.slice(2);
if (file !== undefined) console.log(JSON.stringify(judge(JSON.parse(readFileSync(file, 'utf8')) as Asked[])));
