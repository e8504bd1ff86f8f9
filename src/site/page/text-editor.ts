import type { ShownProblem } from '../engine/protocol.ts';

/** Where the text of a spec is edited: a plain field at first, and a better one once it is loaded. */
export interface TextEditor {
  text(): string;
  /** Replaces the whole text; that is no edit. */
  setText(text: string): void;
  showProblems(problems: readonly ShownProblem[]): void;
  /** Moves the cursor to a place, lines and columns from 1. */
  goTo(line: number, column: number): void;
  setReadOnly(is: boolean): void;
}

/** The field that every browser has. */
export function plainEditor(field: HTMLTextAreaElement, onEdit: (text: string) => void): TextEditor {
  field.addEventListener('input', () => onEdit(field.value));
  return {
    text: () => field.value,
    setText(text) {
      if (field.value !== text) field.value = text;
    },
    showProblems: () => undefined,
    goTo(line, column) {
      const before = field.value.split('\n').slice(0, line - 1);
      const at = before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
      field.focus();
      field.setSelectionRange(at, at);
    },
    setReadOnly(is) {
      field.readOnly = is;
    },
  };
}
