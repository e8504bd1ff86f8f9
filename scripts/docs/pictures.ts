import { run } from '../../src/cli/program.ts';
import { diskLibrary } from '../../src/node/disk.ts';

/** The pictures of a page: files that its commands write, as in `npx flopwise draw resnet34 -o images/figure-3.svg`. */
export const commandsOf = (page: string): Map<string, readonly string[]> =>
  new Map(
    [...page.matchAll(/^npx flopwise (.+ -o (images\/\S+))$/gm)].map(([, words = '', file = '']) => [
      file,
      words.replaceAll("'", '').split(' '),
    ]),
  );

const notHere = (): never => {
  throw new Error('A command of a picture writes one file, and nothing else');
};

/** What a command writes to its file. */
export async function pictureOf(argv: readonly string[]): Promise<string> {
  let text = '';
  const code = await run(argv, {
    stdout: notHere,
    print: notHere,
    stderr: () => undefined,
    columns: { stdout: undefined, stderr: undefined },
    colour: { stdout: false, stderr: false },
    library: diskLibrary,
    writeFile(_, written) {
      text = written;
    },
    writeFiles: notHere,
    writeBytes: notHere,
    appendFile: notHere,
    removeStale: notHere,
    exclusively: (_, act) => act(),
    workspace: { read: () => undefined, refuseOutside: () => undefined, list: () => [], revision: notHere },
    env: {},
  });
  if (code !== 0 || text === '') throw new Error(`flopwise ${argv.join(' ')} wrote no picture`);
  return text;
}
