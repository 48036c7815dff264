import { useEffect, useImperativeHandle, useRef, type ReactElement, type Ref } from 'react';
import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import './editor.css';
import { createCodeEditor, foldTopLevel, goTo, replaceText } from './code-editor.ts';

export interface EditorControl {
  focus(): void;
  text(): string;
  /** Puts another text in; one step of undo. */
  replace(text: string): void;
  /** Changes parts of the text, in its order and apart from each other; scroll, folds and selection elsewhere stay. */
  change(edits: readonly { readonly from: number; readonly to: number; readonly insert: string }[]): void;
  /** Goes to an offset. */
  show(at: number): void;
}

export interface EditorHostProps {
  readonly control?: Ref<EditorControl>;
  readonly label: string;
  /** Of an editor the first text; a view follows every new one. */
  readonly text: string;
  readonly readOnly?: boolean;
  readonly original?: string;
  /** Asked once; it is given a way to what stands there. */
  readonly support?: (text: () => string) => Extension;
  readonly onChange?: (text: string) => void;
  readonly lint?: (text: string) => readonly { readonly at: number; readonly problem: string }[];
  readonly keys?: readonly { readonly key: string; readonly run: () => void }[];
  readonly folded?: readonly string[];
  /** Takes the focus when it is there. */
  readonly focused?: boolean;
}

/** The editor in a shadow tree of its own; keys that are typed in it are not those of the page. */
export function EditorHost(props: EditorHostProps): ReactElement {
  const { control, label, text, readOnly = false, original } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const first = latest.current;
    const made = createCodeEditor({
      root,
      text: first.text,
      label,
      readOnly,
      original,
      support: first.support?.(() => made.state.doc.toString()),
      onChange: (next) => latest.current.onChange?.(next),
      ...(first.lint && { lint: (next: string) => latest.current.lint?.(next) ?? [] }),
      keys: (first.keys ?? []).map(({ key }) => ({
        key,
        run: () => latest.current.keys?.find((one) => one.key === key)?.run(),
      })),
    });
    view.current = made;
    if (first.folded) foldTopLevel(made, first.folded);
    if (first.focused) made.focus();
    const stop = keepKeys(element);
    return () => {
      stop();
      made.destroy();
      view.current = undefined;
    };
  }, [label, readOnly, original]);
  useEffect(() => {
    if (readOnly && view.current) replaceText(view.current, text);
  }, [readOnly, text]);
  useImperativeHandle(control, () => ({
    focus: () => view.current?.focus(),
    text: () => view.current?.state.doc.toString() ?? '',
    replace: (next) => {
      if (view.current) replaceText(view.current, next);
    },
    change: (edits) => view.current?.dispatch({ changes: edits }),
    show: (at) => {
      if (view.current) goTo(view.current, at);
    },
  }));
  return <div className="editor-host" ref={host} />;
}

/** The page's one-letter keys must not hear what is typed here; chords (Mod-K) and, from a view, everything may go on. */
function keepKeys(element: HTMLElement): () => void {
  const keep = (event: KeyboardEvent): void => {
    const chord = event.ctrlKey || event.metaKey;
    const [inner] = event.composedPath();
    const typing = inner instanceof HTMLElement && (inner.isContentEditable || inner.tagName === 'INPUT');
    if (typing && !chord) event.stopPropagation();
  };
  element.addEventListener('keydown', keep);
  return () => element.removeEventListener('keydown', keep);
}
