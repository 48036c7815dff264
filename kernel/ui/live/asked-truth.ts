import type { SocketState } from './socket-state.ts';
import { truthOf, type Truth } from './truth.ts';
import type { Asked } from './use-asked.ts';

/** Refusals after which what was known must not show any more. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['Forbidden', 'Unauthorized']);

/**
 * How true an answer is that is asked for again and again, for the words on screen: as old as the answer is once `late`, or once
 * asking fails. SPEC.md UI34.
 */
export function askedTruth<T>(socket: SocketState, asked: Asked<T>, late: boolean): Truth {
  const { answeredAt } = asked;
  if (answeredAt === undefined)
    return truthOf(socket, {
      phase: 'loading',
      freshness: undefined,
      status: asked.state === 'failed' ? asked.status : undefined,
      ended: false,
    });
  const failed = asked.state === 'failed' ? asked.status : undefined;
  // Nobody answered: the socket may not have noticed yet.
  if (failed?.code === 0 && socket.phase !== 'waiting')
    return { state: 'disconnected', link: 'gateway', since: answeredAt, reason: failed.message };
  const refused = failed && NOT_ALLOWED.has(failed.reason) ? failed : undefined;
  return truthOf(socket, {
    phase: 'ready',
    status: refused,
    ended: refused !== undefined,
    freshness: {
      state: failed ? 'disconnected' : late ? 'lagging' : 'live',
      observedAt: new Date(answeredAt).toISOString(),
      lagMs: 0,
      reason: failed?.message,
    },
  });
}
