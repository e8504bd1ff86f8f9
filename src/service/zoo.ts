import { analyse } from '../analysis/cost.ts';
import { type ZooModel, zooModels } from '../library/reference.ts';
import { fail } from '../problems/problem.ts';
import type { ListedModel } from '../report/zoo/zoo.ts';
import type { SpecFolder } from '../spec/folder.ts';
import { expandSpec } from '../spec/model.ts';

function counted({ name, family, task, spec }: ZooModel): ListedModel {
  const { totals, input } = analyse(expandSpec(spec));
  const { parameters, macs, flops, activations } = totals;
  return { name, family, task, input, parameters, macs, flops, activations };
}

/** Those whose name, family or task contains the text. */
function matching<M extends Pick<ZooModel, 'name' | 'family' | 'task'>>(models: readonly M[], text: string): M[] {
  const wanted = models.filter(({ name, family, task }) => `${name} ${family} ${task}`.toLowerCase().includes(text.toLowerCase()));
  if (wanted.length === 0) throw fail('UNKNOWN_MODEL', { name: text, known: models.map(({ name }) => name) });
  return wanted;
}

/** The models of the zoo that a text finds, counted: all of them, or the build's counts, where they are given. */
export const listZoo = (zoo: SpecFolder, text = '', known?: readonly ListedModel[]): ListedModel[] =>
  known === undefined ? matching(zooModels(zoo), text).map(counted) : matching(known, text);
