import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveObject, LiveStatus } from '@krateyard/ui/live/live-frames';
import { Store } from '@krateyard/ui/live/store';
import { drafts } from '@krateyard/ui/drafts/drafts';
import type { DraftKeeper } from './draft-keeper.ts';
import {
  preconditioned,
  reviewEdit,
  type Conflict,
  type EditApi,
  type Outcome,
  type Review,
} from './edit-outcome.ts';
import { editable, readYaml, yamlOf } from './editable-object.ts';
import { mergeThreeWays, type Side } from './three-way-merge.ts';
import { yamlStrings as strings } from './yaml-strings.ts';

/** How far an edit is. Nothing but `typing` takes keys in the text. */
export type EditPhase =
  | { readonly phase: 'opening' }
  | { readonly phase: 'unreadable'; readonly status: LiveStatus }
  | {
      readonly phase: 'typing';
      readonly status?: LiveStatus;
      readonly note?: string;
      readonly gone?: boolean;
    }
  | { readonly phase: 'asking' }
  | {
      readonly phase: 'review';
      readonly review: Review;
      readonly saving: boolean;
      readonly status?: LiveStatus;
    }
  | { readonly phase: 'conflict'; readonly conflict: Conflict };

/** What the editor begins with. */
export interface FirstText {
  readonly text: string;
  /** When the draft that it is was written; undefined where it is the object as it is. */
  readonly restored: number | undefined;
}

export interface EditListener {
  /** Puts another text into the open editor: what was joined with the change of somebody else. */
  onText(text: string): void;
  /** Saved, or thrown away. */
  onDone(saved: boolean): void;
}

/**
 * One edit of one object, from reading it to having saved it. What is typed goes to the draft; whatever the API server says,
 * and whatever else happens to the object, the text stays until it is saved or thrown away.
 */
export class EditSession {
  readonly state = new Store<EditPhase>({ phase: 'opening' });
  readonly #api: EditApi;
  readonly #draftId: string;
  readonly #keeper: DraftKeeper;
  #first: FirstText = { text: '', restored: undefined };
  #base: LiveObject | undefined;
  #text = '';
  #closed = false;
  #listener: EditListener = { onText: ignore, onDone: ignore };

  constructor(api: EditApi, draftId: string, keeper: DraftKeeper) {
    this.#api = api;
    this.#draftId = draftId;
    this.#keeper = keeper;
  }

  listen(listener: EditListener): void {
    this.#listener = listener;
  }

  get first(): FirstText {
    return this.#first;
  }

  async open(): Promise<void> {
    this.#closed = false;
    const draft = drafts.read(this.#draftId);
    if (draft?.base) return this.#begin(draft.base, { text: draft.text, restored: draft.savedAt });
    try {
      const object = await this.#api.read();
      if (!this.#closed) this.#begin(object, { text: yamlOf(editable(object)), restored: undefined });
    } catch (error) {
      if (!this.#closed) this.state.set({ phase: 'unreadable', status: statusOf(error) });
    }
  }

  /** What is under way goes on in vain; the draft is written. */
  close(): void {
    this.#closed = true;
    this.#keeper.flush();
  }

  type(text: string): void {
    this.#text = text;
    if (this.#base) this.#keeper.later(text, this.#base);
  }

  async review(): Promise<void> {
    const read = readYaml(this.#text);
    if ('object' in read) await this.#ask(read.object);
    else this.state.set({ phase: 'typing', note: read.problem });
  }

  back(): void {
    this.state.set({ phase: 'typing' });
  }

  async save(): Promise<void> {
    const state = this.state.get();
    if (state.phase !== 'review' || state.saving) return;
    const { review } = state;
    this.state.set({ phase: 'review', review, saving: true });
    try {
      await this.#api.patch(preconditioned(review.patch, review.base), false);
      this.#keeper.forget();
      if (!this.#closed) this.#listener.onDone(true);
    } catch (error) {
      const status = statusOf(error);
      if (this.#closed) return;
      if (status.code === 409) await this.#ask(review.mine);
      else this.state.set({ phase: 'review', review, saving: false, status });
    }
  }

  /** Goes on with each conflict decided. */
  async resolve(sides: ReadonlyMap<string, Side>): Promise<void> {
    const state = this.state.get();
    if (state.phase !== 'conflict') return;
    const [base, mine, theirs] = [state.conflict.base, state.conflict.mine, state.conflict.theirs].map(
      editable,
    );
    const merge = mergeThreeWays(base, mine, theirs, (id) => sides.get(id) ?? 'theirs');
    this.#rebase(state.conflict.theirs, merge.value as LiveObject);
    await this.#ask(merge.value as LiveObject);
  }

  discard(): void {
    this.#keeper.forget();
    this.#listener.onDone(false);
  }

  #begin(base: LiveObject, first: FirstText): void {
    this.#base = base;
    this.#text = first.text;
    this.#first = first;
    this.state.set({ phase: 'typing' });
  }

  /** The text goes on from another version of the object. */
  #rebase(base: LiveObject, mine: LiveObject): void {
    this.#base = base;
    this.#text = yamlOf(editable(mine));
    this.#keeper.write(this.#text, base);
    this.#listener.onText(this.#text);
  }

  async #ask(mine: LiveObject): Promise<void> {
    const base = this.#base;
    if (!base) return;
    this.state.set({ phase: 'asking' });
    const outcome = await reviewEdit(this.#api, base, mine);
    if (this.#closed) return;
    if (outcome.type === 'review' && outcome.base !== base) this.#rebase(outcome.base, outcome.mine);
    this.state.set(phaseAfter(outcome));
  }
}

function phaseAfter(outcome: Outcome): EditPhase {
  switch (outcome.type) {
    case 'review':
      return { phase: 'review', review: outcome, saving: false };
    case 'conflict':
      return { phase: 'conflict', conflict: outcome };
    case 'nothing':
      return { phase: 'typing', note: strings.nothingChanged };
    case 'gone':
      return { phase: 'typing', gone: true };
    case 'refused':
      return { phase: 'typing', status: outcome.status };
  }
}

function ignore(): void {
  // Nobody listens yet.
}
