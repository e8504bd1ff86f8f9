import { autocompletion, type CompletionResult, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Text, type Transaction } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { ShownProblem } from '../engine/protocol.ts';
import type { Meaning, Offers } from '../engine/schema-help.ts';
import { make } from './elements.ts';
import type { TextEditor } from './text-editor.ts';

/** The editor with colours, marks under what is wrong, and completion. */

/** A change that no person made. */
const fromPage = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--good)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--soft)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink)' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--row)', color: 'var(--soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--row)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--tint0) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--ink)', border: '1px solid var(--strong-line)', maxWidth: '32rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--card)' },
});

function placeOf(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(found.from + column - 1, found.to);
}

function diagnosticOf(doc: Text, { message, isWarning, span }: ShownProblem): Diagnostic[] {
  if (span === undefined) return [];
  const from = placeOf(doc, span.line, span.column);
  const to = Math.min(from + span.length, doc.lineAt(from).to);
  return [{ from, to: Math.max(from, to), severity: isWarning ? 'warning' : 'error', message }];
}

/** What may stand at a place of the text, and what it means; nothing where the engine was stopped. */
export interface Help {
  complete(text: string, offset: number): Promise<Offers | undefined>;
  hover(text: string, offset: number): Promise<Meaning | undefined>;
}

const completion = ({ complete }: Help) =>
  autocompletion({
    override: [
      async ({ state, pos, explicit }): Promise<CompletionResult | null> => {
        const word = /[\w$.-]*$/.exec(state.doc.lineAt(pos).text.slice(0, pos - state.doc.lineAt(pos).from))?.[0] ?? '';
        // Nothing completes a number.
        if (!explicit && !/^[A-Za-z$_]/.test(word)) return null;
        const found = await complete(state.doc.toString(), pos);
        if (found === undefined || found.offers.length === 0) return null;
        const options = found.offers.map(({ label, info, isKey }) => ({ label, info, type: isKey ? 'property' : 'enum' }));
        return { from: found.from, options, validFor: /^[\w$.-]*$/ };
      },
    ],
  });

const hovers = ({ hover }: Help) =>
  hoverTooltip(async (view, pos) => {
    const meaning = await hover(view.state.doc.toString(), pos);
    if (meaning === undefined) return null;
    const create = () => ({ dom: make('div', { className: 'meaning' }, make('b', { textContent: meaning.title }), ` ${meaning.text}`) });
    return { pos: meaning.from, end: meaning.to, above: true, create };
  });

export function codeEditor(parent: HTMLElement, text: string, onEdit: (text: string) => void, help: Help): TextEditor {
  const access = new Compartment();
  let isReadOnly = false;
  const view = new EditorView({
    // A text is told of before it is shown: it is counted while the browser lays it out.
    dispatchTransactions(transactions, into) {
      const isOurs = transactions.some((transaction) => transaction.annotation(fromPage) === true);
      if (!isOurs && transactions.some(({ docChanged }) => docChanged)) onEdit((transactions.at(-1) as Transaction).newDoc.toString());
      into.update(transactions);
    },
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        completion(help),
        hovers(help),
        lintGutter(),
        yaml(),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({ 'aria-label': 'Spec in YAML', tabindex: '0' }),
        access.of([]),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
      ],
    }),
  });
  parent.replaceChildren(view.dom);
  return {
    text: () => view.state.doc.toString(),
    setText(now) {
      if (view.state.doc.toString() === now) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: now }, annotations: fromPage.of(true) });
    },
    showProblems: (problems) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.flatMap((problem) => diagnosticOf(view.state.doc, problem)),
        ),
      ),
    goTo(line, column) {
      view.focus();
      view.dispatch({ selection: { anchor: placeOf(view.state.doc, line, column) }, scrollIntoView: true });
    },
    setReadOnly(is) {
      if (is === isReadOnly) return;
      isReadOnly = is;
      view.dispatch({ effects: access.reconfigure([EditorState.readOnly.of(is)]) });
    },
  };
}
