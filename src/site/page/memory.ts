/** What the browser keeps between visits; it may refuse to, and the page works without. */

const KEY = 'flopwise-playground';

export function remember(address: string): void {
  try {
    localStorage.setItem(KEY, address);
  } catch {
    // Storage is full or denied: the address bar has it all the same.
  }
}

export function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
