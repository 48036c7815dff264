import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import type { WorkspaceDeps } from '../deps.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { LogOutlet } from './log-outlet.ts';
import { LogReading } from './log-reading.ts';
import type { LogRequest } from './log-request.ts';
import { choosePods } from './log-subject.ts';
import { containerNames, type LoggedPod } from './pod-containers.ts';
import { PodWatch } from './pod-watch.ts';

export type ReadingNeeds = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'cache' | 'clock' | 'logger' | 'metrics'
> & { readonly directory: KindDirectory };

/**
 * Everything that can be refused is found out here: rights, the pod, its containers, the workload, the first answers of the API
 * server. Rejects with StatusError. `who` is asked again at every request upstream.
 */
export async function openReading(
  needs: ReadingNeeds,
  who: () => Principal,
  request: LogRequest,
  outlet: LogOutlet,
  around: { readonly signal: AbortSignal; readonly requestId: string },
): Promise<LogReading> {
  const choice = await choosePods(needs, who(), request, around.signal);
  let reading: LogReading | undefined;
  try {
    const pods = await PodWatch.open(needs, request.namespace, around.signal);
    const client = () => needs.actingAs(who());
    reading = new LogReading(
      {
        client,
        clock: needs.clock,
        pods,
        choice,
        requestId: around.requestId,
        onFault: (error) =>
          needs.logger.error('logs failed', { part: 'logs', requestId: around.requestId, err: error }),
      },
      request,
      outlet,
    );
    if (choice.single !== undefined) await requirePod(pods, client, request, choice.single, around.signal);
    await reading.open();
    return reading;
  } catch (error) {
    if (reading) await reading.close();
    else choice[Symbol.dispose]();
    throw error;
  }
}

/** A pod that the cache does not have is asked for as the person: it may be new, or not there. */
async function requirePod(
  pods: PodWatch,
  client: () => ReturnType<WorkspaceDeps['actingAs']>,
  { namespace, containers }: LogRequest,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const pod =
    pods.get(name) ?? (await client().get<LoggedPod>(SHORT_KINDS.pods, name, namespace, { signal }));
  const known = containerNames(pod);
  const unknown = [...(containers ?? [])].find((container) => !known.includes(container));
  if (unknown === undefined) return;
  throw new StatusError('BadRequest', `container ${unknown} is not valid for pod ${name}`);
}
