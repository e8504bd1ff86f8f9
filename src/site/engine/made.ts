import type { Made } from '../../report/html/made.ts';
import { isSpecPath } from '../../spec/folder.ts';
import { namesIn } from './counted.ts';
import type { Ground } from './ground.ts';
import type { AskedState } from './protocol.ts';

/** What reports of the page come from. A spec is what the editor says, whatever its file says. */
export function madeOf({ state, files }: AskedState, { version }: Pick<Ground, 'version'>): Made {
  const names = [state.model, ...namesIn(state.against)];
  const isNamed = (file: string): boolean =>
    names.some((name) => name === file || (/^[/:#]/.test(name.slice(file.length)) && name.startsWith(file)));
  return {
    version,
    files: files.flatMap(({ name, lastModified }) =>
      lastModified === undefined || isSpecPath(name) || !isNamed(name) ? [] : [{ path: name, changed: new Date(lastModified) }],
    ),
  };
}
