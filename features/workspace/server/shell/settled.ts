import { isCommandNotFound } from '@krateyard/kube/stream/exec-status';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Terminal } from '@krateyard/terminals/terminal';
import type { ShellTarget } from './shell-target.ts';
import type { ShellUpstream } from './shell-upstream.ts';

/** A process that says nothing for so long has been started. */
const SETTLE_MS = 500;

/**
 * Newer API servers accept the upgrade before they have asked the node: whether the process runs shows only in what comes next.
 * Resolves with its first output, its end or after half a second of silence; throws, and ends the session, when it never ran.
 */
export async function settled(
  session: Terminal<ShellTarget>,
  upstream: ShellUpstream,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const cancel = clock.after(SETTLE_MS, heard.resolve);
  const onAbort = (): void => heard.resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  session.onFirst(heard.resolve);
  await heard.promise;
  cancel();
  signal.removeEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    const { end } = upstream;
    const target = session.place;
    if (end === undefined || end.is === 'exited' || session.scrollback.end > 0) return;
    if (!isCommandNotFound(end)) throw end.error;
    throw new StatusError(
      'NotFound',
      `the container "${target.container}" of pod "${target.pod}" cannot run "${target.command[0] ?? ''}": it is not there or may not be executed`,
      { details: { name: target.pod, kind: 'pods' }, cause: end.error },
    );
  } catch (error) {
    session.stop('owner-ended');
    throw error;
  }
}
