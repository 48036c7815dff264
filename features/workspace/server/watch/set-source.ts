import type { StateSource } from '@krateyard/hub/topic';
import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { createMembership, viewEntries, type ViewSpec } from '../resources/view.ts';
import {
  encodeDelta,
  encodeSnapshot,
  encodeSynced,
  type StreamChange,
  type StreamEncoding,
} from './encode.ts';

export interface SourceOptions extends StreamEncoding {
  readonly collection: Collection;
  readonly view: ViewSpec;
}

/** Everything that a view shows. What has been told is kept, so that snapshots, patches and totals all build on the same state. */
export class SetSource implements StateSource {
  readonly #options: SourceOptions;
  readonly #shows: (object: KubeObject) => boolean;
  readonly #told: Map<string, KubeObject>;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#shows = createMembership(options.view);
    this.#told = new Map(viewEntries(options.collection, options.view));
  }

  snapshot(): Iterable<Uint8Array> {
    return encodeSnapshot(this.#options, present([...this.#told.keys()], this.#told));
  }

  synced(resume: string): Uint8Array {
    const freshness = this.#options.collection.freshness();
    return encodeSynced(this.#options, resume, freshness, { total: this.#told.size });
  }

  delta(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined {
    const totalBefore = this.#told.size;
    const changes: StreamChange[] = [];
    for (const key of keys) {
      const change = this.#tell(key);
      if (change) changes.push(change);
    }
    if (changes.length === 0) return undefined;
    const total = this.#told.size === totalBefore ? undefined : this.#told.size;
    return encodeDelta(this.#options, changes, resume, { total });
  }

  catchUp(keys: ReadonlySet<string>, resume: string): Uint8Array | undefined {
    const changes = Array.from(keys, (key): StreamChange => {
      const object = this.#told.get(key);
      return object ? { op: 'modified', key, object } : { op: 'deleted', key };
    });
    return encodeDelta({ ...this.#options, payload: 'full' }, changes, resume, { total: this.#told.size });
  }

  #tell(key: string): StreamChange | undefined {
    const before = this.#told.get(key);
    const found = this.#options.collection.get(key);
    const object = found && this.#shows(found) ? found : undefined;
    if (before === object) return undefined;
    if (!object) {
      this.#told.delete(key);
      return { op: 'deleted', key };
    }
    this.#told.set(key, object);
    if (!before) return { op: 'added', key, object };
    // Under the same name came another object: nothing of the old one may be built on.
    const same = before.metadata.uid === object.metadata.uid;
    return { op: 'modified', key, object, ...(same && { before }) };
  }
}

function* present(keys: readonly string[], told: ReadonlyMap<string, KubeObject>): Iterable<KubeObject> {
  for (const key of keys) {
    const object = told.get(key);
    if (object) yield object;
  }
}
