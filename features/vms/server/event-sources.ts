import type { LiveScope } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { METRICS_GVR } from '@krateyard/kube/usage/usage-meter';
import type { Task } from '@krateyard/tasks/task';
import type { Books } from './books.ts';
import type { VmsDeps } from './deps.ts';
import type { EventSource } from './event-source.ts';
import { leaseSynced } from './lease-synced.ts';
import type { MachineBook } from './machine-book.ts';
import { VIRTUAL_MACHINES, WUKONG_SNAPSHOTS } from './machine-types.ts';
import { SnapshotJoin } from './snapshot-join.ts';
import { RESTORES, SNAPSHOTS, restoreInfo, type Restore } from './snapshot-view.ts';

interface Asked {
  readonly who: Principal;
  /** Undefined: all that they may see. */
  readonly namespaces: readonly string[] | undefined;
  readonly signal: AbortSignal;
  /** These changed; without keys, all of them may have. */
  readonly onChange: (keys?: readonly string[]) => void;
  /** The right to see any of it was lost (false) or gained. */
  readonly onSight?: (sees: boolean) => void;
  /** Its freshness may have changed. */
  readonly onFreshness?: () => void;
}

/** JSON of the objects that views are made of, kept as long as they live. */
const encoded = new WeakMap<object, string>();

function encode(object: object): string {
  let json = encoded.get(object);
  if (json === undefined) encoded.set(object, (json = JSON.stringify(object)));
  return json;
}

/** Opens what tells of one resource. Rejects with StatusError where it is not served or may not be seen. */
export class EventSources {
  readonly #deps: VmsDeps;
  readonly #books: Books;

  constructor(deps: VmsDeps, books: Books) {
    this.#deps = deps;
    this.#books = books;
  }

  async machines(asked: Asked): Promise<EventSource> {
    const held: Disposable[] = [];
    try {
      const scope = await this.#scope(VIRTUAL_MACHINES, asked);
      held.push(scope);
      const usage = await this.#scope(METRICS_GVR.pods, asked);
      held.push(usage);
      const use = await this.#books.use();
      held.push(use);
      return this.#machineSource(asked, { scope, usage, book: use.book, held });
    } catch (error) {
      for (const one of held) one[Symbol.dispose]();
      throw error;
    }
  }

  #machineSource(
    asked: Asked,
    parts: { scope: LiveScope; usage: LiveScope; book: MachineBook; held: readonly Disposable[] },
  ): EventSource {
    const { scope, usage, book, held } = parts;
    const stops = [
      watchScope(scope, asked),
      usage.onChange(() => asked.onChange()),
      book.observe((keys) => asked.onChange(keys)),
      book.observeFreshness(() => asked.onFreshness?.()),
    ];
    const sees = seer(scope, asked.namespaces);
    const metered = seer(usage, undefined);
    return {
      resource: 'vm',
      freshness: () => book.freshness(),
      keys: () => Array.from(book.keys()).filter(sees),
      json: (key) => {
        const info = sees(key) ? book.get(key, metered(key)) : undefined;
        return info && encode(info);
      },
      [Symbol.dispose]: () => {
        for (const stop of stops) stop();
        for (const one of held) one[Symbol.dispose]();
      },
    };
  }

  async snapshots(asked: Asked): Promise<EventSource> {
    const held: Disposable[] = [];
    try {
      const join = await SnapshotJoin.open(this.#deps.cache, asked.signal);
      held.push(join);
      const scope = await this.#scope(SNAPSHOTS, asked);
      held.push(scope);
      const wukongs = await this.#scope(WUKONG_SNAPSHOTS, asked);
      held.push(wukongs);
      const stops = [
        watchScope(scope, asked),
        wukongs.onChange(() => asked.onChange()),
        join.observe((keys) => asked.onChange(keys)),
      ];
      const sees = seer(scope, asked.namespaces);
      const seesWukongs = (namespace: string): boolean => {
        const now = wukongs.current();
        return now.all || now.namespaces.has(namespace);
      };
      return {
        resource: 'snapshot',
        keys: () => Array.from(join.keys(undefined, seesWukongs)).filter(sees),
        json: (key) => {
          const info = sees(key) ? join.get(key, seesWukongs) : undefined;
          return info && encode(info);
        },
        [Symbol.dispose]: () => {
          for (const stop of stops) stop();
          for (const one of held) one[Symbol.dispose]();
        },
      };
    } catch (error) {
      for (const one of held) one[Symbol.dispose]();
      throw error;
    }
  }

  restores(asked: Asked): Promise<EventSource> {
    return this.#collected<Restore>('restore', RESTORES, restoreInfo, asked);
  }

  tasks({ who, onChange }: Omit<Asked, 'namespaces' | 'signal'>): EventSource {
    const { tasks } = this.#deps;
    const own = (task: Task | undefined): task is Task => task?.action.startsWith('vms.') === true;
    const stop = tasks.observe(who, (task) => onChange([task.id]));
    return {
      resource: 'task',
      keys: () =>
        tasks
          .list(who)
          .filter(own)
          .map(({ id }) => id),
      json: (id) => {
        const task = tasks.get(who, id);
        return own(task) ? encode(task) : undefined;
      },
      [Symbol.dispose]: stop,
    };
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what the kind's objects are, the caller knows
  async #collected<T extends KubeObject>(
    resource: 'restore',
    gvr: GroupVersionResource,
    view: (object: T) => object,
    asked: Asked,
  ): Promise<EventSource> {
    const lease = await leaseSynced<T>(this.#deps.cache, gvr, asked.signal);
    const scope = await this.#scope(gvr, asked).catch((error: unknown) => {
      lease[Symbol.dispose]();
      throw error;
    });
    const { collection } = lease;
    const stops = [
      watchScope(scope, asked),
      collection.observe({ onChanges: (changes) => asked.onChange(changes.map(({ key }) => key)) }),
    ];
    const sees = seer(scope, asked.namespaces);
    return {
      resource,
      keys: () => Array.from(collection.entries(), ([key]) => key).filter(sees),
      json: (key) => {
        const object = sees(key) ? collection.get(key) : undefined;
        return object && JSON.stringify(view(object));
      },
      [Symbol.dispose]: () => {
        for (const stop of stops) stop();
        scope[Symbol.dispose]();
        lease[Symbol.dispose]();
      },
    };
  }

  #scope(gvr: GroupVersionResource, { who, namespaces, signal }: Asked): Promise<LiveScope> {
    return this.#deps.access.liveScope(who, { ...gvr, namespaced: true }, namespaces, signal);
  }
}

function watchScope(scope: LiveScope, { namespaces, onChange, onSight }: Asked): () => void {
  const seesAny = (): boolean => {
    const now = scope.current();
    return now.all || (namespaces ?? [...now.namespaces]).some((name) => now.namespaces.has(name));
  };
  let before = seesAny();
  if (!before) onSight?.(false);
  return scope.onChange(() => {
    onChange();
    const now = seesAny();
    if (now !== before) onSight?.(now);
    before = now;
  });
}

function seer(scope: LiveScope, namespaces: readonly string[] | undefined): (key: string) => boolean {
  const asked = namespaces && new Set(namespaces);
  return (key) => {
    const namespace = key.slice(0, key.indexOf('/'));
    const now = scope.current();
    return (now.all || now.namespaces.has(namespace)) && (!asked || asked.has(namespace));
  };
}
