import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound, isStatusError, reasonOf, StatusError } from '@krateyard/status/status-error';
import type { VmsDeps } from '../deps.ts';
import type { Plan, PlannedPart } from './machine-maker.ts';
import { inRequestWords } from './request-words.ts';

/** For the whole of it, once something has been made: who asked may be gone, what is begun is ended. */
const WRITE_MS = 30_000;
/** Whether a write that ended so was done is not known. */
const UNSURE = new Set(['InternalError', 'ServiceUnavailable', 'ServerTimeout', 'Timeout']);

interface Made {
  readonly part: PlannedPart;
  readonly object: KubeObject;
}

/**
 * Makes machines, or nothing: what a machine needs first, then the machine, then it becomes the owner of the former. Whatever is
 * refused on the way, what was made before is deleted again.
 */
export class MachineCreator {
  readonly #deps: Pick<VmsDeps, 'actingAs' | 'access' | 'logger'>;

  constructor(deps: Pick<VmsDeps, 'actingAs' | 'access' | 'logger'>) {
    this.#deps = deps;
  }

  /** Rejects with the StatusError that says why not, in words of the request. */
  async make(
    who: Principal,
    plan: Plan,
    signal: AbortSignal,
  ): Promise<{ machine: KubeObject; warnings: readonly string[] }> {
    await this.#requireWayBack(who, plan, signal);
    signal.throwIfAborted();
    const client = this.#deps.actingAs(who);
    const untilEnd = AbortSignal.timeout(WRITE_MS);
    const made: Made[] = [];
    try {
      const warnings: string[] = [];
      for (const part of plan.needs) {
        const written = await create(client, part, untilEnd);
        made.push({ part, object: written.object });
        warnings.push(...written.warnings);
      }
      const machine = await this.#makeMachine(client, plan, untilEnd);
      made.push({ part: plan.machine, object: machine.object });
      await adopt(client, machine.object, made.slice(0, -1), untilEnd);
      return { machine: machine.object, warnings: [...warnings, ...machine.warnings] };
    } catch (error) {
      const left = await this.#undo(client, made);
      throw left.length === 0 ? inRequestWords(error, plan) : unfinished(error, left);
    }
  }

  /** Who may make what the machine needs but not own or delete it could not clear up. */
  async #requireWayBack(who: Principal, { needs, namespace }: Plan, signal: AbortSignal): Promise<void> {
    const kinds = new Map(needs.map(({ gvr }) => [gvr.resource, gvr]));
    for (const resource of kinds.values())
      for (const verb of ['create', 'patch', 'delete'] as const)
        await this.#deps.access.require(who, { verb, resource, namespace }, signal);
  }

  /** Where the answer is lost, whether the machine is there decides. */
  async #makeMachine(
    client: Client,
    { machine, namespace, name, needs }: Plan,
    signal: AbortSignal,
  ): Promise<{ object: KubeObject; warnings: readonly string[] }> {
    try {
      return await create(client, machine, signal);
    } catch (error) {
      if (needs.length === 0 || !UNSURE.has(reasonOf(error))) throw error;
      // The time for writing may be what ran out.
      const look = { signal: AbortSignal.timeout(WRITE_MS) };
      const found = await client.get(machine.gvr, name, namespace, look).catch(() => undefined);
      // Names of what it needs are random: who names them is the machine of this request.
      const ours =
        found !== undefined &&
        needs.every(({ object }) => JSON.stringify(found['spec']).includes(object.metadata.name!));
      if (!ours) throw error;
      this.#deps.logger.info('a machine whose making went unanswered is there', { namespace, name });
      return { object: found, warnings: [] };
    }
  }

  /** Newest first. Resolves to what could not be deleted. */
  async #undo(client: Client, made: readonly Made[]): Promise<readonly string[]> {
    const signal = AbortSignal.timeout(WRITE_MS);
    const left: string[] = [];
    for (const { part, object } of made.toReversed()) {
      const { name = '', namespace, uid } = object.metadata;
      try {
        await client.delete(part.gvr, name, namespace, {
          signal,
          propagationPolicy: 'Background',
          ...(uid !== undefined && { preconditions: { uid } }),
        });
      } catch (error) {
        if (!isNotFound(error)) left.push(`${part.object.kind} ${namespace}/${name}`);
      }
    }
    return left;
  }
}

function create(
  client: Client,
  { gvr, object }: PlannedPart,
  signal: AbortSignal,
): Promise<{ object: KubeObject; warnings: readonly string[] }> {
  return client.create(gvr, object, { signal, fieldValidation: 'Strict' });
}

/** From now on they go with the machine. */
async function adopt(
  client: Client,
  machine: KubeObject,
  made: readonly Made[],
  signal: AbortSignal,
): Promise<void> {
  const { name = '', uid = '' } = machine.metadata;
  const ownerReferences = [
    {
      apiVersion: machine.apiVersion,
      kind: machine.kind,
      name,
      uid,
      controller: false,
      blockOwnerDeletion: false,
    },
  ];
  for (const { part, object } of made) {
    const at = { name: object.metadata.name ?? '', namespace: object.metadata.namespace };
    const patch = { metadata: { uid: object.metadata.uid, ownerReferences } };
    await client.patch(part.gvr, at, 'merge', patch, { signal });
  }
}

function unfinished(error: unknown, left: readonly string[]): StatusError {
  const why = isStatusError(error) ? error.message : 'something went wrong inside the gateway';
  return new StatusError(
    isStatusError(error) ? error.reason : 'InternalError',
    `The machine was not made: ${why}. These were made before and could not be deleted again: ${left.join(', ')}.`,
    { cause: error },
  );
}
