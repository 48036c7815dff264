import type { Principal } from '@krateyard/auth/principal';
import type { CollectionLease } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import { isConflict, StatusError } from '@krateyard/status/status-error';
import type { Task } from '@krateyard/tasks/task';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { VmChanged, VmChangeRequest, VmEditable } from '../../contract/vm-create.ts';
import type { Books } from '../books.ts';
import type { VmsDeps } from '../deps.ts';
import { leaseSynced } from '../lease-synced.ts';
import { INSTANCES, VIRTUAL_MACHINES, type Instance, type VirtualMachine } from '../machine-types.ts';
import { untilMachine, type Verdict } from '../until-machine.ts';
import { vmInfo } from '../vm-view.ts';
import { checkChange, editableOf, patchOf } from './change-plan.ts';
import { landingOf, type Landing } from './change-landing.ts';
import { fieldMap } from './field-map.ts';
import { inRequestWords } from './request-words.ts';

const FOLLOW_MS = 5 * 60_000;
/** KubeVirt says within a moment whether what runs can take a change. */
const LAND_MS = 3_000;
/** Status writes of KubeVirt may come in between, where nobody has said which version is meant. */
const MOST_TRIES = 4;

interface At {
  readonly namespace: string;
  readonly name: string;
}

/** Changes machines, and tells whether what runs has taken the change. */
export class ChangeDesk {
  readonly #deps: VmsDeps;
  readonly #books: Books;

  constructor(deps: VmsDeps, books: Books) {
    this.#deps = deps;
    this.#books = books;
  }

  async read(who: Principal, { namespace, name }: At, signal: AbortSignal): Promise<VmEditable> {
    const vm = await this.#deps
      .actingAs(who)
      .get<VirtualMachine>(VIRTUAL_MACHINES, name, namespace, { signal });
    using instances = await leaseSynced<Instance>(this.#deps.cache, INSTANCES, signal);
    return editableOf(vm, instances.collection.get(`${namespace}/${name}`));
  }

  /** Rejects with Conflict when the machine is not of the version that the request names. */
  async change(who: Principal, at: At, request: VmChangeRequest, signal: AbortSignal): Promise<VmChanged> {
    const { cache } = this.#deps;
    using machines = await leaseSynced<VirtualMachine>(cache, VIRTUAL_MACHINES, signal);
    using instances = await leaseSynced<Instance>(cache, INSTANCES, signal);
    const key = `${at.namespace}/${at.name}`;
    const { before, after } = await this.#write(this.#deps.actingAs(who), at, request, signal);
    const running = instances.collection.get(key);
    await untilKnown(machines, key, after, this.#deps.clock, signal);
    const landing = await landingOf(
      {
        machines: machines.collection,
        instances: instances.collection,
        key,
        clock: this.#deps.clock,
        deadlineMs: LAND_MS,
      },
      before,
      after,
      signal,
    );
    const task = this.#follow(who, at, after, startOrStop(before, after, running !== undefined));
    return { ...(await this.#answer(key, after, landing)), ...(task && { task }) };
  }

  async #write(
    client: Client,
    { namespace, name }: At,
    request: VmChangeRequest,
    signal: AbortSignal,
  ): Promise<{ before: VirtualMachine; after: VirtualMachine }> {
    for (let tries = 1; ; tries += 1) {
      const before = await client.get<VirtualMachine>(VIRTUAL_MACHINES, name, namespace, { signal });
      checkChange(before, request);
      const patch = patchOf(before, request);
      if (!patch) return { before, after: before };
      try {
        const { object } = await client.patch<VirtualMachine>(
          VIRTUAL_MACHINES,
          { name, namespace },
          'merge',
          patch,
          { signal },
        );
        return { before, after: object };
      } catch (error) {
        if (isConflict(error) && request.resourceVersion === undefined && tries < MOST_TRIES) continue;
        throw isConflict(error)
          ? changedMeanwhile(error as StatusError, name)
          : inRequestWords(error, { fieldOf: fieldMap({ name }) });
      }
    }
  }

  async #answer(
    key: string,
    after: VirtualMachine,
    { restartRequired, reason }: Landing,
  ): Promise<VmChanged> {
    using use = await this.#books.use();
    const vm =
      use.book.get(key) ?? vmInfo({ vm: after, instance: undefined, pod: undefined, claim: () => undefined });
    return {
      success: true,
      message: restartRequired
        ? `${key} is changed; it runs as it was until it is restarted.`
        : `${key} is changed.`,
      vm,
      resourceVersion: after.metadata.resourceVersion ?? '',
      restartRequired,
      reason,
    };
  }

  #follow(
    who: Principal,
    { namespace, name }: At,
    { metadata }: VirtualMachine,
    way: 'start' | 'stop' | undefined,
  ): Task | undefined {
    if (!way) return undefined;
    const key = `${namespace}/${name}`;
    const judge = (vm: VmInfo | undefined): Verdict => {
      if (!vm || vm.id !== metadata.uid)
        return new StatusError('Gone', `The virtual machine ${key} was deleted meanwhile.`);
      const there =
        way === 'start'
          ? vm.phase === 'Running'
          : vm.phase === '' || vm.phase === 'Succeeded' || vm.phase === 'Failed';
      return there ? 'seen' : 'waiting';
    };
    return this.#deps.tasks.start(
      who,
      {
        action: 'vms.change',
        title: `${way === 'start' ? 'Start' : 'Stop'} ${key} by its run strategy`,
        targets: [{ kind: 'kubevirt.io/v1/virtualmachines', namespace, name }],
      },
      async (report, signal) => {
        report.accepted();
        using use = await this.#books.use();
        await untilMachine(use.book, key, judge, {
          report,
          signal,
          clock: this.#deps.clock,
          deadlineMs: FOLLOW_MS,
        });
      },
    );
  }
}

/** What another run strategy means to what runs, or does not. */
function startOrStop(
  before: VirtualMachine,
  after: VirtualMachine,
  running: boolean,
): 'start' | 'stop' | undefined {
  const strategy = after.spec?.runStrategy;
  if (strategy === before.spec?.runStrategy && before.spec?.running === undefined) return undefined;
  if (running) return strategy === 'Halted' ? 'stop' : undefined;
  return strategy === 'Always' || strategy === 'RerunOnFailure' || strategy === 'Once' ? 'start' : undefined;
}

function changedMeanwhile(error: StatusError, name: string): StatusError {
  return new StatusError(
    'Conflict',
    `${name} has been changed meanwhile: look at it again (${error.message})`,
    {
      details: {
        name,
        kind: 'virtualmachines',
        causes: [
          {
            field: 'resourceVersion',
            reason: 'FieldValueInvalid',
            message: 'the machine is of another version now',
          },
        ],
      },
      cause: error,
    },
  );
}

/** Until the cache has the write, or a moment has passed: so that what is answered is what was written. */
function untilKnown(
  { collection }: CollectionLease<VirtualMachine>,
  key: string,
  { metadata }: VirtualMachine,
  clock: VmsDeps['clock'],
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    const known = collection.get(key);
    if (
      !known ||
      known.metadata.resourceVersion === metadata.resourceVersion ||
      (known.metadata.generation ?? 0) > (metadata.generation ?? 0)
    )
      resolve();
  };
  const stop = collection.observe({
    onChanges: (changes) => changes.some((one) => one.key === key) && look(),
  });
  const cancel = clock.after(LAND_MS, resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  look();
  return promise.finally(() => {
    stop();
    cancel();
  });
}
