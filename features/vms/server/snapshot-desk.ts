import type { Principal } from '@krateyard/auth/principal';
import type { Client } from '@krateyard/kube/client/client';
import { formatGroupVersion, formatGvr } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isForbidden, isNotFound, StatusError } from '@krateyard/status/status-error';
import type { Task } from '@krateyard/tasks/task';
import type { TaskReport } from '@krateyard/tasks/task-board';
import type { RestoreInfo, SnapshotInfo, VmInfo } from '../contract/vm-api.ts';
import type { Books } from './books.ts';
import { cloneless } from './cloneless.ts';
import type { VmsDeps } from './deps.ts';
import { leaseSynced } from './lease-synced.ts';
import { machineFor } from './machine-for.ts';
import { WUKONG_SNAPSHOTS } from './machine-types.ts';
import { restoreTarget } from './restore-target.ts';
import { SnapshotJoin, type SeesWukongs } from './snapshot-join.ts';
import {
  CONTENTS,
  RESTORES,
  SNAPSHOTS,
  restoreInfo,
  snapshotInfo,
  type Restore,
  type Snapshot,
  type WukongSnapshot,
} from './snapshot-view.ts';
import { untilCollection } from './until-collection.ts';
import type { VmActions } from './vm-actions.ts';
import { takenBy } from './wukong-ties.ts';

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
    sees: SeesWukongs,
    ofVm: string | undefined,
    signal: AbortSignal,
  ): Promise<SnapshotInfo[]> {
    using join = await SnapshotJoin.open(this.#deps.cache, signal);
    const found = (namespaces ?? [undefined]).flatMap((namespace) =>
      Array.from(join.keys(namespace, sees), (key) => join.get(key, sees)!),
    );
    return found
      .filter(({ vmName }) => ofVm === undefined || vmName === ofVm)
      .toSorted((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1));
  }

  /** Of one machine, also of one that is gone while its snapshots stay. Throws NotFound where there is neither. */
  async listOf(
    who: Principal,
    { namespace, name }: At,
    sees: SeesWukongs,
    signal: AbortSignal,
  ): Promise<SnapshotInfo[]> {
    const own = await this.list([namespace], sees, name, signal);
    if (own.length > 0) return own;
    const vm = await this.#machine(who, { namespace, name }, signal);
    if (vm) return vm.name === name ? own : this.list([namespace], sees, vm.name, signal);
    throw new StatusError('NotFound', `There is no virtual machine "${name}" in ${namespace}.`);
  }

  async take(
    who: Principal,
    at: At,
    vmName: string,
    signal: AbortSignal,
  ): Promise<{ snapshot: SnapshotInfo; task: Task }> {
    const vm = await this.#machine(who, { namespace: at.namespace, name: vmName }, signal);
    if (!vm) throw new StatusError('NotFound', `There is no virtual machine "${vmName}" in ${at.namespace}.`);
    const byWukong = vm.wukong !== undefined && (await this.#takesWukongs(signal));
    const wanted = byWukong ? wukongSnapshotOf(at, vm.wukong!) : snapshotOf(at, vm.name);
    const kind = byWukong ? WUKONG_SNAPSHOTS : SNAPSHOTS;
    const { object } = await this.#deps.actingAs(who).create<KubeObject>(kind, wanted, { signal });
    const task = this.#deps.tasks.start(
      who,
      {
        action: 'vms.snapshot',
        title: `Snapshot ${at.name} of ${vm.namespace}/${vm.name}`,
        targets: [{ kind: formatGvr(kind), ...at }],
      },
      async (report, stopped) => {
        report.accepted();
        await (byWukong ? this.#untilWukongTook(at, report, stopped) : this.#untilTaken(at, report, stopped));
      },
    );
    const snapshot = byWukong
      ? snapshotInfo(undefined, undefined, object as WukongSnapshot)
      : snapshotInfo(object as Snapshot);
    return { snapshot, task };
  }

  /** The real one; what holds its data goes with it. */
  async remove(who: Principal, { namespace, name }: At, signal: AbortSignal): Promise<void> {
    const client = this.#deps.actingAs(who);
    const wukong = await this.#wukongSnapshot(client, { namespace, name }, signal);
    await client.delete(wukong ? WUKONG_SNAPSHOTS : SNAPSHOTS, name, namespace, { signal });
    const taken = wukong?.status?.snapshotName ?? '';
    if (taken === '') return;
    // Operators that set no owner leave what was taken behind.
    const snapshot = await client
      .get<Snapshot>(SNAPSHOTS, taken, namespace, { signal })
      .catch(ignoreInvisible);
    const uid = snapshot?.metadata.uid;
    if (!snapshot || takenBy(snapshot) !== undefined || uid === undefined) return;
    await client
      .delete(SNAPSHOTS, taken, namespace, { signal, preconditions: { uid } })
      .catch(ignoreNotFound);
  }

  /** Back into its machine, which is stopped first where it is on, or into a new one that shares no address with it. */
  async restore(
    who: Principal,
    at: At,
    newVmName: string | undefined,
    signal: AbortSignal,
  ): Promise<{ name: string; task: Task; note: string }> {
    const client = this.#deps.actingAs(who);
    const right = { verb: 'create', resource: RESTORES, namespace: at.namespace } as const;
    await this.#deps.access.require(who, right, signal);
    const snapshot = await this.#resolve(client, at, signal);
    if (snapshot?.status?.readyToUse !== true)
      throw new StatusError(
        'Conflict',
        `The snapshot ${at.name} is not ready: ${(snapshot && snapshotInfo(snapshot).reason) || 'it is being taken'}.`,
      );
    using use = await this.#books.use();
    const source = snapshot.spec?.source?.name ?? '';
    const { target, note } = restoreTarget(use.book, at.namespace, source, newVmName);
    const existing = use.book.get(`${at.namespace}/${target}`);
    if (target !== source && existing)
      throw new StatusError(
        'AlreadyExists',
        `There is a virtual machine "${target}" already; restore under another name (newVmName).`,
      );
    const name = `${at.name.slice(0, 200)}-${Math.floor(this.#deps.clock.random() * 36 ** 6).toString(36)}`;
    const patches = target === source ? [] : cloneless(await contentOf(client, snapshot, signal));
    const made = restoreObject({ namespace: at.namespace, name }, snapshot.metadata.name!, target, patches);
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
        report.accepted(note || undefined);
        await this.#untilRestored({ namespace: at.namespace, name }, report, stopped);
        report.step(steps.length - 1, { state: 'done' });
      },
    );
    return { name, task, note };
  }

  async readRestore(who: Principal, { namespace, name }: At, signal: AbortSignal): Promise<RestoreInfo> {
    return restoreInfo(await this.#deps.actingAs(who).get<Restore>(RESTORES, name, namespace, { signal }));
  }

  /** A machine that this person may get. Throws Forbidden. */
  async #machine(who: Principal, at: At, signal: AbortSignal): Promise<VmInfo | undefined> {
    using use = await this.#books.use();
    return machineFor(this.#deps, who, use.book, at, signal);
  }

  /** WukongSnapshots are served. */
  async #takesWukongs(signal: AbortSignal): Promise<boolean> {
    return (await this.#deps.kinds.find(formatGvr(WUKONG_SNAPSHOTS), signal)) !== undefined;
  }

  /** The WukongSnapshot of that name, for who may get it. */
  async #wukongSnapshot(
    client: Client,
    { namespace, name }: At,
    signal: AbortSignal,
  ): Promise<WukongSnapshot | undefined> {
    if (!(await this.#takesWukongs(signal))) return undefined;
    return client.get<WukongSnapshot>(WUKONG_SNAPSHOTS, name, namespace, { signal }).catch(ignoreInvisible);
  }

  /** KubeVirt's snapshot by the name that it has in lists, read as the person. Undefined while there is none yet; throws NotFound. */
  async #resolve(client: Client, at: At, signal: AbortSignal): Promise<Snapshot | undefined> {
    const wukong = await this.#wukongSnapshot(client, at, signal);
    if (!wukong) return client.get<Snapshot>(SNAPSHOTS, at.name, at.namespace, { signal });
    const taken = wukong.status?.snapshotName ?? '';
    if (taken === '') return undefined;
    return client.get<Snapshot>(SNAPSHOTS, taken, at.namespace, { signal }).catch(ignoreNotFound);
  }

  async #untilWukongTook({ namespace, name }: At, report: TaskReport, signal: AbortSignal): Promise<void> {
    using lease = await leaseSynced<WukongSnapshot>(this.#deps.cache, WUKONG_SNAPSHOTS, signal);
    await untilCollection(
      lease.collection,
      `${namespace}/${name}`,
      { ...this.#following(report, signal), deadlineMs: TAKE_MS },
      ({ status }) => {
        if (status?.phase === 'Failed')
          throw new StatusError(
            'InternalError',
            `The snapshot failed: ${status.error ?? 'its operator does not say why'}`,
          );
        if (status?.phase === 'Succeeded') return undefined;
        return status?.phase === undefined ? 'Its operator has not seen it yet' : 'It is being taken';
      },
    );
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
          throw new StatusError('InternalError', `The snapshot failed: ${snapshotInfo(snapshot).reason}`);
        return snapshot.status?.readyToUse === true
          ? undefined
          : snapshotInfo(snapshot).reason || 'It is being taken';
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

function ignoreNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

/** What may not be read is not there for this person: KubeVirt's own snapshot of that name may be. */
function ignoreInvisible(error: unknown): undefined {
  if (!isNotFound(error) && !isForbidden(error)) throw error;
}

function snapshotOf(metadata: At, vm: string): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: 'VirtualMachineSnapshot',
    metadata,
    spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm } },
  };
}

function wukongSnapshotOf(metadata: At, wukongName: string): KubeObject {
  return {
    apiVersion: formatGroupVersion(WUKONG_SNAPSHOTS),
    kind: 'WukongSnapshot',
    metadata,
    spec: { wukongName },
  };
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
