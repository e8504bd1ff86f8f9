import { Command, CommanderError, type Help, type Option } from 'commander';
import type { Graph } from '../graph/graph.ts';
import { findModel, parseReference, referencesOf } from '../library/reference.ts';
import { fail, type Problem } from '../problems/problem.ts';
import type { ProblemData } from '../problems/sentences.ts';
import { renderProblems } from '../report/problems/problems.ts';
import { attempt } from '../service/attempt.ts';
import { isOnnxPath, isOwnSpec } from '../spec/folder.ts';
import { type AddCommand, COMMANDS } from './commands/registry.ts';
import { DEFAULT_COMMAND } from './default-command.ts';
import { HouseHelp } from './help.ts';
import { CLI_HINTS } from './hints.ts';
import { DONE, type ExitCode, FOUND, type Io, LimitBroken, WRONG_INPUT } from './io.ts';
import { withMade } from './made.ts';
import { problemsOf } from './models.ts';
import { screenOf } from './screen.ts';
import { version } from './version.ts';

/** A command whose errors are problems like all others: these are the hooks that commander calls for each. */
class HouseCommand extends Command {
  override createCommand(name?: string): Command {
    return new HouseCommand(name);
  }

  override createHelp(): Help {
    return new HouseHelp();
  }

  unknownOption(flag: string): never {
    throw fail('UNKNOWN_OPTION', { name: flag, known: this.options.map(({ long }) => long ?? '') });
  }

  unknownCommand(): never {
    throw fail('UNKNOWN_COMMAND', { name: this.args[0] ?? '', known: this.commands.map((command) => command.name()) });
  }

  missingArgument(name: string): never {
    return this.error(`The argument <${name}> is missing`);
  }

  optionMissingArgument({ flags }: Option): never {
    return this.error(`${flags} has no value`);
  }

  missingMandatoryOptionValue({ flags }: Option): never {
    return this.error(`${flags} must be given`);
  }

  /** What has no hook of its own, such as too many arguments, commander says in English. */
  override error(message: string): never {
    const text = message.replace(/^error: /, '').replace(/\.$/, '');
    const command = this.parent === null ? this.name() : `${this.parent.name()} ${this.name()}`;
    throw fail('WRONG_CALL', { message: `${text.charAt(0).toUpperCase()}${text.slice(1)}`, command });
  }
}

/** commander's own "help" answers the name of no command with all the help there is. */
const addHelp = (program: Command): Command =>
  program
    .command('help [command]')
    .description('show help about a command')
    .action((name?: string) => {
      if (name === undefined) program.help();
      const command = program.commands.find((other) => other.name() === name);
      if (command === undefined) throw fail('UNKNOWN_COMMAND', { name, known: program.commands.map((other) => other.name()) });
      command.help();
    });

/** Calls that are about the program, not about a model: these show all commands. */
const ABOUT_ALL: readonly (string | undefined)[] = [undefined, 'help', '-h', '--help', 'completion'];

const allCommands = async (): Promise<AddCommand[]> => [...(await Promise.all([...COMMANDS.values()].map((load) => load()))), addHelp];

/** The program with all of its commands. */
export const wholeProgram = async (io: Io): Promise<Command> => makeProgram(await allCommands(), io);

/** The commands that a line may be about. To load and describe the others takes longer than to count a network. */
async function commandsFor(first: string | undefined): Promise<AddCommand[]> {
  if (ABOUT_ALL.includes(first)) return allCommands();
  const load = COMMANDS.get(first ?? DEFAULT_COMMAND) ?? COMMANDS.get(DEFAULT_COMMAND);
  return load === undefined ? [] : [await load()];
}

function makeProgram(commands: readonly AddCommand[], io: Io): Command {
  const program = new HouseCommand('flopwise')
    .usage('[command] [options] <model...>')
    .description('What a neural network costs, layer by layer, to the last digit.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureOutput({
      writeOut: (text) => io.stdout(text),
      writeErr: (text) => io.stderr(text),
      getOutHelpWidth: () => io.columns.stdout ?? 80,
      getErrHelpWidth: () => io.columns.stderr ?? 80,
    })
    .exitOverride();
  for (const add of commands) add(program, io, run).copyInheritedSettings(program);
  return program;
}

/** A first word that is no command is taken for a model; if it is none either, a command may have been meant. */
function withCommands(problem: Problem, commands: readonly string[]): Problem {
  if (problem.code !== 'UNKNOWN_MODEL') return problem;
  const { name, known } = problem.data as ProblemData['UNKNOWN_MODEL'];
  return { ...problem, data: { name, known: [...known, ...commands] } };
}

const HELP: ReadonlySet<string> = new Set(['-h', '--help']);

/** Help about a first word that is neither a command nor a model: it was meant to be one. */
function refuseHelp(argv: readonly string[], { library }: Io): void {
  const [first = ''] = argv;
  if (first.startsWith('-') || COMMANDS.has(first) || first === 'help' || !argv.some((text) => HELP.has(text))) return;
  const { target } = parseReference(first);
  const isModel =
    isOwnSpec(target) ||
    isOnnxPath(target) ||
    attempt(() => referencesOf(first, library).length > 1 || findModel(parseReference(first), library));
  if (isModel === undefined) throw fail('UNKNOWN_COMMAND', { name: first, known: ['help', ...COMMANDS.keys()] });
}

/** `net.onnx`, `net.onnx/layer1`, `net.onnx:batch=1` */
const NAMES_ONNX = /\.onnx(?![\w.-])/i;

/** Weights that are named where a model is asked for: these are shown. */
const NAMES_WEIGHTS = /\.(gguf|safetensors(\.index\.json)?)$/i;

const withCommand = (argv: readonly string[]): readonly string[] => (NAMES_WEIGHTS.test(argv[0] ?? '') ? ['weights', ...argv] : argv);

/** `./llama/config.json`, or a folder with one: weights may lie beside it. */
const NAMES_CONFIG = /\.json(?![\w.-])|^\.{0,2}[/\\]|^\.{1,2}$/i;

/** The same world, where what reads weights is loaded only if a configuration may be named. */
async function withWeights(argv: readonly string[], io: Io): Promise<Io> {
  if (!argv.some((text) => NAMES_CONFIG.test(text))) return io;
  const { weightsBeside } = await import('../node/weights.ts');
  return { ...io, library: { ...io.library, weightsBeside } };
}

/** Runs one command line, without the name of the program, and returns its exit code. */
export async function run(argv: readonly string[], given: Io): Promise<ExitCode> {
  const io = withMade(argv, await withWeights(argv, given));
  const isStrict = argv.includes('--strict');
  if (!argv.some((text) => NAMES_ONNX.test(text))) return withWarnings(withCommand(argv), io, isStrict);
  const { withOnnx } = await import('./onnx.ts');
  return withOnnx(io, isStrict, (world) => withWarnings(argv, world, isStrict));
}

const isOnnx = ({ source }: Graph): boolean => NAMES_ONNX.test(source);

/** Tells after a command what is doubtful about the specs that it counted; the exit code then is 1 if `isStrict`. */
async function withWarnings(argv: readonly string[], io: Io, isStrict: boolean): Promise<ExitCode> {
  // Graphs themselves are not kept: a check opens many.
  const warnings: Problem[] = [];
  const opened = (graph: Graph): void => void (isOnnx(graph) || warnings.push(...(graph.warnings ?? [])));
  const code = await execute(argv, { ...io, opened });
  if (warnings.length === 0 || code === WRONG_INPUT) return code;
  io.stderr(`${renderProblems(warnings, screenOf(io, 'stderr'), CLI_HINTS)}\n`);
  return isStrict ? FOUND : code;
}

async function execute(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = makeProgram(await commandsFor(argv[0]), io);
  try {
    refuseHelp(argv, io);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof LimitBroken) return FOUND;
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_INPUT;
    const problems = problemsOf(error);
    const told = COMMANDS.has(argv[0] ?? '') ? problems : problems.map((problem) => withCommands(problem, ['help', ...COMMANDS.keys()]));
    io.stderr(`${renderProblems(told, screenOf(io, 'stderr'), CLI_HINTS)}\n`);
    return WRONG_INPUT;
  }
}
