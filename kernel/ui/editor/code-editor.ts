import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldable,
  foldEffect,
  foldGutter,
  foldKeymap,
  indentUnit,
} from '@codemirror/language';
import { linter, lintGutter, lintKeymap, type Diagnostic } from '@codemirror/lint';
import { unifiedMergeView } from '@codemirror/merge';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { completionKeymap } from '@codemirror/autocomplete';
import { EditorState, Prec, type ChangeSpec, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { editorLook } from './editor-look.ts';

export interface EditorOptions {
  /** A shadow root: the editor's styles go there, as the content security policy lets none into the page. */
  readonly root: ShadowRoot;
  readonly text: string;
  /** Read to screen readers. */
  readonly label: string;
  readonly readOnly: boolean;
  /** Shown as a difference to this text; then nothing can be typed. */
  readonly original?: string | undefined;
  /** What knows more of the text: completion, what a field is on hover. */
  readonly support?: Extension | undefined;
  readonly onChange?: (text: string) => void;
  /** What is wrong with a text: offsets into it. */
  readonly lint?: (text: string) => readonly { readonly at: number; readonly problem: string }[];
  readonly keys?: readonly { readonly key: string; readonly run: () => void }[];
}

/** Lines around a difference that stay unfolded. */
const MARGIN = 4;
const LINT_DELAY_MS = 400;

/** A YAML editor, or a read-only view, or a view of a difference. `destroy` ends it. */
export function createCodeEditor(options: EditorOptions): EditorView {
  const { root, text, label, readOnly, original, support, onChange, lint, keys } = options;
  const extensions: Extension[] = [
    keymap.of((keys ?? []).map(({ key, run }) => ({ key, run: () => (run(), true), preventDefault: true }))),
    lineNumbers(),
    foldGutter(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    drawSelection(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    indentUnit.of('  '),
    EditorState.readOnly.of(readOnly || original !== undefined),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
    keymap.of([
      ...completionKeymap,
      ...searchKeymap,
      ...foldKeymap,
      ...lintKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    editorLook,
  ];
  // Esc leaves the editor (and with it Tab gets out): Tab indents only where one types.
  if (!readOnly && original === undefined) {
    extensions.push(
      history(),
      Prec.high(keymap.of([{ key: 'Enter', run: newLine }])),
      keymap.of([indentWithTab]),
    );
  }
  if (support) extensions.push(support);
  if (lint)
    extensions.push(
      lintGutter(),
      linter((view) => found(view, lint), { delay: LINT_DELAY_MS }),
    );
  if (onChange) {
    extensions.push(
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    );
  }
  if (original !== undefined) {
    extensions.push(
      unifiedMergeView({
        original,
        mergeControls: false,
        highlightChanges: true,
        gutter: true,
        collapseUnchanged: { margin: MARGIN, minSize: 8 },
      }),
    );
  }
  return new EditorView({ state: EditorState.create({ doc: text, extensions }), parent: root, root });
}

function found(view: EditorView, lint: NonNullable<EditorOptions['lint']>): Diagnostic[] {
  const { length } = view.state.doc;
  return lint(view.state.doc.toString()).map(({ at, problem }) => {
    const from = Math.max(0, Math.min(at, length));
    return { from, to: Math.min(from + 1, length), severity: 'error', message: problem };
  });
}

/** A new line begins where YAML goes on: below a key that opens something two columns in, in an item below its first key. */
function newLine(view: EditorView): boolean {
  const { state } = view;
  const at = state.selection.main.from;
  const line = state.doc.lineAt(at);
  const indent = indentAfter(line.text.slice(0, at - line.from));
  view.dispatch(state.replaceSelection(`\n${' '.repeat(indent)}`), {
    scrollIntoView: true,
    userEvent: 'input',
  });
  return true;
}

export function indentAfter(before: string): number {
  const lead = /^\s*(?:-\s+)*/.exec(before)?.[0].length ?? 0;
  const opens = /^[^#]*:\s*(?:[|>][-+\d]*)?\s*(?:#.*)?$/.test(before);
  return lead + (opens ? 2 : 0);
}

/** Puts another text in by changing only the part that differs: scroll, folds and selection elsewhere stay. */
export function replaceText(view: EditorView, text: string): void {
  const change = changeTo(view.state.doc.toString(), text);
  if (change) view.dispatch({ changes: change });
}

/** Puts the cursor at an offset and shows it. */
export function goTo(view: EditorView, at: number): void {
  const anchor = Math.max(0, Math.min(at, view.state.doc.length));
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
  view.focus();
}

export function changeTo(before: string, after: string): Extract<ChangeSpec, { from: number }> | undefined {
  if (before === after) return undefined;
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < shorter - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

/** Folds what stands at the top level under these names. */
export function foldTopLevel(view: EditorView, names: readonly string[]): void {
  const { doc } = view.state;
  const effects = [];
  for (let number = 1; number <= doc.lines; number += 1) {
    const line = doc.line(number);
    if (!names.some((name) => line.text.startsWith(`${name}:`))) continue;
    const range = foldable(view.state, line.from, line.to);
    if (range) effects.push(foldEffect.of(range));
  }
  if (effects.length > 0) view.dispatch({ effects });
}
