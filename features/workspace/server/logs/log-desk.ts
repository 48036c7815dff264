import type { Principal } from '@krateyard/auth/principal';
import { StatusError } from '@krateyard/status/status-error';
import type { Client } from '@krateyard/kube/client/client';
import type { Counter } from '@krateyard/telemetry/metrics';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { WorkspaceDeps } from '../deps.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import type { LogOutlet } from './log-outlet.ts';
import { LogReading } from './log-reading.ts';
import type { LogRequest } from './log-request.ts';
import { choosePods } from './log-subject.ts';
import { containerNames, type LoggedPod } from './pod-containers.ts';
import { PodWatch } from './pod-watch.ts';
import { RightWatch } from './right-watch.ts';

/** The name that readings are limited under. */
const LIMIT = 'logs';

type DeskNeeds = Pick<
  WorkspaceDeps,
  'access' | 'actingAs' | 'cache' | 'client' | 'clock' | 'logger' | 'metrics' | 'logs'
> & {
  readonly directory: KindDirectory;
};

/** Opens readings of logs and keeps them within limits and rights. */
export class LogDesk {
  readonly #needs: DeskNeeds;
  readonly #rights: RightWatch;
  readonly #lines: Counter;

  constructor(needs: DeskNeeds) {
    this.#needs = needs;
    this.#rights = new RightWatch(needs);
    needs.metrics.gauge('krateyard_log_readings', 'Log sockets and answers that are open.', [], (gauge) =>
      gauge.set(this.#rights.size),
    );
    this.#lines = needs.metrics.counter(
      'krateyard_log_lines_total',
      'Lines of logs that were told, or skipped for clients that were too slow.',
      ['how'],
    );
  }

  now(): number {
    return this.#needs.clock.now();
  }

  /**
   * Everything that can be refused is found out here: limits, rights, the pod, its containers, the workload, the first answers
   * of the API server. Rejects with StatusError. `who` is asked again at every request upstream.
   */
  async open(
    who: () => Principal,
    request: LogRequest,
    outlet: LogOutlet,
    around: { readonly signal: AbortSignal; readonly requestId: string },
  ): Promise<LogReading> {
    const { namespace } = request;
    const place = this.#needs.logs?.limits.acquire(LIMIT, { user: who().id, namespace });
    let reading: LogReading | undefined;
    try {
      reading = await this.#build(who, request, outlet, around);
      const opened = reading;
      const unwatch = this.#rights.add(who, request, (status) => opened.revoke(status));
      opened.onClosed(() => {
        unwatch();
        place?.[Symbol.dispose]();
      });
      await opened.open();
      around.signal.throwIfAborted();
      return opened;
    } catch (error) {
      if (reading) await reading.close();
      else place?.[Symbol.dispose]();
      throw error;
    }
  }

  async #build(
    who: () => Principal,
    request: LogRequest,
    outlet: LogOutlet,
    { signal, requestId }: { readonly signal: AbortSignal; readonly requestId: string },
  ): Promise<LogReading> {
    const { clock, logger, actingAs } = this.#needs;
    const client = (): Client => actingAs(who());
    const choice = await choosePods(this.#needs, who(), request, signal);
    let pods: PodWatch | undefined;
    try {
      pods = await PodWatch.open(this.#needs, request.namespace, signal);
      if (choice.single !== undefined) await requirePod(pods, client, request, choice.single, signal);
      const onFault = (error: unknown): void =>
        logger.error('logs failed', { part: 'logs', requestId, err: error });
      const onLines = (how: 'told' | 'skipped', lines: number): void => this.#lines.add({ how }, lines);
      return new LogReading({ client, clock, pods, choice, requestId, onFault, onLines }, request, outlet);
    } catch (error) {
      pods?.[Symbol.dispose]();
      choice[Symbol.dispose]();
      throw error;
    }
  }
}

/** A pod that the cache does not have is asked for as the person: it may be new, or not there. */
async function requirePod(
  pods: PodWatch,
  client: () => Client,
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
