import { dirname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { isInside, schemaPath } from '../../node/disk.ts';
import { fail } from '../../problems/problem.ts';
import type { Io } from '../io.ts';

/** A spec to start from: small, but with a block, a residual, a repetition and a parameter. */
export const STARTER = `# A network for flopwise. "flopwise model.yaml" prints what it costs.
name: my-model
input: [3, 32, 32]                # channels, height, width; the batch is given with --batch
with: { classes: 10, width: 16 }  # parameters; --set width=32 tries another value

blocks:
  basic:                          # {(3×3, d), (3×3, d)}, with a shortcut around them
    with: { d: required, stride: 1 }
    layers:
      - residual:
          - conv: { kernel: 3, out: $d, stride: $stride, padding: 1, bias: false }
          - batchnorm
          - relu
          - conv: { kernel: 3, out: $d, padding: 1, bias: false }
          - batchnorm
        shortcut: B               # A zero-pads, B projects where the shape changes, C always projects
      - relu

stages:
  stem:
    - conv: { kernel: 3, out: $width, padding: 1, bias: false }
    - batchnorm
    - relu
  stage1:
    - basic: { d: $width }
      repeat: 3
  stage2:
    - basic: { d: $width * 2, stride: 2 }
    - basic: { d: $width * 2 }
      repeat: 2
  stage3:
    - basic: { d: $width * 4, stride: 2 }
    - basic: { d: $width * 4 }
      repeat: 2
  head:
    - globalavgpool
    - flatten
    - linear: { out: $classes }
`;

/** Where editors find the JSON Schema: from the file where flopwise is installed in the project, or else by its whole path. */
function schemaLine(file: string): string {
  const path = isInside(process.cwd(), schemaPath) ? relative(dirname(resolve(file)), schemaPath) : schemaPath;
  return `# yaml-language-server: $schema=${path.replaceAll('\\', '/')}\n`;
}

export const addInit = (program: Command, io: Io): Command =>
  program
    .command('init [file]')
    .description('write a small commented spec to start from (default: model.yaml)')
    .option('--force', 'replace a file that is there')
    .action((file: string | undefined, { force = false }: { readonly force?: boolean }) => {
      const path = file ?? 'model.yaml';
      if (!/\.ya?ml$/i.test(path))
        throw fail('WRONG_VALUE', { key: '[file]', value: path, expected: `a path that ends in .yaml: ${path}.yaml` });
      io.writeFile(path, schemaLine(path) + STARTER, force);
      io.print(`Wrote ${path}. Next: flopwise ${path}\n`);
    });
