import type { RecordingSummary } from './recording-summary.ts';

/**
 * Where recordings are kept: a folder now, an object store later. Text is appended in order and can be read while it grows. The
 * store decides what goes when there is no room: the oldest that is finished.
 */
export interface RecordingStore {
  /** Rejects with StatusError ServiceUnavailable when nothing can be written. */
  create(summary: RecordingSummary): Promise<RecordingSink>;
  /** Finished ones and those being made, the youngest first. */
  list(): Promise<readonly RecordingSummary[]>;
  find(id: string): Promise<RecordingSummary | undefined>;
  /** Bytes `from` to `to`, both inclusive; the stream rejects when they cannot be read. */
  read(id: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Length of the cast so far. */
  size(id: string): Promise<number>;
  remove(id: string): Promise<void>;
  /** Takes away what is too old or too much. */
  sweep(): Promise<void>;
}

/** One recording that is being made. Calls follow each other: the next begins when the one before has resolved. */
export interface RecordingSink {
  append(text: string): Promise<void>;
  /** What is known of it has changed. */
  describe(summary: RecordingSummary): Promise<void>;
  /** It is finished; nothing is appended any more. */
  finish(summary: RecordingSummary): Promise<void>;
}
