import type { Cache, CacheChange, CollectionLease } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { SnapshotInfo } from '../contract/vm-api.ts';
import { leaseSynced } from './lease-synced.ts';
import { WUKONG_SNAPSHOTS } from './machine-types.ts';
import {
  CONTENTS,
  SNAPSHOTS,
  snapshotInfo,
  type Snapshot,
  type SnapshotContent,
  type WukongSnapshot,
} from './snapshot-view.ts';
import { takenBy } from './wukong-ties.ts';

/** May this person list WukongSnapshots there? Who may not sees what was taken by them as KubeVirt's own. */
export type SeesWukongs = (namespace: string) => boolean;

interface Joined {
  readonly taken: Snapshot | undefined;
  readonly content: SnapshotContent | undefined;
  readonly info: SnapshotInfo;
}

/** Views by what they are made of first, kept as long as that lives: made once for all who ask. */
const joined = new WeakMap<KubeObject, Joined>();

/**
 * Snapshots with their contents, and WukongSnapshots in the place of what was taken by them. Keys are `namespace/name`; where a
 * WukongSnapshot and a snapshot share one, it is the WukongSnapshot's. Every look-up and change costs the same however many there are.
 */
export class SnapshotJoin implements Disposable {
  readonly #snapshots: CollectionLease<Snapshot>;
  readonly #contents: CollectionLease<SnapshotContent>;
  readonly #wukongs: CollectionLease<WukongSnapshot>;

  private constructor(
    snapshots: CollectionLease<Snapshot>,
    contents: CollectionLease<SnapshotContent>,
    wukongs: CollectionLease<WukongSnapshot>,
  ) {
    this.#snapshots = snapshots;
    this.#contents = contents;
    this.#wukongs = wukongs;
  }

  /** Rejects with StatusError where KubeVirt's snapshots cannot be known; without Wukong's it does with those. */
  static async open(cache: Cache, signal: AbortSignal): Promise<SnapshotJoin> {
    const snapshots = await leaseSynced<Snapshot>(cache, SNAPSHOTS, signal);
    const wukongs = cache.lease<WukongSnapshot>(WUKONG_SNAPSHOTS);
    try {
      const contents = await leaseSynced<SnapshotContent>(cache, CONTENTS, signal);
      await leaseSynced(cache, WUKONG_SNAPSHOTS, signal).then(
        (lease) => lease[Symbol.dispose](),
        () => signal.throwIfAborted(),
      );
      return new SnapshotJoin(snapshots, contents, wukongs);
    } catch (error) {
      for (const lease of [snapshots, wukongs]) lease[Symbol.dispose]();
      throw error;
    }
  }

  /** The WukongSnapshot of that name. */
  wukongSnapshot(key: string): WukongSnapshot | undefined {
    return this.#wukongs.collection.get(key);
  }

  snapshot(key: string): Snapshot | undefined {
    return this.#snapshots.collection.get(key);
  }

  get(key: string, sees: SeesWukongs): SnapshotInfo | undefined {
    const namespace = key.slice(0, key.indexOf('/'));
    const wukong = sees(namespace) ? this.#wukongs.collection.get(key) : undefined;
    if (wukong) return this.#join(wukong, this.#takenFor(wukong));
    const snapshot = this.#snapshots.collection.get(key);
    if (!snapshot || (sees(namespace) && this.#representative(snapshot))) return undefined;
    return this.#join(snapshot, snapshot);
  }

  /** Of one namespace, or of all. */
  *keys(namespace: string | undefined, sees: SeesWukongs): Generator<string> {
    for (const [key, wukong] of this.#wukongs.collection.entries(namespace))
      if (sees(wukong.metadata.namespace ?? '')) yield key;
    for (const [key, snapshot] of this.#snapshots.collection.entries(namespace)) {
      const hidden =
        sees(snapshot.metadata.namespace ?? '') &&
        (this.#wukongs.collection.get(key) ?? this.#representative(snapshot));
      if (!hidden) yield key;
    }
  }

  /** Calls back with the keys whose views may have changed. */
  observe(listener: (keys: readonly string[]) => void): () => void {
    const on =
      <T extends KubeObject>(touched: (object: T, key: string) => readonly (string | undefined)[]) =>
      (changes: readonly CacheChange<T>[]): void => {
        const keys = changes.flatMap((change) => [
          ...touched(change.object, change.key),
          ...(change.type === 'modified' ? touched(change.old, change.key) : []),
        ]);
        listener([...new Set(keys.filter((key) => key !== undefined))]);
      };
    const snapshotTouched = (snapshot: Snapshot, key: string) => [key, sibling(snapshot, takenBy(snapshot))];
    const stops = [
      this.#snapshots.collection.observe({ onChanges: on(snapshotTouched) }),
      this.#contents.collection.observe({ onChanges: on((content) => this.#touchedBy(content)) }),
      this.#wukongs.collection.observe({
        onChanges: on((wukong: WukongSnapshot, key) => [key, sibling(wukong, wukong.status?.snapshotName)]),
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  [Symbol.dispose](): void {
    for (const lease of [this.#snapshots, this.#contents, this.#wukongs]) lease[Symbol.dispose]();
  }

  #touchedBy(content: SnapshotContent): (string | undefined)[] {
    const owner = content.metadata.ownerReferences?.find(({ kind }) => kind === 'VirtualMachineSnapshot');
    const key = sibling(content, owner?.name);
    const snapshot = key === undefined ? undefined : this.#snapshots.collection.get(key);
    return [key, snapshot && sibling(snapshot, takenBy(snapshot))];
  }

  /** The WukongSnapshot that stands for a snapshot. */
  #representative(snapshot: Snapshot): WukongSnapshot | undefined {
    const key = sibling(snapshot, takenBy(snapshot));
    return key === undefined ? undefined : this.#wukongs.collection.get(key);
  }

  #takenFor(wukong: WukongSnapshot): Snapshot | undefined {
    const key = sibling(wukong, wukong.status?.snapshotName);
    return key === undefined ? undefined : this.#snapshots.collection.get(key);
  }

  #join(shown: Snapshot | WukongSnapshot, taken: Snapshot | undefined): SnapshotInfo {
    const key = taken && sibling(taken, taken.status?.virtualMachineSnapshotContentName);
    const content = key === undefined ? undefined : this.#contents.collection.get(key);
    const known = joined.get(shown);
    if (known && known.taken === taken && known.content === content) return known.info;
    const wukong = shown === taken ? undefined : (shown as WukongSnapshot);
    const info = snapshotInfo(taken, content, wukong);
    joined.set(shown, { taken, content, info });
    return info;
  }
}

/** The key of another object in the same namespace. */
function sibling({ metadata }: KubeObject, name: string | undefined): string | undefined {
  return name === undefined || name === '' ? undefined : `${metadata.namespace}/${name}`;
}
