import { Command, CommanderError, type ErrorOptions } from 'commander';
import { fail, type Problem } from '../core/problem.ts';
import type { ProblemData } from '../core/sentences.ts';
import { renderProblems } from '../report/problems.ts';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addConventions } from './commands/conventions.ts';
import { addConvert } from './commands/convert.ts';
import { addExplain } from './commands/explain.ts';
import { addExport } from './commands/export.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addSchema } from './commands/schema.ts';
import { addSolve } from './commands/solve.ts';
import { addTable } from './commands/table.ts';
import { addVerify } from './commands/verify.ts';
import { DONE, type ExitCode, FOUND, Found, type Io, WRONG_INPUT } from './io.ts';
import { MODEL_HELP, problemsOf } from './models.ts';
import { screenOf } from './screen.ts';
import { version } from './version.ts';

const EXAMPLES = `
${MODEL_HELP}

Examples:
  flopwise resnet50                          every layer: its shapes and costs
  flopwise resnet50 --by block --exact       whole integers, block by block
  flopwise resnet50 --top 5 --formula        the five costliest layers
  flopwise resnet18 resnet34 resnet50        a row for each
  flopwise compare basic bottleneck          the two blocks of the ResNet paper
  flopwise resnet50 --convention fvcore      what fvcore prints, layer by layer
  flopwise explain resnet50 --number 3.8G    where a figure comes from
  flopwise verify basic bottleneck           run them and count every operation
  flopwise check my.yaml --max-macs 4.2G     fails where a model costs more
  flopwise my.yaml --set width=64 --batch 8  your own spec`;

const COMMANDS = [
  addTable,
  addCompare,
  addExplain,
  addVerify,
  addCheck,
  addConventions,
  addConvert,
  addExport,
  addSolve,
  addList,
  addSchema,
  addInit,
];

/** A command whose errors are problems like all others. */
class HouseCommand extends Command {
  override createCommand(name?: string): Command {
    return new HouseCommand(name);
  }

  override error(message: string, { code }: ErrorOptions = {}): never {
    const text = message.replace(/^error: /, '');
    const name = /'(.*)'/s.exec(text)?.[1] ?? text;
    if (code === 'commander.unknownOption') throw fail('UNKNOWN_OPTION', { name, known: this.options.map(({ long }) => long ?? '') });
    const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/\.$/, '');
    throw fail('WRONG_CALL', { message: sentence, command: this.parent === null ? this.name() : `${this.parent.name()} ${this.name()}` });
  }
}

/** commander's own "help" answers the name of no command with all the help there is. */
const addHelp = (program: Command): Command =>
  program
    .command('help [command]')
    .description('show how a command is called')
    .action((name?: string) => {
      if (name === undefined) program.help();
      const command = program.commands.find((other) => other.name() === name);
      if (command === undefined) throw fail('UNKNOWN_COMMAND', { name, known: program.commands.map((other) => other.name()) });
      command.help();
    });

function makeProgram(io: Io): Command {
  const program = new HouseCommand('flopwise')
    .usage('[command] [options] <model...>')
    .description('What a neural network costs, layer by layer, to the last digit.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show how it is called')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      getOutHelpWidth: () => io.columns.stdout ?? 80,
      getErrHelpWidth: () => io.columns.stderr ?? 80,
    })
    .exitOverride();
  for (const add of [...COMMANDS, addHelp]) {
    add(program, io).copyInheritedSettings(program);
  }
  return program;
}

/** A first word that is no command is taken for a model; if it is none either, a command may have been meant. */
function withCommands(problem: Problem, commands: readonly string[]): Problem {
  if (problem.code !== 'UNKNOWN_MODEL') return problem;
  const { name, known } = problem.data as ProblemData['UNKNOWN_MODEL'];
  return { ...problem, data: { name, known: [...known, ...commands] } };
}

/** `net.onnx`, `net.onnx/layer1`, `net.onnx:batch=1` */
const NAMES_ONNX = /\.onnx(?![\w.-])/i;

/** Runs one command line, without the name of the program, and returns its exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  if (!argv.some((text) => NAMES_ONNX.test(text))) return execute(argv, io);
  const { withOnnx } = await import('./onnx.ts');
  return withOnnx(io, argv.includes('--strict'), (world) => execute(argv, world));
}

async function execute(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = makeProgram(io);
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof Found) return FOUND;
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_INPUT;
    const commands = program.commands.map((command) => command.name());
    const problems = problemsOf(error);
    const told = commands.includes(argv[0] as string) ? problems : problems.map((problem) => withCommands(problem, commands));
    io.stderr(`${renderProblems(told, await screenOf(io, 'stderr'))}\n`);
    return WRONG_INPUT;
  }
}
