import type { Command } from 'commander';
import type { Verification } from '../../execute/verify.ts';
import type { Graph } from '../../graph/graph.ts';
import { verifyCsv, verifyJson, verifyMarkdown, verifyText } from '../../report/verify.ts';
import { Found, type Io } from '../io.ts';
import { addModelOptions, type ModelOptions, openAll } from '../models.ts';
import { addResultOptions, countOption, type ResultOptions, report } from '../options.ts';

type VerifyOptions = ModelOptions & ResultOptions & { readonly seed: number };

const formats = { table: verifyText, json: verifyJson, csv: verifyCsv, markdown: verifyMarkdown };

const BAR = 24;

/** `resnet50  ████████░░░░░░░░  57/175  conv3_x/…` */
function progressLine({ name, nodes }: Graph, index: number): string {
  const done = Math.floor((BAR * index) / nodes.length);
  return `${name}  ${'█'.repeat(done)}${'░'.repeat(BAR - done)}  ${index}/${nodes.length}  ${nodes[index]?.path ?? ''}`;
}

/** Runs networks one after the other. What runs them is loaded only now: no other command waits for it. */
async function verifyAll(graphs: readonly Graph[], seed: number, { memory, progress }: Io): Promise<Verification[]> {
  const { verify } = await import('../../execute/verify.ts');
  try {
    return graphs.map((graph) => verify(graph, { seed, memory }, (_, index) => progress?.(progressLine(graph, index))));
  } finally {
    progress?.('');
  }
}

export const addVerify = (program: Command, io: Io): Command => {
  const command = program
    .command('verify <model...>')
    .description('run a network on made-up input and weights, and check the counts against what was executed')
    .addOption(countOption('--seed <n>', 'a number that input and weights are made up from').default(1));
  return addResultOptions(addModelOptions(command), formats).action(async (models: string[], options: VerifyOptions) => {
    const verifications = await verifyAll(openAll(models, options, io), options.seed, io);
    await report(verifications, formats, options, io);
    if (!verifications.every(({ holds }) => holds)) throw new Found();
  });
};
