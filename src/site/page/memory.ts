/** What the browser keeps between visits; it may refuse to, and the page works without. */

const KEY = 'flopwise-playground';

/** Whether the browser keeps it: not where storage is full or denied. */
export function remember(address: string): boolean {
  try {
    localStorage.setItem(KEY, address);
    return true;
  } catch {
    return false;
  }
}

export function remembered(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
