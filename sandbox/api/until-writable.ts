import type { EventEmitter } from 'node:events';

/** Resolves when a stream that was full takes more, or is gone. Leaves no listeners behind. */
export function untilWritable(sink: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of EVENTS) sink.off(event, done);
      resolve();
    };
    for (const event of EVENTS) sink.on(event, done);
  });
}

const EVENTS = ['drain', 'close', 'error'] as const;
