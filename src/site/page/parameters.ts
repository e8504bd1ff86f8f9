import type { ShownParameter } from '../engine/protocol.ts';
import { make } from './elements.ts';

/** Fields for the parameters of a spec, with a slider beside each number. */

type Change = (name: string, value: string) => void;

function selectOf({ choices = [] }: ShownParameter): HTMLSelectElement {
  return make('select', {}, ...choices.map((choice) => make('option', { value: choice, textContent: choice })));
}

/** One parameter: how it is shown again with another value. */
interface Control {
  readonly parts: readonly HTMLElement[];
  show(value: string): void;
}

const inputOf = (parameter: ShownParameter): HTMLInputElement | HTMLSelectElement =>
  parameter.kind === 'choice'
    ? selectOf(parameter)
    : make(
        'input',
        parameter.kind === 'boolean' ? { type: 'checkbox' } : { type: 'text', inputMode: parameter.kind === 'number' ? 'decimal' : 'text' },
      );

function controlOf(parameter: ShownParameter, onChange: Change): Control {
  const { name, kind, most } = parameter;
  const input = inputOf(parameter);
  const isCheck = input instanceof HTMLInputElement && kind === 'boolean';
  input.addEventListener('input', () => onChange(name, isCheck ? String(input.checked) : input.value));
  const label = make('label', {}, name, input);
  const slider =
    most === undefined ? undefined : make('input', { type: 'range', min: '0', max: String(most), ariaLabel: `${name}, slider` });
  if (slider !== undefined) {
    slider.step = Number.isInteger(Number(parameter.value)) ? '1' : 'any';
    slider.addEventListener('input', () => {
      input.value = slider.value;
      onChange(name, slider.value);
    });
    label.append(slider);
  }
  return {
    parts: [label],
    show(value) {
      if (isCheck) input.checked = value === 'true';
      else if (document.activeElement !== input) input.value = value;
      if (slider !== undefined && document.activeElement !== slider) slider.value = value;
    },
  };
}

/** What fields were made for: where it changes, they are made anew. */
const kindOf = (parameters: readonly ShownParameter[]): string =>
  JSON.stringify(parameters.map(({ name, kind, choices, most }) => [name, kind, choices, most]));

/** Shows the parameters of whichever model is asked for. */
export function parameterFields(into: HTMLElement, onChange: Change): (parameters: readonly ShownParameter[]) => void {
  let made = '';
  let controls: readonly Control[] = [];
  return (parameters) => {
    const kind = kindOf(parameters);
    if (kind !== made) {
      made = kind;
      controls = parameters.map((parameter) => controlOf(parameter, onChange));
      into.replaceChildren(...controls.flatMap(({ parts }) => parts));
    }
    for (const [index, { value }] of parameters.entries()) controls[index]?.show(value);
  };
}
