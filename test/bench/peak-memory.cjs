// Loaded before a program with `node --require`: tells its peak memory, in bytes, on the fourth stream when it ends.
const { writeSync } = require('node:fs');

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS * 1024)));
