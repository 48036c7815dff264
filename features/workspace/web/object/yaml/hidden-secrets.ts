import { type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { secretValues } from './secret-values.ts';

const HIDDEN = Decoration.mark({ class: 'cm-hidden' });

/** Marks the values of Secrets as hidden; whether they are is said around the editor (`--hidden-text`). */
export const hiddenSecrets: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = marks(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = marks(update.view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function marks(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of secretValues(view.state.doc.toString())) builder.add(from, to, HIDDEN);
  return builder.finish();
}
