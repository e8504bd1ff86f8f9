import { verify } from '../../execute/verify.ts';
import { PLAIN } from '../../report/kit/terminal.ts';
import { verificationHtml } from '../../report/verification/html.ts';
import { verifyCsv, verifyJson, verifyMarkdown, verifyText } from '../../report/verification/verification.ts';
import type { Ground } from './ground.ts';
import { countModel, modelsOf, nameModel } from './model.ts';
import { shownProblems } from './problems.ts';
import type { AskedState, Questions, Tell } from './protocol.ts';

const SEED = 1;

/** Runs the network, counts every operation, and compares. */
export async function verified(asked: AskedState, ground: Ground, tell?: Tell<'verify'>): Promise<Questions['verify']['answer']> {
  try {
    const models = await modelsOf(asked, ground);
    const { kernels, note } = await ground.kernels();
    const { graph } = countModel(asked.state, nameModel(asked.state, models), models);
    const of = graph.nodes.length;
    const options = { seed: SEED, memory: ground.memory, kernels };
    const verification = verify(graph, options, ({ path }, done) => tell?.({ layer: path, done, of }));
    return {
      html: verificationHtml(verification).text,
      holds: verification.holds,
      note,
      texts: {
        csv: verifyCsv([verification]),
        json: verifyJson([verification]),
        markdown: verifyMarkdown([verification]),
        text: verifyText([verification], {}, PLAIN),
      },
    };
  } catch (error) {
    return { problems: shownProblems(error, asked.state.model) };
  }
}
