import type { Client, ListOptions, WatchOptions } from '@krateyard/kube/client/client';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeList, KubeObject, WatchEvent } from '@krateyard/kube/meta/object';

/** An API server in the same process that lists what it is given, watches what is pushed, and counts who asks. */
export class CountedClient {
  calls = 0;
  readonly #objects: (gvr: GroupVersionResource) => KubeObject[];
  readonly #known = new Map<string, KubeObject[]>();
  readonly #watchers = new Map<string, (event: WatchEvent) => void>();

  constructor(objects: (gvr: GroupVersionResource) => KubeObject[]) {
    this.#objects = objects;
  }

  get client(): Client {
    return this as unknown as Client;
  }

  push(resource: string, object: KubeObject): void {
    this.#watchers.get(resource)?.({ type: 'MODIFIED', object });
  }

  list<T extends KubeObject>(gvr: GroupVersionResource, options: ListOptions = {}): Promise<KubeList<T>> {
    this.calls += 1;
    const all = (this.#known.get(gvr.resource) ?? this.#objects(gvr)) as T[];
    this.#known.set(gvr.resource, all);
    const from = Number(options.continue ?? 0);
    const to = from + (options.limit ?? all.length);
    const metadata = { resourceVersion: '1', ...(to < all.length && { continue: String(to) }) };
    return Promise.resolve({ metadata, items: all.slice(from, to) } as unknown as KubeList<T>);
  }

  async *watch<T extends KubeObject>(
    gvr: GroupVersionResource,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    this.calls += 1;
    options.onOpen?.();
    const waiting: WatchEvent[] = [];
    let wake = (): void => {};
    this.#watchers.set(gvr.resource, (event) => {
      waiting.push(event);
      wake();
    });
    options.signal.addEventListener('abort', () => wake(), { once: true });
    while (!options.signal.aborted) {
      while (waiting.length > 0) yield waiting.shift() as WatchEvent<T>;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
