import type { PassThrough } from 'node:stream';
import type { ByteSink } from './byte-pipe.ts';

/** Waits while the reader is slow; who writes after the end of the session is told nothing. */
export function streamSink(stream: PassThrough, signal: AbortSignal): ByteSink {
  return {
    write: async (chunk) => {
      if (signal.aborted || stream.writableEnded || stream.destroyed) return;
      if (stream.write(chunk)) return;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          stream.off('drain', go);
          stream.off('close', go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        stream.once('drain', go);
        stream.once('close', go);
        signal.addEventListener('abort', go, { once: true });
      });
    },
    end: () => {},
  };
}
