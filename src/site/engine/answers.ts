import { count } from './count.ts';
import type { Ground } from './ground.ts';
import type { Questions, Tell } from './protocol.ts';

type Answers = {
  readonly [Q in keyof Questions]: (
    asked: Questions[Q]['asked'],
    ground: Ground,
    tell?: Tell<Q>,
  ) => Questions[Q]['answer'] | Promise<Questions[Q]['answer']>;
};

/** Answers to all that the page asks. What only some ask for is loaded then. */
export const answers: Answers = {
  count,
  catalogue: async (_, { zoo }) => (await import('./catalogue.ts')).catalogueOf(zoo),
  export: async (asked, ground) => (await import('./export.ts')).exported(asked, ground),
  verify: async (asked, ground, tell) => (await import('./verify.ts')).verified(asked, ground, tell),
  complete: async ({ text, offset }) => (await import('./schema-help.ts')).offersAt(text, offset),
  hover: async ({ text, offset }) => (await import('./schema-help.ts')).meaningAt(text, offset),
};
