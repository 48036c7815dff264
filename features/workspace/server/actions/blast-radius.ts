import type { Client } from '@krateyard/kube/client/client';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { resourcePath } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { reasonOf } from '@krateyard/status/status-error';
import type { BlastRadius, Taken } from '../../contract/action-api.ts';
import { textAt } from '../../contract/columns/read.ts';
import type { ActionObject } from './action.ts';
import { eachOf } from './each-of.ts';

/** Objects of one list that are looked at for their owners; beyond it counts are "at least". */
const MOST_LOOKED_AT = 2_000;
const MOST_TARGETS_LOOKED_INTO = 50;
const AT_ONCE = 6;
const MOST_EXAMPLES = 5;
/** Owners of owners of owners: deployments, replica sets, pods, and one more for custom ones. */
const MOST_DEPTH = 4;
/** Kept by the cluster about others; nobody misses them. */
const DULL = new Set(['events', 'componentstatuses']);

interface Metadata {
  readonly metadata: KubeObject['metadata'];
}

interface MetadataList {
  readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
  readonly items: readonly Metadata[];
}

/** On the wire: an API server says `null` where a list of metadata holds nothing. */
type WireList = Omit<MetadataList, 'items'> & { readonly items: readonly Metadata[] | null };

/** What deleting objects takes along, as far as the person may see it. Reads metadata only. */
export class BlastSurvey {
  readonly #client: Client;
  readonly #kinds: readonly ResourceKind[];
  readonly #signal: AbortSignal;
  readonly #taken = new Map<string, { count: number; atLeast: boolean; examples: string[] }>();
  readonly #notes = new Set<string>();
  readonly #unknown = new Set<string>();

  constructor(client: Client, kinds: readonly ResourceKind[], signal: AbortSignal) {
    this.#client = client;
    this.#kinds = onePerKind(kinds);
    this.#signal = signal;
  }

  async of(targets: readonly ActionObject[]): Promise<BlastRadius> {
    const looked = targets.slice(0, MOST_TARGETS_LOOKED_INTO);
    const left = targets.length - looked.length;
    if (left > 0) this.#unknown.add(`What ${left} more of the chosen take along was not looked at`);
    const spaces = looked.filter(({ kind }) => kind.resource === 'namespaces' && kind.group === '');
    const definitions = looked.filter(({ kind }) => kind.resource === 'customresourcedefinitions');
    const owners = looked.filter((target) => !spaces.includes(target) && !definitions.includes(target));
    await eachOf(spaces, 1, ({ name }) => this.#namespace(name));
    await eachOf(definitions, 1, ({ name }) => this.#definition(name));
    await this.#owned(owners);
    return {
      takes: [...this.#taken].map(([kind, taken]) => ({ kind, ...taken }) satisfies Taken).toSorted(byCount),
      notes: [...this.#notes],
      unknown: [...this.#unknown],
    };
  }

  async #namespace(name: string): Promise<void> {
    const inside = this.#kinds.filter((kind) => kind.namespaced);
    await eachOf(inside, AT_ONCE, async (kind) => {
      const list = await this.#list(kind, name, 5);
      if (list) this.#count(kind.kind, list.items, list);
    });
  }

  async #definition(name: string): Promise<void> {
    const dot = name.indexOf('.');
    const [resource, group] = [name.slice(0, dot), name.slice(dot + 1)];
    const kind = this.#kinds.find((one) => one.resource === resource && one.group === group);
    if (!kind) return;
    const list = await this.#list(kind, undefined, 5);
    if (list) this.#count(kind.kind, list.items, list);
  }

  /** Follows owner references down from these, one level at a time, through all kinds of their namespaces. */
  async #owned(targets: readonly ActionObject[]): Promise<void> {
    const byNamespace = Map.groupBy(targets, ({ namespace }) => namespace);
    for (const [namespace, some] of byNamespace) {
      const uids = await this.#uids(some);
      if (uids.size > 0) await this.#ownedIn(namespace, uids, childKinds(this.#kinds, some));
    }
  }

  async #uids(targets: readonly ActionObject[]): Promise<Set<string>> {
    const uids = new Set<string>();
    await eachOf(targets, AT_ONCE, async ({ kind, name, namespace, uid }) => {
      const object = await this.#client
        .get<KubeObject>(kind, name, namespace, { signal: this.#signal })
        .catch(() => undefined);
      const known = uid ?? object?.metadata.uid;
      if (known !== undefined) uids.add(known);
      const { finalizers = [] } = object?.metadata ?? {};
      if (finalizers.length > 0) this.#notes.add(`${name} waits for ${finalizers.join(', ')} (finalizers)`);
      if (object && kind.resource === 'persistentvolumeclaims') this.#notes.add(volumeNote(object));
      if (object && kind.resource === 'statefulsets') this.#notes.add(claimsNote(object));
    });
    return uids;
  }

  async #ownedIn(
    namespace: string | undefined,
    owners: ReadonlySet<string>,
    kinds: readonly ResourceKind[],
  ): Promise<void> {
    const lists = new Map<ResourceKind, readonly Metadata[]>();
    await eachOf(kinds, AT_ONCE, async (kind) => {
      const list = await this.#list(kind, namespace, MOST_LOOKED_AT);
      if (!list) return;
      lists.set(kind, list.items);
      if (list.metadata.continue) {
        this.#unknown.add(`${kind.kind}: only ${MOST_LOOKED_AT} of them were looked at`);
      }
    });
    let above = owners;
    for (let depth = 0; depth < MOST_DEPTH && above.size > 0; depth += 1) above = this.#level(lists, above);
  }

  #level(lists: ReadonlyMap<ResourceKind, readonly Metadata[]>, above: ReadonlySet<string>): Set<string> {
    const found = new Set<string>();
    for (const [kind, items] of lists) {
      const owned = items.filter(({ metadata }) =>
        metadata.ownerReferences?.some(({ uid }) => above.has(uid)),
      );
      if (owned.length > 0) this.#count(kind.kind, owned, undefined);
      for (const { metadata } of owned) if (metadata.uid !== undefined) found.add(metadata.uid);
    }
    return found;
  }

  #count(kind: string, items: readonly Metadata[], list: MetadataList | undefined): void {
    const known = this.#taken.get(kind) ?? { count: 0, atLeast: false, examples: [] };
    const more = list?.metadata.remainingItemCount ?? 0;
    if (items.length + more === 0) return;
    const examples = items.map(({ metadata }) => metadata.name ?? '');
    this.#taken.set(kind, {
      count: known.count + items.length + more,
      atLeast: known.atLeast || (list?.metadata.continue !== undefined && more === 0),
      examples: [...known.examples, ...examples].slice(0, MOST_EXAMPLES),
    });
  }

  async #list(
    kind: ResourceKind,
    namespace: string | undefined,
    limit: number,
  ): Promise<MetadataList | undefined> {
    try {
      const { metadata, items } = await this.#client.request<WireList>({
        path: `${resourcePath(kind, { namespace })}?limit=${limit}`,
        headers: {
          accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
        },
        signal: this.#signal,
      });
      return { metadata, items: items ?? [] };
    } catch (error) {
      this.#signal.throwIfAborted();
      const why = reasonOf(error) === 'Forbidden' ? 'you may not list them' : 'they could not be listed';
      this.#unknown.add(`${kind.kind}: ${why}`);
      return undefined;
    }
  }
}

const byCount = (a: Taken, b: Taken): number => b.count - a.count || a.kind.localeCompare(b.kind);

/** What the controllers of Kubernetes make; owners of other kinds may own anything. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  'apps/deployments': ['apps/replicasets', '/pods'],
  'apps/replicasets': ['/pods'],
  'apps/statefulsets': ['/pods', 'apps/controllerrevisions', '/persistentvolumeclaims'],
  'apps/daemonsets': ['/pods', 'apps/controllerrevisions'],
  'batch/jobs': ['/pods'],
  'batch/cronjobs': ['batch/jobs', '/pods'],
  '/replicationcontrollers': ['/pods'],
  '/services': ['discovery.k8s.io/endpointslices', '/endpoints'],
  '/pods': [],
  '/configmaps': [],
  '/secrets': [],
  '/events': [],
};

function childKinds(
  kinds: readonly ResourceKind[],
  owners: readonly ActionObject[],
): readonly ResourceKind[] {
  const known = owners.map(({ kind }) => CHILDREN[`${kind.group}/${kind.resource}`]);
  if (known.includes(undefined)) {
    const namespaced = owners.every(({ kind }) => kind.namespaced);
    return kinds.filter((kind) => kind.namespaced || !namespaced);
  }
  const wanted = new Set(known.flatMap((some) => some ?? []));
  return kinds.filter((kind) => wanted.has(`${kind.group}/${kind.resource}`));
}

/** Each kind once, in its preferred version, and only what can be listed and is kept. */
function onePerKind(kinds: readonly ResourceKind[]): readonly ResourceKind[] {
  const first = new Map<string, ResourceKind>();
  for (const kind of kinds) {
    if (!kind.verbs.includes('list') || DULL.has(kind.resource) || kind.group === 'metrics.k8s.io') continue;
    const name = `${kind.group}/${kind.resource}`;
    if (!first.has(name)) first.set(name, kind);
  }
  return [...first.values()];
}

function volumeNote(claim: KubeObject): string {
  const volume = textAt(claim, 'spec', 'volumeName');
  return volume === null
    ? `${claim.metadata.name} is bound to no volume`
    : `The volume ${volume} goes too where its reclaim policy is Delete, with what is on it`;
}

function claimsNote(workload: KubeObject): string {
  const policy = textAt(workload, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted');
  return policy === 'Delete'
    ? `The volume claims of ${workload.metadata.name} are deleted with it`
    : `The volume claims of ${workload.metadata.name} stay`;
}
