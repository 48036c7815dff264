import type { AccessQuestion } from '@krateyard/auth/access';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { Principal } from '@krateyard/auth/principal';
import { reasonOf, StatusError } from '@krateyard/status/status-error';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { RecordingSummary } from '../../contract/shell-protocol.ts';
import type { AuditEvent, WorkspaceDeps } from '../deps.ts';
import { byteRange, type ByteRange } from './byte-range.ts';
import type { RecordingStore } from './recording-store.ts';

export type RecordingDeps = Pick<WorkspaceDeps, 'access' | 'audit' | 'clock' | 'client'> & {
  readonly store: RecordingStore;
};

export interface Asker {
  readonly who: Authentication;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface PlayedRecording {
  readonly summary: RecordingSummary;
  readonly size: number;
  /** Undefined: all of it. */
  readonly range: ByteRange | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Pods that are asked about one by one, where a right is not of the whole namespace. */
const MOST_PODS = 64;

/**
 * Recordings for people: one's own, and those of pods that one may exec into. What is seen and what is removed leaves a line in
 * the audit trail, refused or not.
 */
export class RecordingActions {
  readonly #deps: RecordingDeps;

  constructor(deps: RecordingDeps) {
    this.#deps = deps;
  }

  async list(
    { who, signal }: Asker,
    wanted: { readonly namespace?: string | undefined; readonly pod?: string | undefined },
  ): Promise<readonly RecordingSummary[]> {
    const all = (await this.#deps.store.list()).filter(
      ({ namespace, pod }) =>
        (wanted.namespace === undefined || namespace === wanted.namespace) &&
        (wanted.pod === undefined || pod === wanted.pod),
    );
    const visible = await this.#visiblePods(who.principal, all, signal);
    return all.filter((one) => isOwner(who.principal, one) || visible.has(placeOf(one)));
  }

  async summary(asker: Asker, id: string): Promise<RecordingSummary> {
    const summary = await this.#find(id);
    await this.#requireSight(asker, summary);
    return summary;
  }

  /** The cast, or a part of it. Accounted for where it begins. */
  async play(asker: Asker, id: string, rangeHeader: string | undefined): Promise<PlayedRecording> {
    const summary = await this.#find(id);
    const size = await this.#deps.store.size(id);
    const range = byteRange(rangeHeader, size);
    if (range === undefined || range.from === 0) {
      await this.#accounted(asker, 'recording.view', summary, () => this.#requireSight(asker, summary));
    } else {
      await this.#requireSight(asker, summary);
    }
    const { from, to } = range ?? { from: 0, to: size - 1 };
    return { summary, size, range, bytes: size === 0 ? nothing() : this.#deps.store.read(id, from, to) };
  }

  async remove(asker: Asker, id: string): Promise<void> {
    const summary = await this.#find(id);
    await this.#accounted(asker, 'recording.delete', summary, () => this.#requireRemoval(asker, summary));
    await this.#deps.store.remove(id);
  }

  async #find(id: string): Promise<RecordingSummary> {
    const summary = await this.#deps.store.find(id);
    if (summary) return summary;
    throw new StatusError('NotFound', 'There is no such recording: it was removed, or was too old.');
  }

  async #requireSight({ who, signal }: Asker, summary: RecordingSummary): Promise<void> {
    if (isOwner(who.principal, summary)) return;
    const { namespace, pod } = summary;
    await this.#deps.access.require(who.principal, execInto(namespace, pod), signal);
  }

  /** Its owner, unless a rule made it; else whoever may delete the pod that it is of. */
  async #requireRemoval({ who, signal }: Asker, summary: RecordingSummary): Promise<void> {
    if (summary.endedAt === undefined) {
      throw new StatusError(
        'Conflict',
        'The recording is still being made. Stop it, or end the shell, first.',
      );
    }
    if (isOwner(who.principal, summary) && !summary.policy) return;
    const { namespace, pod: name } = summary;
    await this.#deps.access.require(
      who.principal,
      { verb: 'delete', resource: SHORT_KINDS.pods, namespace, name },
      signal,
    );
  }

  async #accounted(
    { who, requestId }: Asker,
    action: 'recording.view' | 'recording.delete',
    { id, namespace, pod }: RecordingSummary,
    decide: () => Promise<void>,
  ): Promise<void> {
    const { audit, clock, client } = this.#deps;
    const event: Omit<AuditEvent, 'outcome'> = {
      at: new Date(clock.now()).toISOString(),
      action,
      user: who.principal.username,
      groups: who.principal.groups,
      requestId,
      cluster: client.cluster,
      namespace,
      name: pod,
      key: id,
    };
    try {
      await decide();
    } catch (error) {
      audit.record({ ...event, outcome: 'refused', reason: reasonOf(error) });
      throw error;
    }
    audit.record({ ...event, outcome: 'allowed' });
  }

  /** Whole namespaces first; where that is refused, pod by pod. */
  async #visiblePods(
    who: Principal,
    all: readonly RecordingSummary[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>> {
    const { access } = this.#deps;
    const may = async (question: AccessQuestion): Promise<boolean> =>
      (await access.check(who, question, signal)).allowed;
    const visible = new Set<string>();
    for (const [namespace, members] of Map.groupBy(all, (one) => one.namespace)) {
      const pods = [...new Set(members.map(({ pod }) => pod))];
      const whole = await may(execInto(namespace));
      const allowed = await Promise.all(
        pods.map(async (pod, index) => whole || (index < MOST_PODS && may(execInto(namespace, pod)))),
      );
      for (const [index, pod] of pods.entries()) if (allowed[index]) visible.add(placeOf({ namespace, pod }));
    }
    return visible;
  }
}

const placeOf = ({ namespace, pod }: Pick<RecordingSummary, 'namespace' | 'pod'>): string =>
  `${namespace}/${pod}`;

const isOwner = (who: Principal, { owner }: RecordingSummary): boolean => who.username === owner;

function execInto(namespace: string, name?: string): AccessQuestion {
  return {
    verb: 'get',
    resource: SHORT_KINDS.pods,
    subresource: 'exec',
    namespace,
    ...(name !== undefined && { name }),
  };
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // A recording whose first byte is still to be written.
}
