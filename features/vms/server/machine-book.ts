import type { Cache, CacheChange, Collection, CollectionLease, Freshness } from '@krateyard/kube/cache/cache';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { isForbidden, isNotFound, StatusError } from '@krateyard/status/status-error';
import type { UsageMeter } from '@krateyard/kube/usage/usage-meter';
import type { VmInfo, VmUsage } from '../contract/vm-api.ts';
import {
  CLAIMS,
  DATA_VOLUMES,
  INSTANCES,
  PODS,
  VIRTUAL_MACHINES,
  WUKONGS,
  type Claim,
  type DataVolume,
  type Instance,
  type MachineParts,
  type VirtualMachine,
  type Wukong,
} from './machine-types.ts';
import { vmUsage } from './vm-usage.ts';
import { vmInfo } from './vm-view.ts';
import { nameOfOwned, namedOwner, referredOwner } from './wukong-ties.ts';

const SYNC_DEADLINE_MS = 10_000;
/** The first look at usage is worth waiting for so long. */
const USAGE_DEADLINE_MS = 500;
/** Worst first. */
const FRESHNESS_ORDER: readonly Freshness['state'][] = ['disconnected', 'syncing', 'lagging', 'live'];

/**
 * All machines, each joined from its parts: a change of any part touches one machine, found by index, so it costs the same
 * whether there are ten or ten thousand. Open while somebody uses it.
 */
export class MachineBook implements Disposable {
  readonly #vms: CollectionLease<VirtualMachine>;
  readonly #instances: CollectionLease<Instance>;
  readonly #pods: CollectionLease;
  readonly #claims: CollectionLease<Claim>;
  readonly #dataVolumes: CollectionLease<DataVolume>;
  readonly #wukongs: CollectionLease<Wukong>;
  /** They are served, and not for the gateway to read: machines still say whose they are. */
  #wukongsHidden = false;
  readonly #known = new Map<string, VmInfo>();
  readonly #usage: UsageMeter | undefined;
  /** The same machines with what they use; and what that was at the last look. */
  readonly #metered = new Map<string, VmInfo>();
  readonly #used = new Map<string, VmUsage>();
  /** Launcher pods of each instance, by the instance's uid. */
  readonly #podsOf = new Map<string, Map<string, KubeObject>>();
  /** Machines that name a Wukong as their owner, by the Wukong's key; those that are it by their own name are in no index. */
  readonly #ownedBy = new Map<string, Set<string>>();
  /** Machines that use a claim, by the claim's key; a data volume has its claim's. */
  readonly #usersOf = new Map<string, Set<string>>();
  readonly #listeners = new Set<(keys: readonly string[]) => void>();
  readonly #freshnessListeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];

  private constructor(cache: Cache, usage: UsageMeter | undefined) {
    this.#usage = usage;
    this.#vms = cache.lease<VirtualMachine>(VIRTUAL_MACHINES);
    this.#instances = cache.lease<Instance>(INSTANCES);
    this.#pods = cache.lease(PODS);
    this.#claims = cache.lease<Claim>(CLAIMS);
    this.#dataVolumes = cache.lease<DataVolume>(DATA_VOLUMES);
    this.#wukongs = cache.lease<Wukong>(WUKONGS);
  }

  /** Rejects with StatusError when machines or instances cannot be listed; without the others it does with less. */
  static async open(cache: Cache, signal: AbortSignal, usage?: UsageMeter): Promise<MachineBook> {
    const book = new MachineBook(cache, usage);
    book.#meter();
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(SYNC_DEADLINE_MS)]);
    try {
      await Promise.all([
        synced(book.#vms.collection, deadline),
        synced(book.#instances.collection, deadline),
        synced(book.#pods.collection, deadline).catch(ignoreUnreadable),
        synced(book.#claims.collection, deadline).catch(ignoreUnreadable),
        synced(book.#dataVolumes.collection, deadline).catch(ignoreUnreadable),
        synced(book.#wukongs.collection, deadline).catch((error: unknown) => {
          ignoreUnreadable(error);
          book.#wukongsHidden = isForbidden(error);
        }),
        usage?.looked(AbortSignal.any([deadline, AbortSignal.timeout(USAGE_DEADLINE_MS)])).catch(() => {}),
      ]);
    } catch (error) {
      book[Symbol.dispose]();
      throw error;
    }
    book.#start();
    book.#looked();
    return book;
  }

  /** `metered`: with what it uses, where that is known. */
  get(key: string, metered = false): VmInfo | undefined {
    const plain = this.#plain(key);
    const metrics = metered ? this.#used.get(key) : undefined;
    if (!plain || !metrics) return plain;
    const known = this.#metered.get(key) ?? { ...plain, metrics };
    this.#metered.set(key, known);
    return known;
  }

  #plain(key: string): VmInfo | undefined {
    const known = this.#known.get(key);
    if (known) return known;
    const vm = this.#vms.collection.get(key);
    if (!vm) return undefined;
    const info = vmInfo(this.#partsOf(key, vm));
    this.#known.set(key, info);
    return info;
  }

  /** What the machine is joined from. */
  parts(key: string): MachineParts | undefined {
    const vm = this.#vms.collection.get(key);
    return vm && this.#partsOf(key, vm);
  }

  /** Also of a machine that only its Wukong's name is known of. */
  find(namespace: string, name: string): VmInfo | undefined {
    const own = this.get(`${namespace}/${name}`);
    if (own) return own;
    const owned = this.get(`${namespace}/${nameOfOwned(name)}`);
    return owned?.wukong === name ? owned : undefined;
  }

  /** The Wukong itself; undefined for machines that have none, and where it may not be read. */
  wukongOf({ namespace, wukong }: VmInfo): Wukong | undefined {
    return wukong === undefined ? undefined : this.#wukongs.collection.get(`${namespace}/${wukong}`);
  }

  /** A Wukong, whether or not its machine is there. */
  hasWukong(namespace: string, name: string): boolean {
    return this.#wukongs.collection.get(`${namespace}/${name}`) !== undefined;
  }

  *keys(): Generator<string> {
    for (const [key] of this.#vms.collection.entries()) yield key;
  }

  *in(
    namespaces: Iterable<string> | null,
    metered: (namespace: string) => boolean = () => false,
  ): Generator<VmInfo> {
    for (const namespace of namespaces ?? [undefined])
      for (const [key, { metadata }] of this.#vms.collection.entries(namespace))
        yield this.get(key, metered(metadata.namespace ?? ''))!;
  }

  freshness(): Freshness {
    const [vms, instances] = [this.#vms.collection.freshness(), this.#instances.collection.freshness()];
    return FRESHNESS_ORDER.indexOf(instances.state) < FRESHNESS_ORDER.indexOf(vms.state) ? instances : vms;
  }

  /** Calls back when the state of the freshness may have changed; the disposer ends it. */
  observeFreshness(listener: () => void): () => void {
    this.#freshnessListeners.add(listener);
    return () => this.#freshnessListeners.delete(listener);
  }

  /** Calls back with the keys of machines that changed, appeared or went; the disposer ends it. */
  observe(listener: (keys: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop();
    const details = [this.#pods, this.#claims, this.#dataVolumes, this.#wukongs];
    for (const lease of [this.#vms, this.#instances, ...details]) lease[Symbol.dispose]();
  }

  #start(): void {
    const onFreshness = (): void => {
      for (const listener of this.#freshnessListeners) listener();
    };
    for (const [key, vm] of this.#vms.collection.entries()) this.#indexVm(key, vm);
    for (const [key, pod] of this.#pods.collection.entries()) this.#indexPod(key, pod);
    this.#stops.push(
      this.#vms.collection.observe({
        onChanges: (changes) => this.#tell(changes.map((one) => this.#vmChanged(one))),
        onFreshness,
      }),
      this.#instances.collection.observe({
        onChanges: (changes) => this.#tell(changes.map(({ key }) => [key])),
        onFreshness,
      }),
      this.#pods.collection.observe({
        onChanges: (changes) => this.#tell(changes.map((one) => this.#podChanged(one))),
      }),
      this.#claims.collection.observe({
        onChanges: (changes) => this.#tell(changes.map(({ key }) => this.#usersOfClaim(key))),
      }),
      this.#dataVolumes.collection.observe({
        onChanges: (changes) => this.#tell(changes.map(({ key }) => this.#usersOfClaim(key))),
      }),
      this.#wukongs.collection.observe({
        onChanges: (changes) => this.#tell(changes.map(({ key }) => this.#machinesOf(key))),
      }),
    );
  }

  /** Reads what is used as long as the book is open. */
  #meter(): void {
    if (!this.#usage) return;
    const held = this.#usage.hold();
    this.#stops.push(
      this.#usage.onLook(() => this.#looked()),
      () => held[Symbol.dispose](),
    );
  }

  #looked(): void {
    const running = Array.from(this.#instances.collection.entries(), ([key]) => key);
    const keys = [...this.#used.keys(), ...running].filter((key) => this.#measure(key));
    if (keys.length === 0) return;
    for (const key of keys) this.#metered.delete(key);
    for (const listener of this.#listeners) listener(keys);
  }

  /** True when it uses something else than at the last look. */
  #measure(key: string): boolean {
    const instance = this.#instances.collection.get(key);
    const pod = instance && this.#activePod(instance)?.metadata;
    const sample = pod && this.#usage?.latest('pods', `${pod.namespace}/${pod.name}`);
    const now = sample && vmUsage(instance, sample);
    const before = this.#used.get(key);
    if (now) this.#used.set(key, now);
    else this.#used.delete(key);
    return now?.cpuCores !== before?.cpuCores || now?.memoryBytes !== before?.memoryBytes;
  }

  #partsOf(key: string, vm: VirtualMachine): MachineParts {
    const namespace = vm.metadata.namespace ?? '';
    const instance = this.#instances.collection.get(key);
    return {
      vm,
      instance,
      pod: instance && this.#activePod(instance),
      claim: (name) => this.#claims.collection.get(`${namespace}/${name}`),
      dataVolume: (name) => this.#dataVolumes.collection.get(`${namespace}/${name}`),
      owner: this.#ownerOf(vm),
    };
  }

  /** By its owner reference; where it names no owner at all, by its name and what the Wukong says. */
  #ownerOf(vm: VirtualMachine): MachineParts['owner'] {
    const { namespace } = vm.metadata;
    const referred = referredOwner(vm);
    const name = referred ?? namedOwner(vm);
    if (name === undefined) return undefined;
    const wukong = this.#wukongs.collection.get(`${namespace}/${name}`);
    if (
      wukong &&
      (referred !== undefined || (wukong.status?.vmName ?? vm.metadata.name) === vm.metadata.name)
    )
      return { name, wukong };
    return referred !== undefined && this.#wukongsHidden ? { name, wukong: undefined } : undefined;
  }

  #usersOfClaim(key: string): string[] {
    return [...(this.#usersOf.get(key) ?? [])];
  }

  #machinesOf(wukong: string): string[] {
    const byName = nameOfOwned(wukong);
    const named = this.#vms.collection.get(byName) ? [byName] : [];
    return [...named, ...(this.#ownedBy.get(wukong) ?? [])];
  }

  /** The pod that has the guest; after a migration there is another beside it. */
  #activePod(instance: Instance): KubeObject | undefined {
    const pods = [...(this.#podsOf.get(instance.metadata.uid ?? '')?.values() ?? [])];
    const active = instance.status?.activePods ?? {};
    const node = instance.status?.nodeName;
    const onNode = (pod: KubeObject): boolean =>
      active[pod.metadata.uid ?? ''] !== undefined &&
      (pod['spec'] as { nodeName?: string } | undefined)?.nodeName === node;
    return pods.find(onNode) ?? pods[0];
  }

  #vmChanged(change: CacheChange<VirtualMachine>): string[] {
    const { key, object } = change;
    if (change.type === 'modified') this.#unindexVm(key, change.old);
    if (change.type === 'deleted') this.#unindexVm(key, object);
    else this.#indexVm(key, object);
    return [key];
  }

  #podChanged(change: CacheChange): string[] {
    const { type, key, object } = change;
    // A pod that went and came again while nobody watched is told as modified, and may be another instance's.
    const before = type === 'modified' ? change.old : object;
    if (type !== 'added') this.#unindexPod(key, before);
    if (type !== 'deleted') this.#indexPod(key, object);
    return [before, object].map(machineOf).filter((one) => one !== undefined);
  }

  #indexPod(key: string, pod: KubeObject): void {
    const uid = instanceOf(pod);
    if (uid === undefined) return;
    const pods = this.#podsOf.get(uid) ?? new Map<string, KubeObject>();
    this.#podsOf.set(uid, pods.set(key, pod));
  }

  #unindexPod(key: string, pod: KubeObject): void {
    const uid = instanceOf(pod);
    const pods = this.#podsOf.get(uid ?? '');
    if (uid === undefined || !pods) return;
    pods.delete(key);
    if (pods.size === 0) this.#podsOf.delete(uid);
  }

  #indexVm(key: string, vm: VirtualMachine): void {
    for (const claim of claimsOf(vm)) addTo(this.#usersOf, claim, key);
    const owner = referredOwner(vm);
    if (owner !== undefined) addTo(this.#ownedBy, `${vm.metadata.namespace}/${owner}`, key);
  }

  #unindexVm(key: string, vm: VirtualMachine): void {
    for (const claim of claimsOf(vm)) takeFrom(this.#usersOf, claim, key);
    const owner = referredOwner(vm);
    if (owner !== undefined) takeFrom(this.#ownedBy, `${vm.metadata.namespace}/${owner}`, key);
  }

  #tell(touched: readonly (readonly string[])[]): void {
    const keys = [...new Set(touched.flat())];
    if (keys.length === 0) return;
    for (const key of keys) {
      this.#known.delete(key);
      this.#metered.delete(key);
      if (this.#used.size > 0) this.#measure(key);
    }
    for (const listener of this.#listeners) listener(keys);
  }
}

function addTo(index: Map<string, Set<string>>, name: string, key: string): void {
  const keys = index.get(name) ?? new Set();
  index.set(name, keys.add(key));
}

function takeFrom(index: Map<string, Set<string>>, name: string, key: string): void {
  const keys = index.get(name);
  keys?.delete(key);
  if (keys?.size === 0) index.delete(name);
}

/** The uid of the instance that a pod launches, where it launches one. */
function instanceOf(pod: KubeObject): string | undefined {
  return pod.metadata.labels?.['kubevirt.io/created-by'];
}

/** The key of the machine that a pod launches. */
function machineOf(pod: KubeObject): string | undefined {
  const name = pod.metadata.annotations?.['kubevirt.io/domain'];
  return instanceOf(pod) === undefined || name === undefined
    ? undefined
    : `${pod.metadata.namespace}/${name}`;
}

function claimsOf(vm: VirtualMachine): string[] {
  return (vm.spec?.template?.spec?.volumes ?? [])
    .map(({ persistentVolumeClaim, dataVolume }) => persistentVolumeClaim?.claimName ?? dataVolume?.name)
    .filter((name) => name !== undefined)
    .map((name) => `${vm.metadata.namespace}/${name}`);
}

async function synced(collection: Collection<never> | Collection, signal: AbortSignal): Promise<void> {
  const { gvr } = collection as { gvr: GroupVersionResource };
  try {
    await collection.synced(signal);
  } catch (error) {
    if (isNotFound(error))
      throw new StatusError(
        'ServiceUnavailable',
        `${gvr.resource} are not served by this cluster; install KubeVirt.`,
      );
    throw error;
  }
}

/** Sizes and pods are details: who may not read them sees the machines without. */
function ignoreUnreadable(error: unknown): void {
  if (!(error instanceof StatusError)) throw error;
}
