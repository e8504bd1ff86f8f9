import { type CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { Library } from '../../../library/reference.ts';
import { fail } from '../../../problems/problem.ts';
import { type SpecFile, STANDARD_INPUT } from '../../../spec/folder.ts';
import { type Io, type Run, WRONG_INPUT } from '../../io.ts';
import { version } from '../../version.ts';
import { MCP_TOOLS } from './tools.ts';

/** The spec that came with a request, with the folder of the process around it. */
function givenSpec(text: string | undefined, { open }: Library): SpecFile {
  if (text === undefined)
    throw fail('WRONG_CALL', { message: 'The model "-" stands for the text in "spec", which is not given', command: 'mcp' });
  const { folder } = open('spec.yaml');
  return { folder: { ...folder, read: (path) => (path === STANDARD_INPUT ? text : folder.read(path)) }, path: STANDARD_INPUT };
}

/** What a command line prints, as an answer; it writes no file. */
async function answer(argv: readonly string[], spec: string | undefined, io: Io, run: Run): Promise<CallToolResult> {
  let [out, err] = ['', ''];
  const print = (text: string): void => {
    out += text;
  };
  const { progress: _, ...quiet } = io;
  const code = await run(argv, {
    ...quiet,
    stdout: print,
    print,
    stderr(text) {
      err += text;
    },
    columns: { stdout: undefined, stderr: undefined },
    colour: { stdout: false, stderr: false },
    library: { ...io.library, open: (path) => (path === STANDARD_INPUT ? givenSpec(spec, io.library) : io.library.open(path)) },
  });
  const texts = [out, err].map((text) => text.trimEnd()).filter((text) => text !== '');
  return { content: texts.map((text) => ({ type: 'text', text })), isError: code === WRONG_INPUT };
}

/** A server that answers by running command lines. */
export function mcpServer(io: Io, run: Run): McpServer {
  const server = new McpServer(
    { name: 'flopwise', version },
    {
      instructions:
        'Counts what neural networks cost, as exact integers. "list" names the models that are known; others are given as a spec or a file.',
    },
  );
  for (const [name, { title, description, input, argv }] of Object.entries(MCP_TOOLS)) {
    const annotations = { readOnlyHint: true, openWorldHint: false };
    server.registerTool(name, { title, description, inputSchema: input, annotations }, (given) =>
      answer(argv(given), (given as { readonly spec?: string }).spec, io, run),
    );
  }
  return server;
}

/** Answers until the standard input ends. */
export async function serve(io: Io, run: Run): Promise<void> {
  const server = mcpServer(io, run);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  await server.connect(new StdioServerTransport());
  await closed;
}
