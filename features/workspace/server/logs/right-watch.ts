import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { StatusError } from '@krateyard/status/status-error';
import { isForbidden } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { LogRequest } from './log-request.ts';
import { requireRight } from './log-subject.ts';

/** Answers are remembered until RBAC changes, so that a look costs nothing; a lost right shows well within a second. */
const LOOK_MS = 250;

interface Watched {
  readonly who: () => Principal;
  readonly request: LogRequest;
  readonly onLost: (status: StatusError) => void;
  looking: boolean;
}

export interface RightWatchDeps {
  readonly access: AccessReview;
  readonly clock: Clock;
  /** The gateway's own. */
  readonly client: Client;
  readonly actingAs: (who: Principal) => Client;
}

/** An API server that does not say by then whether a right is lost has not said so. */
const CONFIRM_MS = 5_000;

/** Looks again and again whether those who read logs still may. One timer for all, none when nobody reads. */
export class RightWatch {
  readonly #deps: RightWatchDeps;
  readonly #watched = new Set<Watched>();
  #cancel: (() => void) | undefined;

  constructor(deps: RightWatchDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** `onLost` is called once, with the API server's Forbidden. The disposer ends it. */
  add(who: () => Principal, request: LogRequest, onLost: (status: StatusError) => void): () => void {
    const watched: Watched = { who, request, onLost, looking: false };
    this.#watched.add(watched);
    this.#cancel ??= this.#deps.clock.every(LOOK_MS, () => this.#look());
    return () => this.#remove(watched);
  }

  #remove(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #look(): void {
    for (const watched of this.#watched) if (!watched.looking) void this.#ask(watched);
  }

  async #ask(watched: Watched): Promise<void> {
    watched.looking = true;
    try {
      await requireRight(this.#deps.access, watched.who(), watched.request);
    } catch (error) {
      // While it cannot be told, what was true stays.
      if (!isForbidden(error) || !(await this.#isLost(watched)) || !this.#watched.has(watched)) return;
      this.#remove(watched);
      watched.onLost(error as StatusError);
    } finally {
      watched.looking = false;
    }
  }

  /** An API server that has just started denies what it has not read yet: it is asked anew once it is ready. */
  async #isLost({ who, request }: Watched): Promise<boolean> {
    const signal = AbortSignal.timeout(CONFIRM_MS);
    try {
      await this.#deps.client.request({ path: '/readyz', signal });
      const person = this.#deps.actingAs(who());
      const answers = await Promise.all(
        rightsOf(request).map((resourceAttributes) =>
          person.request<{ status?: { allowed?: boolean } }>({
            method: 'POST',
            path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
            body: {
              apiVersion: 'authorization.k8s.io/v1',
              kind: 'SelfSubjectAccessReview',
              spec: { resourceAttributes },
            },
            signal,
          }),
        ),
      );
      return answers.some(({ status }) => status?.allowed !== true);
    } catch (error) {
      // Who may not even ask may nothing; all else is no answer.
      return isForbidden(error);
    }
  }
}

function rightsOf({ namespace, subject }: LogRequest): readonly Record<string, string>[] {
  const { group, version, resource } = SHORT_KINDS.pods;
  const pods = { group, version, resource, namespace };
  const log = { ...pods, verb: 'get', subresource: 'log' };
  return subject.is === 'pod' ? [{ ...log, name: subject.name }] : [log, { ...pods, verb: 'list' }];
}
