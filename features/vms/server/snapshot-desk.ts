import type { Principal } from '@krateyard/auth/principal';
import type { CollectionLease } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import type { Task } from '@krateyard/tasks/task';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { RestoreInfo, SnapshotInfo } from '../contract/vm-api.ts';
import type { Books } from './books.ts';
import { cloneless } from './cloneless.ts';
import type { VmsDeps } from './deps.ts';
import { leaseSynced } from './lease-synced.ts';
import {
  CONTENTS,
  RESTORES,
  SNAPSHOTS,
  restoreInfo,
  snapshotInfo,
  type Restore,
  type Snapshot,
  type SnapshotContent,
} from './snapshot-view.ts';
import { untilCollection } from './until-collection.ts';
import type { VmActions } from './vm-actions.ts';

const TAKE_MS = 10 * 60_000;
const RESTORE_MS = 30 * 60_000;
const API_VERSION = 'snapshot.kubevirt.io/v1beta1';

interface At {
  readonly namespace: string;
  readonly name: string;
}

/** Snapshots and restores: the real objects of KubeVirt, written as the person and followed to their end. */
export class SnapshotDesk {
  readonly #deps: VmsDeps;
  readonly #books: Books;
  readonly #actions: VmActions;

  constructor(deps: VmsDeps, books: Books, actions: VmActions) {
    this.#deps = deps;
    this.#books = books;
    this.#actions = actions;
  }

  async list(
    namespaces: readonly string[] | null,
    ofVm: string | undefined,
    signal: AbortSignal,
  ): Promise<SnapshotInfo[]> {
    using snapshots = await leaseSynced<Snapshot>(this.#deps.cache, SNAPSHOTS, signal);
    using contents = await leaseSynced<SnapshotContent>(this.#deps.cache, CONTENTS, signal);
    const found = (namespaces ?? [undefined]).flatMap((namespace) =>
      Array.from(snapshots.collection.entries(namespace), ([, snapshot]) => withContent(snapshot, contents)),
    );
    return found
      .filter(({ wukongName }) => ofVm === undefined || wukongName === ofVm)
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
  }

  /** Of one machine, also of one that is gone while its snapshots stay. Throws NotFound where there is neither. */
  async listOf({ namespace, name }: At, signal: AbortSignal): Promise<SnapshotInfo[]> {
    using use = await this.#books.use();
    const vm = use.book.find(namespace, name);
    const found = await this.list([namespace], vm?.name ?? name, signal);
    if (vm || found.length > 0) return found;
    throw new StatusError('NotFound', `There is no virtual machine "${name}" in ${namespace}.`);
  }

  async take(
    who: Principal,
    at: At,
    vmName: string,
    signal: AbortSignal,
  ): Promise<{ snapshot: SnapshotInfo; task: Task }> {
    using use = await this.#books.use();
    const vm = use.book.find(at.namespace, vmName);
    if (!vm) throw new StatusError('NotFound', `There is no virtual machine "${vmName}" in ${at.namespace}.`);
    const { object } = await this.#deps.actingAs(who).create<KubeObject>(
      SNAPSHOTS,
      {
        apiVersion: API_VERSION,
        kind: 'VirtualMachineSnapshot',
        metadata: at,
        spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm.name } },
      },
      { signal },
    );
    const task = this.#deps.tasks.start(
      who,
      {
        action: 'vms.snapshot',
        title: `Snapshot ${at.name} of ${vm.namespace}/${vm.name}`,
        targets: [{ kind: 'snapshot.kubevirt.io/v1beta1/virtualmachinesnapshots', ...at }],
      },
      async (report, stopped) => {
        report.accepted();
        await this.#untilTaken(at, report, stopped);
      },
    );
    return { snapshot: snapshotInfo(object as Snapshot, undefined), task };
  }

  /** The real one; what holds its data goes with it. */
  async remove(who: Principal, { namespace, name }: At, signal: AbortSignal): Promise<void> {
    await this.#deps.actingAs(who).delete(SNAPSHOTS, name, namespace, { signal });
  }

  /** Back into its machine, which is stopped first where it is on, or into a new one that shares no address with it. */
  async restore(
    who: Principal,
    at: At,
    newVmName: string | undefined,
    signal: AbortSignal,
  ): Promise<{ name: string; task: Task }> {
    const client = this.#deps.actingAs(who);
    const snapshot = await client.get<Snapshot>(SNAPSHOTS, at.name, at.namespace, { signal });
    const source = snapshot.spec?.source?.name ?? '';
    const target = newVmName ?? source;
    if (snapshot.status?.readyToUse !== true)
      throw new StatusError(
        'Conflict',
        `The snapshot ${at.name} is not ready: ${snapshotInfo(snapshot, undefined).reason || 'it is being taken'}.`,
      );
    using use = await this.#books.use();
    const existing = use.book.get(`${at.namespace}/${target}`);
    if (newVmName !== undefined && newVmName !== source && existing)
      throw new StatusError(
        'AlreadyExists',
        `There is a virtual machine "${newVmName}" already; restore under another name.`,
      );
    const name = `${at.name.slice(0, 200)}-${Math.floor(this.#deps.clock.random() * 36 ** 6).toString(36)}`;
    const patches = target === source ? [] : cloneless(await contentOf(client, snapshot, signal));
    const made = restoreObject({ namespace: at.namespace, name }, at.name, target, patches);
    await client.create<KubeObject>(RESTORES, made, { dryRun: true, signal });
    const stops = existing && existing.phase !== '' && target === source;
    const steps = [...(stops ? [{ title: `Stop ${target}` }] : []), { title: `Restore ${at.name}` }];
    const task = this.#deps.tasks.start(
      who,
      {
        action: 'vms.restore',
        title: `Restore ${at.namespace}/${target} from ${at.name}`,
        targets: [{ kind: 'kubevirt.io/v1/virtualmachines', namespace: at.namespace, name: target }],
        steps,
      },
      async (report, stopped) => {
        if (stops) await this.#stopFirst(who, existing.namespace, existing.name, report, stopped);
        report.step(steps.length - 1, { state: 'running' });
        await client.create<KubeObject>(RESTORES, made, { signal: stopped });
        report.accepted();
        await this.#untilRestored({ namespace: at.namespace, name }, report, stopped);
        report.step(steps.length - 1, { state: 'done' });
      },
    );
    return { name, task };
  }

  async readRestore(who: Principal, { namespace, name }: At, signal: AbortSignal): Promise<RestoreInfo> {
    return restoreInfo(await this.#deps.actingAs(who).get<Restore>(RESTORES, name, namespace, { signal }));
  }

  async #stopFirst(
    who: Principal,
    namespace: string,
    name: string,
    report: TaskReport,
    signal: AbortSignal,
  ): Promise<void> {
    using use = await this.#books.use();
    const vm = use.book.get(`${namespace}/${name}`);
    if (!vm) throw new StatusError('Gone', `The virtual machine ${namespace}/${name} was deleted meanwhile.`);
    report.step(0, { state: 'running' });
    await this.#actions.doAndSee(who, vm, 'stop', report, signal);
    report.step(0, { state: 'done' });
  }

  async #untilTaken({ namespace, name }: At, report: TaskReport, signal: AbortSignal): Promise<void> {
    using lease = await leaseSynced<Snapshot>(this.#deps.cache, SNAPSHOTS, signal);
    await untilCollection(
      lease.collection,
      `${namespace}/${name}`,
      { ...this.#following(report, signal), deadlineMs: TAKE_MS },
      (snapshot) => {
        if (snapshot.status?.phase === 'Failed')
          throw new StatusError(
            'InternalError',
            `The snapshot failed: ${snapshotInfo(snapshot, undefined).reason}`,
          );
        return snapshot.status?.readyToUse === true
          ? undefined
          : snapshotInfo(snapshot, undefined).reason || 'It is being taken';
      },
    );
  }

  async #untilRestored({ namespace, name }: At, report: TaskReport, signal: AbortSignal): Promise<void> {
    using lease = await leaseSynced<Restore>(this.#deps.cache, RESTORES, signal);
    await untilCollection(
      lease.collection,
      `${namespace}/${name}`,
      { ...this.#following(report, signal), deadlineMs: RESTORE_MS },
      (restore) => {
        const failure = restore.status?.conditions?.find(
          ({ type, status }) => type === 'Failure' && status === 'True',
        );
        if (failure)
          throw new StatusError(
            'InternalError',
            `The restore failed: ${failure.message ?? failure.reason ?? ''}`,
          );
        return restore.status?.complete === true ? undefined : restoreInfo(restore).reason || 'It has begun';
      },
    );
  }

  #following(report: TaskReport, signal: AbortSignal) {
    return { clock: this.#deps.clock, onWhy: (why: string) => report.message(why), signal };
  }
}

function withContent(snapshot: Snapshot, contents: CollectionLease<SnapshotContent>): SnapshotInfo {
  const name = snapshot.status?.virtualMachineSnapshotContentName ?? '';
  return snapshotInfo(snapshot, contents.collection.get(`${snapshot.metadata.namespace}/${name}`));
}

async function contentOf(client: Client, snapshot: Snapshot, signal: AbortSignal): Promise<KubeObject> {
  const name = snapshot.status?.virtualMachineSnapshotContentName ?? '';
  return client.get(CONTENTS, name, snapshot.metadata.namespace, { signal });
}

function restoreObject(at: At, snapshot: string, target: string, patches: readonly string[]): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: 'VirtualMachineRestore',
    metadata: at,
    spec: {
      target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: target },
      virtualMachineSnapshotName: snapshot,
      ...(patches.length > 0 && { patches: [...patches] }),
    },
  };
}
