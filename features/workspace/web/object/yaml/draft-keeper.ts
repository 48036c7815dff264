import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { drafts, type Kept } from '@krateyard/ui/drafts/drafts';

const DRAFT_DELAY_MS = 300;

/** Writes a draft a moment after the last key, and at once when the page is left. */
export class DraftKeeper {
  readonly #id: string;
  readonly #secret: boolean;
  readonly #tell: (kept: Kept) => void;
  #waiting: { readonly text: string; readonly base: LiveObject } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, secret: boolean, tell: (kept: Kept) => void) {
    this.#id = id;
    this.#secret = secret;
    this.#tell = tell;
  }

  later(text: string, base: LiveObject): void {
    if (!this.#waiting) addEventListener('pagehide', this.flush);
    this.#waiting = { text, base };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.flush, DRAFT_DELAY_MS);
  }

  write(text: string, base: LiveObject): void {
    this.#waiting = { text, base };
    this.flush();
  }

  forget(): void {
    this.#stop();
    drafts.forget(this.#id);
  }

  readonly flush = (): void => {
    const waiting = this.#waiting;
    this.#stop();
    if (waiting) this.#tell(drafts.write(this.#id, waiting, this.#secret));
  };

  #stop(): void {
    clearTimeout(this.#timer);
    removeEventListener('pagehide', this.flush);
    this.#waiting = undefined;
  }
}
