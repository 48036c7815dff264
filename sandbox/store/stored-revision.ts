import type { KubeObject } from '@krateyard/kube/meta/object';

/** One object as it was at one revision: frozen, and encoded at most once however many lists and watches carry it. */
export class StoredRevision {
  /** `namespace/name`, or `name` when cluster-scoped. */
  readonly key: string;
  readonly revision: number;
  readonly object: KubeObject;
  #json: string | undefined;

  constructor(key: string, revision: number, object: KubeObject) {
    this.key = key;
    this.revision = revision;
    this.object = object;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.object);
    return this.#json;
  }
}

/** A change of a collection. `previous` is what it replaced; a DELETED's `current` carries the deletion's own revision. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly current: StoredRevision;
  readonly previous: StoredRevision | undefined;
}
