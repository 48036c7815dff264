import type { Client } from '@krateyard/kube/client/client';
import type { ExecEnd } from '@krateyard/kube/stream/exec-status';
import type { ExecStream } from '@krateyard/kube/stream/exec-stream';
import { openAttach, openExec } from '@krateyard/kube/stream/open-exec';
import { isNotFound } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Exit, OpenShell } from '../../contract/shell-protocol.ts';
import { chooseShell } from './choose-shell.ts';
import {
  consoleOf,
  containerOf,
  containerStatus,
  readPod,
  requireRunning,
  type Pod,
} from './pod-container.ts';
import type { ShellTarget } from './shell-target.ts';
import { ShellUpstream, type Explain } from './shell-upstream.ts';

/** A process that has been started for a person. */
export interface Dialled {
  readonly target: ShellTarget;
  readonly upstream: ShellUpstream;
}

interface Needs {
  readonly client: Client;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const EXPLAIN_MS = 3_000;

/** Starts what was asked for, as the client's identity. All that can be known to fail is thrown. */
export async function dial(open: OpenShell, needs: Needs): Promise<Dialled> {
  const { client, signal } = needs;
  const pod = await readPod(client, open.ns, open.pod, signal);
  const container = pod ? containerOf(pod, open.container) : (open.container ?? '');
  if (pod) requireRunning(pod, container);
  const where = { namespace: open.ns, pod: open.pod, container };
  const explain: Explain = (end) => explainEnd(client, where, pod, end);
  if (open.attach) {
    const own = pod ? consoleOf(pod, container) : { tty: open.tty ?? true, stdin: true };
    const stream = await openAttach(client, { ...where, ...own }, needs);
    return {
      target: { ...where, command: [], tty: own.tty },
      upstream: new ShellUpstream(sized(stream, open), explain),
    };
  }
  const command = open.command ?? (await chooseShell(client, where, needs));
  const target = { ...where, command, tty: open.tty ?? true };
  const stream = await openExec(client, { ...target, stdin: true }, needs);
  return { target, upstream: new ShellUpstream(sized(stream, open), explain) };
}

/** The first message on the stream, before the process has said anything. */
function sized(stream: ExecStream, { rows, cols }: OpenShell): ExecStream {
  if (rows !== undefined && cols !== undefined) stream.resize(rows, cols);
  return stream;
}

/** Killed by signal 9 or 15: what the end of a container looks like to a process in it. */
const KILLED: ReadonlySet<number> = new Set([137, 143]);

async function explainEnd(
  client: Client,
  where: { readonly namespace: string; readonly pod: string; readonly container: string },
  before: Pod | undefined,
  end: ExecEnd,
): Promise<Omit<Exit, 'type'>> {
  const code = end.is === 'exited' ? end.code : null;
  if (code !== null && !KILLED.has(code)) return { code, reason: 'exited' };
  const gone = await goneBecause(client, where, before).catch(() => undefined);
  if (gone !== undefined) return { code, reason: 'pod-gone', message: gone };
  if (end.is === 'exited')
    return { code, reason: 'signalled', message: `The process was killed (exit code ${code}).` };
  return { code, reason: end.is === 'lost' ? 'upstream-lost' : 'failed', message: end.error.message };
}

async function goneBecause(
  client: Client,
  {
    namespace,
    pod,
    container,
  }: { readonly namespace: string; readonly pod: string; readonly container: string },
  before: Pod | undefined,
): Promise<string | undefined> {
  let now: Pod | undefined;
  try {
    now = await readPod(client, namespace, pod, AbortSignal.timeout(EXPLAIN_MS));
  } catch (error) {
    if (isNotFound(error)) return `The pod "${pod}" is gone.`;
    throw error;
  }
  if (!now) return undefined;
  if (before && now.metadata.uid !== before.metadata.uid)
    return `The pod "${pod}" is gone; another has its name.`;
  if (now.metadata.deletionTimestamp !== undefined) return `The pod "${pod}" is being deleted.`;
  const [was, is] = [before && containerStatus(before, container), containerStatus(now, container)];
  if (is?.state?.running && (!was || was.containerID === is.containerID)) return undefined;
  return `The container "${container}" has ended or was started anew.`;
}
