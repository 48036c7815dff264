import type { Clock } from '@krateyard/telemetry/clock';
import type { Client } from '../client/client.ts';
import { resourcePath } from '../meta/group-version.ts';
import { ExecStream, execProtocols } from './exec-stream.ts';

const PODS = { group: '', version: 'v1', resource: 'pods' };

export interface AttachTarget {
  readonly namespace: string;
  readonly pod: string;
  /** Absent: the API server's choice, which is none where there are several. */
  readonly container?: string | undefined;
  readonly tty: boolean;
  readonly stdin: boolean;
}

export interface ExecTarget extends AttachTarget {
  readonly command: readonly string[];
}

/**
 * Starts a command in a container, as the client's identity. Fails with the API server's own StatusError while it can still
 * refuse; newer ones learn of some failures only afterwards and tell them as the stream's end.
 */
export function openExec(
  client: Client,
  target: ExecTarget,
  needs: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ExecStream> {
  return open(client, 'exec', target, target.command, needs);
}

/** Joins what the container itself runs; from now on, nothing of the past. */
export function openAttach(
  client: Client,
  target: AttachTarget,
  needs: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ExecStream> {
  return open(client, 'attach', target, [], needs);
}

async function open(
  client: Client,
  subresource: 'exec' | 'attach',
  target: AttachTarget,
  command: readonly string[],
  needs: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ExecStream> {
  const query = new URLSearchParams(command.map((word): [string, string] => ['command', word]));
  if (target.container !== undefined) query.set('container', target.container);
  if (target.stdin) query.set('stdin', 'true');
  query.set('stdout', 'true');
  // With a TTY everything comes on standard output, and the API server refuses both.
  query.set(target.tty ? 'tty' : 'stderr', 'true');
  const path = resourcePath(PODS, { name: target.pod, namespace: target.namespace });
  const socket = await client.openSocket({
    path: `${path}/${subresource}?${query.toString()}`,
    protocols: execProtocols(target),
    signal: needs.signal,
  });
  return new ExecStream(socket, target.tty, needs.clock);
}
