import type { StatusError } from '@krateyard/status/status-error';

/** Bytes both ways, with back-pressure: a WebSocket's binary frames or a TCP connection; where frames begin means nothing. */
export interface ByteLink {
  /** What comes, in pieces of any size; ends with the link, throws when it broke. May be iterated once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more; rejects when the link is gone. The bytes must not be changed afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  /** Idempotent. `why`: told to the peer where the link has words for it (a WebSocket's close code and text). */
  close(why?: StatusError): void;
}
