import type { Command } from 'commander';
import { convertFile } from '../../library/convert-file.ts';
import { parseReference } from '../../library/reference.ts';
import { conversionText } from '../../report/conversion/conversion.ts';
import type { BlockKind } from '../../spec/convert/residual.ts';
import type { Io } from '../io.ts';
import { addOutputOption, choiceOption, type OutputOptions, writeOut } from '../options.ts';
import { screenOf } from '../screen.ts';

const KINDS: readonly BlockKind[] = ['bottleneck', 'basic'];

export const addConvert = (program: Command, io: Io): Command =>
  addOutputOption(program.command('convert <spec>'))
    .description('turn building blocks of two 3×3 convolutions into bottlenecks, or back, and print the spec; the cost goes to stderr')
    .addOption(choiceOption('--to <block>', 'what to convert to', KINDS).makeOptionMandatory())
    .action((spec: string, options: OutputOptions & { readonly to: BlockKind }) => {
      const result = convertFile(parseReference(spec), options.to, io.library);
      if (options.output === undefined) io.stdout(result.text);
      else writeOut(options.output, result.text, io);
      io.stderr(`${conversionText(result, screenOf(io, 'stderr'))}\n`);
    });
