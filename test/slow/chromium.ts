import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = '/usr/bin/chromium';
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a browser to test in; says on stderr what is not tested without. */
export function hasChromium(what: string): boolean {
  const isThere = existsSync(PATH);
  if (!isThere) console.warn(`${what} is not tested in a browser: there is no ${PATH} (apt-get install chromium).`);
  return isThere;
}

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: PATH, args: ARGUMENTS });
