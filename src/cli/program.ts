import { Command, CommanderError } from 'commander';
import { FlopwiseError, type Problem, ProblemError } from '../core/problem.ts';
import { renderProblems } from '../report/problems.ts';
import { addCompare } from './commands/compare.ts';
import { addConvert } from './commands/convert.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addSchema } from './commands/schema.ts';
import { addSolve } from './commands/solve.ts';
import { addTable } from './commands/table.ts';
import { DONE, type ExitCode, type Io, WRONG_INPUT } from './io.ts';
import { errorScreen } from './screen.ts';
import { version } from './version.ts';

const EXAMPLES = `
MODEL is a path to a .yaml, .yml or .json spec, a name of the zoo ("flopwise list"), or a part of a
file: my.yaml#block. Parameters may follow: bottleneck:d=128,stride=2.

Examples:
  flopwise resnet50                            every layer: shapes, parameters, MACs
  flopwise resnet50 --by block --exact         whole integers, block by block
  flopwise resnet50 --top 5 --formula          the five layers that cost most, as products
  flopwise resnet18 resnet34 resnet50          a row for each
  flopwise compare basic bottleneck            the two blocks of the ResNet paper
  flopwise my.yaml --set width=64 --batch 8    your own spec`;

const COMMANDS = [addTable, addCompare, addConvert, addSolve, addList, addSchema, addInit];

function makeProgram(io: Io): Command {
  const program = new Command('flopwise')
    .description('What a neural network costs, layer by layer, to the last digit.')
    .version(version, '-V, --version')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('("flopwise --help" shows how it is called)')
    .configureOutput({ writeOut: (text) => io.stdout(text), writeErr: (text) => io.stderr(text) })
    .exitOverride();
  for (const add of COMMANDS) {
    add(program, io).copyInheritedSettings(program);
  }
  return program;
}

const problemsOf = (error: unknown): readonly Problem[] | undefined => {
  if (error instanceof FlopwiseError) return error.problems;
  return error instanceof ProblemError ? [error.problem] : undefined;
};

/** Runs one command line, without the name of the program, and returns its exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = makeProgram(io);
  if (argv.length === 0) {
    io.stdout(program.helpInformation());
    io.stdout(`${EXAMPLES}\n`);
    return DONE;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_INPUT;
    const problems = problemsOf(error);
    if (problems === undefined) throw error;
    io.stderr(`${renderProblems(problems, errorScreen(io))}\n`);
    return WRONG_INPUT;
  }
}
