import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A Node to run the built program on. */
interface NodeVersion {
  readonly name: string;
  readonly node: string;
}

const MAJORS = [20, 22, 24];

const packaged = (major: number): NodeVersion => ({
  name: `Node ${major}`,
  node: fileURLToPath(new URL(`../nodes/node_modules/node-${major}/bin/node`, import.meta.url)),
});

const OWN: NodeVersion = { name: `Node ${process.versions.node.split('.')[0]}`, node: process.execPath };

const found = MAJORS.map(packaged).filter(({ node }) => existsSync(node));

/** Each major of Node that is supported, where npm has brought it (see test/nodes); the one that runs the tests, where it has not. */
export const nodes: readonly NodeVersion[] = found.length === 0 ? [OWN] : found;

if (found.length < MAJORS.length)
  process.stderr.write(`Only on ${nodes.map(({ name }) => name).join(', ')}: npm has not brought the others.\n`);
