import type { Generation } from '../../../analysis/generation/generate.ts';
import type { MemoryOptions } from '../../../analysis/memory.ts';
import { findModel, parseReference } from '../../../library/reference.ts';
import { generationCsv, generationJson, generationMarkdown, generationText } from '../../../report/generation/generation.ts';
import { generationBody, generationHtml } from '../../../report/generation/html.ts';
import { html } from '../../../report/html/html.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { generateReferences, missingLengths } from '../../../service/generation.ts';
import { type Counted, settled, type View } from '../counted.ts';
import { optionsOf, wholeNumber } from '../model.ts';

const typesOf = ({ state: { stored, storedWeights } }: Counted): MemoryOptions => ({
  dtype: stored,
  weightsDtype: storedWeights === '' ? stored : storedWeights,
});

function generated(counted: Counted): Generation[] {
  const { state, models } = counted;
  const request = { prompt: wholeNumber('prompt', state.prompt), new: wholeNumber('new', state.fresh) };
  return generateReferences([settled(counted)], request, { ...optionsOf({ ...state, set: '' }), ...typesOf(counted) }, models);
}

/** Only a spec says how long a run is. */
const hasSteps = ({ named: { reference }, analysis, models }: Counted): boolean =>
  !/\.onnx$/i.test(analysis.source) && missingLengths(findModel(parseReference(reference), models.library)).length === 0;

/** What it costs a language model to go through a prompt, and to generate after it. */
export const view: View = {
  show(counted) {
    const { analysis } = counted;
    if (!hasSteps(counted))
      return { html: html`<p>${analysis.name} does not generate token by token: choose a language model, such as gpt2 or llama-3-8b.</p>` };
    return { html: html`${generated(counted).map((generation) => generationBody(generation, typesOf(counted)))}` };
  },
  formats: {
    csv: (counted) => generationCsv(generated(counted)),
    json: (counted) => generationJson(generated(counted), typesOf(counted)),
    markdown: (counted) => generationMarkdown(generated(counted), typesOf(counted)),
    html: (counted) => generationHtml(generated(counted), { ...typesOf(counted), made: counted.made }),
    text: (counted) => generationText(generated(counted), typesOf(counted), PLAIN),
  },
};
