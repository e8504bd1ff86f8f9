import type { Command } from 'commander';
import { KERNELS, type KernelKind, type Kernels } from '../../execute/kernels.ts';
import type { Verification } from '../../execute/verify.ts';
import type { Graph } from '../../graph/graph.ts';
import { verifyCsv, verifyJson, verifyMarkdown, verifyText } from '../../report/verify.ts';
import { Found, type Io } from '../io.ts';
import { addModelOptions, type ModelOptions, openAll } from '../models.ts';
import { addResultOptions, choiceOption, countOption, type ResultOptions, report } from '../options.ts';

type VerifyOptions = ModelOptions & ResultOptions & { readonly seed: number; readonly kernels: KernelKind };

const formats = { table: verifyText, json: verifyJson, csv: verifyCsv, markdown: verifyMarkdown };

const BAR = 24;

/** `resnet50  ████████░░░░░░░░  57/175  conv3_x/…` */
function progressLine({ name, nodes }: Graph, index: number): string {
  const done = Math.floor((BAR * index) / nodes.length);
  return `${name}  ${'█'.repeat(done)}${'░'.repeat(BAR - done)}  ${index}/${nodes.length}  ${nodes[index]?.path ?? ''}`;
}

/** What the networks are run with, each in turn. */
async function openKernels(kind: KernelKind): Promise<Kernels | undefined> {
  if (kind === 'reference') return undefined;
  const { openFastKernels } = await import('../../node/kernels.ts');
  return openFastKernels();
}

/** Runs networks one after the other. What runs them is loaded only now: no other command waits for it. */
async function verifyAll(
  graphs: readonly Graph[],
  { seed, kernels: kind }: VerifyOptions,
  { memory, progress }: Io,
): Promise<Verification[]> {
  const [{ verify }, kernels] = await Promise.all([import('../../execute/verify.ts'), openKernels(kind)]);
  try {
    return graphs.map((graph) => verify(graph, { seed, memory, kernels }, (_, index) => progress?.(progressLine(graph, index))));
  } finally {
    progress?.('');
  }
}

export const addVerify = (program: Command, io: Io): Command => {
  const command = program
    .command('verify <model...>')
    .description('run a network on made-up input and weights, and check the counts against what was executed')
    .addOption(countOption('--seed <n>', 'a number that input and weights are made up from').default(1))
    .addOption(choiceOption('--kernels <kind>', 'what it is run with: WebAssembly, or the obvious loops', KERNELS).default('fast'));
  return addResultOptions(addModelOptions(command), formats).action(async (models: string[], options: VerifyOptions) => {
    const verifications = await verifyAll(openAll(models, options, io), options, io);
    await report(verifications, formats, options, io);
    if (!verifications.every(({ holds }) => holds)) throw new Found();
  });
};
