import type { StatusWord } from '@krateyard/ui/words/status-vocabulary';

/** Whether an object is well, in words: what stands at the top of its page. */
export interface Verdict {
  readonly word: StatusWord;
  /** One sentence. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Why not, and what it waits for, most telling first. */
  readonly reasons: readonly string[];
}
