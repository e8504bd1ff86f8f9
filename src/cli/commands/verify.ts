import type { Command } from 'commander';
import { KERNELS, type KernelKind } from '../../execute/kernels.ts';
import { type TrainingVerification, verifyTraining } from '../../execute/training/verify-training.ts';
import { type Verification, verified, verify } from '../../execute/verify.ts';
import type { FlowOptions } from '../../gradients/flow.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import { compileKernels, makeKernels, makeTrainingKernels } from '../../node/kernels.ts';
import { Threads } from '../../node/threads.ts';
import { fail } from '../../problems/problem.ts';
import { verifyTrainingCsv, verifyTrainingJson, verifyTrainingMarkdown, verifyTrainingText } from '../../report/verification/training.ts';
import { verifyCsv, verifyJson, verifyMarkdown, verifyText } from '../../report/verification/verification.ts';
import { addFlowOptions } from '../flow-options.ts';
import { type Io, LimitBroken } from '../io.ts';
import { addModelOptions, eachOf, type ModelOptions, openAll } from '../models.ts';
import { addResultOptions, choiceOption, countOption, type ResultOptions, report } from '../options.ts';

interface Running {
  readonly seed: number;
  readonly kernels: KernelKind;
  readonly workers: number;
  readonly training?: boolean;
}

type VerifyOptions = ModelOptions & ResultOptions & FlowOptions & Running;

const formats = { table: verifyText, json: verifyJson, csv: verifyCsv, markdown: verifyMarkdown };

const trainingFormats = {
  table: verifyTrainingText,
  json: verifyTrainingJson,
  csv: verifyTrainingCsv,
  markdown: verifyTrainingMarkdown,
};

const BAR = 24;

/** `resnet50  ████████░░░░░░░░  57/175  conv3_x/…` */
function progressLine(name: string, begun: number, all: number, layer: string): string {
  const done = Math.floor((BAR * begun) / all);
  return `${name}  ${'█'.repeat(done)}${'░'.repeat(BAR - done)}  ${begun}/${all}  ${layer}`;
}

/** Opens models, and runs them one after the other. */
async function verifyAll(models: readonly string[], options: VerifyOptions, io: Io, threads: Threads | undefined): Promise<Verification[]> {
  const compiling = compileKernels(options.kernels);
  const graphs = openAll(eachOf(models, options, io), options, io);
  const { seed } = options;
  const { memory = Number.MAX_SAFE_INTEGER, progress } = io;
  const compiled = await compiling;
  const kernels = makeKernels(compiled);
  const verifyOne = async (graph: Graph): Promise<Verification> => {
    const { name, nodes } = graph;
    const onLayer = ({ path }: Node, begun: number) => progress?.(progressLine(name, begun, nodes.length, path));
    if (threads === undefined) return verify(graph, { seed, memory, kernels }, onLayer);
    return verified(graph, await threads.run(nodes, { seed, memory, kernels, compiled, onLayer }));
  };
  try {
    const verifications: Verification[] = [];
    for (const graph of graphs) verifications.push(await verifyOne(graph));
    return verifications;
  } finally {
    progress?.('');
  }
}

/** Opens models, and runs a training step of each. */
async function verifyTrainingOfAll(models: readonly string[], options: VerifyOptions, io: Io): Promise<TrainingVerification[]> {
  const compiled = await compileKernels(options.kernels);
  const { memory, progress } = io;
  try {
    return openAll(eachOf(models, options, io), options, io).map((graph) => {
      const { name, nodes } = graph;
      const onNode = ({ path }: Node, begun: number) => progress?.(progressLine(name, begun, 2 * nodes.length, path));
      return verifyTraining(graph, options, { seed: options.seed, memory, kernels: makeTrainingKernels(compiled), onNode });
    });
  } finally {
    progress?.('');
  }
}

export const addVerify = (program: Command, io: Io): Command => {
  const command = program
    .command('verify <model...>')
    .description('run a network on random input and weights, and compare its counts with what was executed')
    .addOption(countOption('--seed <n>', 'seed of the random input and weights').default(1))
    .addOption(choiceOption('--kernels <kind>', 'kernels: WebAssembly or plain loops', KERNELS).default('fast'))
    .addOption(
      countOption(
        '--workers <n>',
        'number of threads, as many as there are cores at the most; with several, each layer runs on an input of its own',
      ).default(1),
    );
  command.option('--training', 'run a training step, forward and backward, and check the work of every gradient');
  addFlowOptions(command);
  return addResultOptions(addModelOptions(command), formats).action(async (models: string[], options: VerifyOptions) => {
    if (options.training === true) {
      if (options.workers > 1) throw fail('CONTRADICTION', { message: 'A training step runs in one thread. Leave --workers out' });
      const steps = await verifyTrainingOfAll(models, options, io);
      report(steps, trainingFormats, options, io);
      if (!steps.every(({ holds }) => holds)) throw new LimitBroken();
      return;
    }
    // Begun first: the others load while this one reads the models.
    const threads = options.workers === 1 ? undefined : new Threads(options.workers);
    let verifications: Verification[];
    let closed: Promise<void> | undefined;
    try {
      verifications = await verifyAll(models, options, io, threads);
    } finally {
      // Ended last: they end while this one writes what came of it.
      closed = threads?.close();
    }
    report(verifications, formats, options, io);
    await closed;
    if (!verifications.every(({ holds }) => holds)) throw new LimitBroken();
  });
};
