import { fstatSync, writeSync } from 'node:fs';
import { reasonOf } from './failure.ts';
import { WRONG_INPUT } from './io.ts';

/** One of the two outputs of this process. */
export interface StandardOutput {
  readonly write: (text: string) => void;
  /** Resolves when all that was written has left this process. */
  readonly taken: () => Promise<void>;
  /** The stream, where it is a terminal. */
  readonly terminal: NodeJS.WriteStream | undefined;
  /** Width in characters; `undefined` where it is no terminal, or one that does not tell. */
  readonly columns: number | undefined;
  readonly colour: boolean;
}

/** Both have these numbers everywhere. */
const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

const TITLES = { stdout: 'The output', stderr: 'The error output' } as const;

type Name = keyof typeof DESCRIPTORS;

/** Colour is for terminals, unless the environment says otherwise: https://no-color.org, https://force-color.org. */
function showsColour(isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}

/** A reader that stops reading, such as `head`, ends the program in silence; any other failure is told, if it can be. */
function stopAt(error: NodeJS.ErrnoException, name: Name): never {
  if (error.code === 'EPIPE') process.exit();
  try {
    writeSync(DESCRIPTORS.stderr, `flopwise  FILE_UNWRITABLE\n   ${TITLES[name]} cannot be written: ${reasonOf(error)}.\n`);
  } finally {
    process.exit(WRONG_INPUT);
  }
}

/** Writes bytes, and returns those that a reader who is behind does not take yet. */
function writeNow(name: Name, bytes: Uint8Array): Uint8Array {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(DESCRIPTORS[name], bytes, written);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') stopAt(error as NodeJS.ErrnoException, name);
  }
  return bytes.subarray(written);
}

function openStream(name: Name): NodeJS.WriteStream {
  const stream = process[name];
  stream.on('error', (error) => stopAt(error, name));
  return stream;
}

/** Where it fails, the process ends: see `openStream`. */
const takenFrom = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', (error) => void (error || resolve())));

/** A terminal, or a device such as /dev/null. */
function isDevice(name: Name): boolean {
  try {
    return fstatSync(DESCRIPTORS[name]).isCharacterDevice();
  } catch {
    return true;
  }
}

/**
 * A file or a pipe is written to as it is: the stream that Node makes of it takes longer to load than a network to count. That stream
 * takes what a reader cannot take at once.
 */
function plainOutput(name: Name): StandardOutput {
  let stream: NodeJS.WriteStream | undefined;
  const write = (text: string) => {
    const rest = stream === undefined ? writeNow(name, Buffer.from(text)) : Buffer.from(text);
    if (rest.length === 0) return;
    stream ??= openStream(name);
    stream.write(rest);
  };
  const taken = async () => stream && takenFrom(stream);
  return { write, taken, terminal: undefined, columns: undefined, colour: showsColour(false) };
}

function deviceOutput(name: Name): StandardOutput {
  const stream = openStream(name);
  const terminal = stream.isTTY ? stream : undefined;
  return {
    write: (text) => void stream.write(text),
    taken: () => takenFrom(stream),
    terminal,
    columns: terminal && terminal.columns > 0 ? terminal.columns : undefined,
    colour: showsColour(terminal !== undefined),
  };
}

export const standardOutput = (name: Name): StandardOutput => (isDevice(name) ? deviceOutput(name) : plainOutput(name));
