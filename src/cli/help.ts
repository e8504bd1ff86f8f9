import { type Command, Help, type Option } from 'commander';
import { wrap } from '../report/kit/text.ts';
import type { CommandName } from './commands/registry.ts';
import { argumentUsage, defaultOf, describeArguments } from './describe.ts';
import { EXAMPLES, type Examples, PROGRAM_EXAMPLES } from './examples.ts';

/** The pages of help: all of one form, in any width. */

export const MODEL_HELP = `A model is the path of a .yaml, .yml, .json or .onnx file, a name of the zoo (see "flopwise list"), the config.json of a published model or its folder (./llama), a variant or block of a file: my.yaml#small, or a part of a model: resnet50/conv3_x; - is a spec on the standard input. A file with variants stands for all of them, and so does a family: resnet. Values for parameters may follow: bottleneck:d=128,stride=2; or sizes of dimensions: net.onnx:batch=1`;

/** How a placeholder of a command or option for models is called. */
const MODEL = 'model';

const USUAL_WIDTH = 80;
const INDENT = 2;
const GAP = 2;
/** A description that has less room than this goes on lines of its own. */
const NARROWEST = 32;
const BELOW = 6;

/** What it means, then the choices and the default. */
function describeOption(option: Option): string {
  const usual = defaultOf(option);
  const facts = [
    ...(option.argChoices === undefined ? [] : [`choices: ${option.argChoices.join(', ')}`]),
    ...(usual === undefined ? [] : [`default: ${usual}`]),
  ];
  return facts.length === 0 ? option.description : `${option.description} (${facts.join('; ')})`;
}

/** A term and what it means: side by side, or one below the other where there is no room. */
function item(term: string, termWidth: number, description: string, width: number): string {
  const room = width - INDENT - termWidth - GAP;
  const isBeside = room >= NARROWEST;
  const lines = wrap(description, isBeside ? room : width - BELOW, '').split('\n');
  if (isBeside) return `${' '.repeat(INDENT)}${term.padEnd(termWidth + GAP)}${lines.join(`\n${' '.repeat(INDENT + termWidth + GAP)}`)}`;
  return [`${' '.repeat(INDENT)}${term}`, ...lines.map((line) => ' '.repeat(BELOW) + line)].join('\n');
}

function describeExamples(examples: Examples, width: number): string {
  const termWidth = Math.max(...examples.map(([call]) => call.length));
  return ['Examples:', ...examples.map(([call, does]) => item(call, termWidth, does, width))].join('\n');
}

const FOOTER = 'The pages of the documentation: flopwise docs';

export class HouseHelp extends Help {
  override minWidthToWrap = 20;

  override subcommandTerm(command: Command): string {
    return [command.name(), ...describeArguments(command).map(argumentUsage)].join(' ');
  }

  override optionDescription(option: Option): string {
    return describeOption(option);
  }

  override formatItem(term: string, termWidth: number, description: string): string {
    return item(term, termWidth, description, this.helpWidth ?? USUAL_WIDTH);
  }

  override formatHelp(command: Command, helper: Help): string {
    const width = this.helpWidth ?? USUAL_WIDTH;
    const isProgram = command.parent === null;
    const takesModels = isProgram || command.registeredArguments.some((argument) => argument.name() === MODEL);
    const examples = isProgram ? PROGRAM_EXAMPLES : EXAMPLES[command.name() as CommandName];
    return `${[
      super.formatHelp(command, helper).trimEnd(),
      ...(takesModels ? [wrap(MODEL_HELP, width, '')] : []),
      describeExamples(examples, width),
      ...(isProgram ? [FOOTER] : []),
    ].join('\n\n')}\n`;
  }
}
