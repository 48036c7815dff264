import type { AccessQuestion } from '@krateyard/auth/access';
import type { Authentication } from '@krateyard/auth/authenticator';
import type { Principal } from '@krateyard/auth/principal';
import type { AuditEvent } from '@krateyard/runtime/audit';
import { reasonOf, StatusError } from '@krateyard/status/status-error';
import type { RecordingStore } from '@krateyard/terminals/recordings/recording-store';
import {
  isConsole,
  nameOfRecorded,
  type RecordingSummary,
} from '@krateyard/terminals/recordings/recording-summary';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { RecordingRights, WorkspaceDeps } from '../deps.ts';
import { byteRange, type ByteRange } from './byte-range.ts';

export type RecordingDeps = Pick<WorkspaceDeps, 'access' | 'audit' | 'client'> & {
  readonly store: RecordingStore;
  readonly consoles: RecordingRights;
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

/** Pods and machines that are asked about one by one, where a right is not of the whole namespace. */
const MOST_NAMES = 64;

/**
 * Recordings for people: of one's own shells, of pods that one may exec into, of consoles that one may open. What is seen and what is removed leaves a line in
 * the audit trail, refused or not.
 */
export class RecordingActions {
  readonly #deps: RecordingDeps;

  constructor(deps: RecordingDeps) {
    this.#deps = deps;
  }

  async list(
    { who, signal }: Asker,
    wanted: {
      readonly namespace?: string | undefined;
      readonly pod?: string | undefined;
      readonly vm?: string | undefined;
    },
  ): Promise<readonly RecordingSummary[]> {
    const all = (await this.#deps.store.list()).filter(
      ({ namespace, pod, vm }) =>
        (wanted.namespace === undefined || namespace === wanted.namespace) &&
        (wanted.pod === undefined || pod === wanted.pod) &&
        (wanted.vm === undefined || vm === wanted.vm),
    );
    const visible = await this.#visiblePlaces(who.principal, all, signal);
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
    const see = this.#rightsOf(summary).see(summary.namespace, nameOfRecorded(summary));
    await this.#deps.access.require(who.principal, see, signal);
  }

  /** Who asked for it, or whose shell it is, unless a rule made it; else whoever may delete the pod or machine that it is of. */
  async #requireRemoval(asker: Asker, summary: RecordingSummary): Promise<void> {
    if (summary.endedAt === undefined) {
      throw new StatusError(
        'Conflict',
        'The recording is still being made. Stop it, or end what it is of, first.',
      );
    }
    const { principal } = asker.who;
    if (isOwner(principal, summary) && !summary.policy) return;
    if (isConsole(summary)) {
      await this.#requireSight(asker, summary);
      if (summary.by === principal.username) return;
    }
    const remove = this.#rightsOf(summary).remove(summary.namespace, nameOfRecorded(summary));
    await this.#deps.access.require(principal, remove, asker.signal);
  }

  #rightsOf(summary: RecordingSummary): RecordingRights {
    return isConsole(summary) ? this.#deps.consoles : SHELLS;
  }

  async #accounted(
    { who, requestId }: Asker,
    action: 'recording.view' | 'recording.delete',
    summary: RecordingSummary,
    decide: () => Promise<void>,
  ): Promise<void> {
    const { audit, client } = this.#deps;
    const event: Omit<AuditEvent<typeof action>, 'outcome'> = {
      action,
      who: who.principal,
      requestId,
      cluster: client.cluster,
      namespace: summary.namespace,
      name: nameOfRecorded(summary),
      key: summary.id,
    };
    try {
      await decide();
    } catch (error) {
      audit.record({ ...event, outcome: 'refused', reason: reasonOf(error) });
      throw error;
    }
    audit.record({ ...event, outcome: 'allowed' });
  }

  /** Whole namespaces first; where that is refused, one by one. */
  async #visiblePlaces(
    who: Principal,
    all: readonly RecordingSummary[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<string>> {
    const may = async (question: AccessQuestion): Promise<boolean> =>
      (await this.#deps.access.check(who, question, signal)).allowed;
    const visible = new Set<string>();
    for (const members of Map.groupBy(all, areaOf).values()) {
      const { namespace } = members[0]!;
      const rights = this.#rightsOf(members[0]!);
      const places = new Map(members.map((one) => [placeOf(one), nameOfRecorded(one)]));
      const whole = await may(rights.see(namespace));
      const allowed = await Promise.all(
        Array.from(
          places.values(),
          async (name, index) => whole || (index < MOST_NAMES && may(rights.see(namespace, name))),
        ),
      );
      for (const [index, place] of [...places.keys()].entries()) if (allowed[index]) visible.add(place);
    }
    return visible;
  }
}

const areaOf = (one: RecordingSummary): string => `${isConsole(one) ? 'console' : 'shell'} ${one.namespace}`;

const placeOf = (one: RecordingSummary): string => `${areaOf(one)}/${nameOfRecorded(one)}`;

const isOwner = (who: Principal, { owner }: RecordingSummary): boolean => who.username === owner;

const SHELLS: RecordingRights = {
  see: (namespace, name) => ({
    verb: 'get',
    resource: SHORT_KINDS.pods,
    subresource: 'exec',
    namespace,
    ...(name !== undefined && { name }),
  }),
  remove: (namespace, name) => ({ verb: 'delete', resource: SHORT_KINDS.pods, namespace, name }),
};

async function* nothing(): AsyncIterable<Uint8Array> {
  // A recording whose first byte is still to be written.
}
