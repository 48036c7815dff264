import type { Freshness } from '@krateyard/kube/cache/cache';
import {
  CAUSES,
  FEED_ENTRIES,
  type Amounts,
  type Capacity,
  type Cause,
  type FeedEntry,
  type Ingredient,
  type Overview,
  type OverviewPart,
  type Phases,
  type ProblemGroup,
} from '../../contract/overview.ts';
import { CapacitySums } from './capacity-sums.ts';
import type { ChangeFeed, FeedItem } from './change-feed.ts';
import type { NodeFacts, PodFacts, Share } from './finding.ts';
import { OVERVIEW_KINDS } from './overview-kinds.ts';
import type { LedgerEntry, LedgerListener } from './overview-ledger.ts';
import { shows, type KindScope, type OverviewScopes } from './overview-scopes.ts';
import { ProblemGroups } from './problem-groups.ts';

/** What a view reads; the ledger in a gateway, lists in a test. */
export interface ViewedLedger {
  entries(): Iterable<LedgerEntry>;
  readonly feed: Pick<ChangeFeed, 'items'>;
  darkness(name: (typeof OVERVIEW_KINDS)[number]['name']): string | null | undefined;
  freshness(): Freshness;
}

/** What is used now, where it is known; declared here, satisfied by the metrics. */
export interface UsageNow {
  node(name: string): Share | undefined;
  namespace(name: string): Share | undefined;
  /** Why there is none; undefined where there is, or will be at the next look. */
  darkness(kind: 'pods' | 'nodes'): string | undefined;
}

type PartValue = OverviewPart[keyof OverviewPart];

/**
 * One overview: of all that the ledger knows, what these scopes show. Kept current change by change; each costs what one object
 * costs, however many there are. What has changed is remembered by name of its part until it is taken.
 */
export class OverviewView implements LedgerListener {
  readonly #ledger: ViewedLedger;
  readonly #scopes: OverviewScopes;
  readonly #usage: UsageNow;
  readonly #onDirty: () => void;
  readonly #problems = new ProblemGroups();
  readonly #nodes = new Map<string, NodeFacts>();
  readonly #nodeProblems = new Map<string, number>();
  readonly #nodeSums = new Map<string, CapacitySums>();
  readonly #namespaceSums = new Map<string, CapacitySums>();
  readonly #total = new CapacitySums();
  readonly #phases = new Map<string, number>();
  #allocatable = { cpu: 0, memory: 0, pods: 0 };
  #changes = new Map<string, FeedEntry>();
  #dirty = new Set<string>();
  #feedDirty = true;

  constructor(ledger: ViewedLedger, scopes: OverviewScopes, usage: UsageNow, onDirty: () => void = () => {}) {
    this.#ledger = ledger;
    this.#scopes = scopes;
    this.#usage = usage;
    this.#onDirty = onDirty;
    for (const entry of ledger.entries()) this.onEntry(undefined, entry);
    this.#updateFeed();
    this.#dirty.clear();
  }

  onEntry(before: LedgerEntry | undefined, after: LedgerEntry | undefined): void {
    const entry = (after ?? before)!;
    if (!shows(this.#scopes[entry.kind.name], entry.namespace)) return;
    if (sameFindings(before, after)) {
      if (!samePod(before?.derived.pod, after?.derived.pod)) this.#replacePod(before, after);
      if (before?.derived.node || after?.derived.node) this.#replaceNode(before, after);
    } else {
      this.#replaceFindings(entry, before, after);
      this.#replacePod(before, after);
      this.#replaceNode(before, after);
    }
    if (this.#dirty.size > 0) this.#onDirty();
  }

  onFeed(item: FeedItem): void {
    if (!this.#seesItem(item)) return;
    this.#feedDirty = true;
    this.#onDirty();
  }

  onState(): void {
    for (const { name } of OVERVIEW_KINDS) this.#dirty.add(`ingredient:${name}`);
    this.#onDirty();
  }

  /** The metrics were read anew. */
  onUsage(): void {
    for (const name of this.#nodes.keys()) this.#dirty.add(`node:${name}`);
    for (const name of this.#namespaceSums.keys()) this.#dirty.add(`namespace:${name}`);
    for (const name of ['total', 'ingredient:podUsage', 'ingredient:nodeUsage']) this.#dirty.add(name);
    this.#onDirty();
  }

  /** The names of parts that may be others since this was asked last. */
  takeDirty(): ReadonlySet<string> {
    this.#updateFeed();
    const dirty = this.#dirty;
    this.#dirty = new Set();
    return dirty;
  }

  /** Names of all parts. */
  *names(): IterableIterator<string> {
    for (const { name } of this.ingredients()) yield `ingredient:${name}`;
    yield 'total';
    yield 'phases';
    for (const cause of this.#problems.causes()) yield `problem:${cause}`;
    for (const name of this.#nodes.keys()) yield `node:${name}`;
    for (const name of this.#namespaceSums.keys()) yield `namespace:${name}`;
    for (const id of this.#changes.keys()) yield `change:${id}`;
  }

  /** The part as it is now; undefined when there is none of the name. */
  part(name: string): PartValue | undefined {
    const colon = name.indexOf(':');
    const rest = name.slice(colon + 1);
    switch (colon === -1 ? name : name.slice(0, colon)) {
      case 'problem':
        return this.#problems.group(rest as Cause);
      case 'total':
        return this.#totalCapacity();
      case 'phases':
        return this.#sortedPhases();
      case 'node':
        return this.#nodeCapacity(rest);
      case 'namespace':
        return this.#namespaceCapacity(rest);
      case 'change':
        return this.#changes.get(rest);
      case 'ingredient':
        return this.ingredients().find((one) => one.name === rest);
      default:
        return undefined;
    }
  }

  /** All of it, in the order in which it is read. */
  all(): Overview {
    this.#updateFeed();
    const groups = [...this.#problems.causes()].map((cause) => this.#problems.group(cause)!);
    const present = (capacity: Capacity | undefined): capacity is Capacity => capacity !== undefined;
    return {
      problems: groups.toSorted(compareGroups),
      total: this.#totalCapacity(),
      phases: this.#sortedPhases(),
      nodes: [...this.#nodes.keys()]
        .toSorted()
        .map((name) => this.#nodeCapacity(name))
        .filter(present),
      namespaces: [...this.#namespaceSums.keys()]
        .toSorted()
        .map((name) => this.#namespaceCapacity(name))
        .filter(present),
      changes: [...this.#changes.values()],
      ingredients: [...this.ingredients()],
      freshness: this.freshness(),
    };
  }

  freshness(): Freshness {
    return this.#ledger.freshness();
  }

  ingredients(): readonly Ingredient[] {
    const found: Ingredient[] = [];
    for (const { name } of OVERVIEW_KINDS) {
      const dark = this.#ledger.darkness(name);
      if (dark !== null) found.push(ingredient(name, this.#scopes[name], dark));
    }
    found.push(ingredient('podUsage', this.#scopes.podUsage, this.#usage.darkness('pods')));
    found.push(ingredient('nodeUsage', this.#scopes.nodeUsage, this.#usage.darkness('nodes')));
    return found;
  }

  #replaceFindings(
    entry: LedgerEntry,
    before: LedgerEntry | undefined,
    after: LedgerEntry | undefined,
  ): void {
    for (const cause of this.#problems.replace(before, after)) this.#dirty.add(`problem:${cause}`);
    if (entry.kind.name === 'nodes') this.#nodeProblems.set(entry.name, after?.derived.findings.length ?? 0);
    const more = (after?.derived.findings.length ? 1 : 0) - (before?.derived.findings.length ? 1 : 0);
    if (more === 0) return;
    if (entry.namespace !== '') {
      this.#sums(this.#namespaceSums, entry.namespace, (sums) => (sums.problems += more));
      this.#dirty.add(`namespace:${entry.namespace}`);
    }
    this.#total.problems += more;
    this.#dirty.add('total');
  }

  #replacePod(before: LedgerEntry | undefined, after: LedgerEntry | undefined): void {
    if (before?.derived.pod) this.#countPod(before.namespace, before.derived.pod, -1);
    if (after?.derived.pod) this.#countPod(after.namespace, after.derived.pod, 1);
  }

  #countPod(namespace: string, pod: PodFacts, sign: 1 | -1): void {
    const phase = (this.#phases.get(pod.phase) ?? 0) + sign;
    if (phase === 0) this.#phases.delete(pod.phase);
    else this.#phases.set(pod.phase, phase);
    this.#total.add(pod, sign);
    this.#sums(this.#namespaceSums, namespace, (sums) => sums.add(pod, sign));
    if (pod.node !== undefined) this.#sums(this.#nodeSums, pod.node, (sums) => sums.add(pod, sign));
    for (const name of ['phases', 'total', `namespace:${namespace}`]) this.#dirty.add(name);
    if (pod.node !== undefined) this.#dirty.add(`node:${pod.node}`);
  }

  #sums(places: Map<string, CapacitySums>, name: string, change: (sums: CapacitySums) => void): void {
    const sums = places.get(name) ?? new CapacitySums();
    change(sums);
    if (sums.empty) places.delete(name);
    else places.set(name, sums);
  }

  #replaceNode(before: LedgerEntry | undefined, after: LedgerEntry | undefined): void {
    const [old, next] = [before?.derived.node, after?.derived.node];
    if (!old && !next) return;
    const { name } = (after ?? before)!;
    if (next) this.#nodes.set(name, next);
    else this.#nodes.delete(name);
    if (!next) this.#nodeProblems.delete(name);
    for (const resource of ['cpu', 'memory', 'pods'] as const) {
      this.#allocatable[resource] += (next?.allocatable[resource] ?? 0) - (old?.allocatable[resource] ?? 0);
    }
    this.#dirty.add(`node:${name}`);
    this.#dirty.add('total');
  }

  #seesItem({ seenWith, entry }: FeedItem): boolean {
    return shows(this.#scopes[seenWith], entry.namespace ?? '');
  }

  /** The newest entries that show; those that differ from the last time are dirty. */
  #updateFeed(): void {
    if (!this.#feedDirty) return;
    this.#feedDirty = false;
    const seen = [...this.#ledger.feed.items()].filter((item) => this.#seesItem(item));
    const newest = seen
      .toSorted((a, b) => b.entry.at - a.entry.at || (a.id < b.id ? -1 : 1))
      .slice(0, FEED_ENTRIES);
    const next = new Map(newest.map(({ id, entry }) => [id, entry]));
    for (const id of this.#changes.keys()) if (!next.has(id)) this.#dirty.add(`change:${id}`);
    for (const [id, entry] of next) if (this.#changes.get(id) !== entry) this.#dirty.add(`change:${id}`);
    this.#changes = next;
  }

  #sortedPhases(): Phases {
    return Object.fromEntries([...this.#phases].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #totalCapacity(): Capacity {
    const known = this.#nodes.size > 0 ? this.#allocatable : undefined;
    return capacity('', this.#total, known, this.#totalUsed());
  }

  #totalUsed(): Share | undefined {
    const everywhere = this.#scopes.pods === null && this.#scopes.nodeUsage === null;
    const names = everywhere ? this.#nodes.keys() : this.#namespaceSums.keys();
    let used: Share | undefined;
    for (const name of names) {
      const here = everywhere ? this.#usage.node(name) : this.#namespaceUsed(name);
      if (here) used = { cpu: (used?.cpu ?? 0) + here.cpu, memory: (used?.memory ?? 0) + here.memory };
    }
    return used;
  }

  #nodeCapacity(name: string): Capacity | undefined {
    const facts = this.#nodes.get(name);
    if (!facts) return undefined;
    const used = this.#scopes.nodeUsage === null ? this.#usage.node(name) : undefined;
    return {
      ...capacity(name, this.#nodeSums.get(name) ?? new CapacitySums(), facts.allocatable, used),
      problems: this.#nodeProblems.get(name) ?? 0,
      ready: facts.ready,
      cordoned: facts.cordoned,
    };
  }

  #namespaceCapacity(name: string): Capacity | undefined {
    const sums = this.#namespaceSums.get(name);
    return sums && capacity(name, sums, undefined, this.#namespaceUsed(name));
  }

  #namespaceUsed(name: string): Share | undefined {
    return shows(this.#scopes.podUsage, name) ? this.#usage.namespace(name) : undefined;
  }
}

function capacity(
  name: string,
  sums: CapacitySums,
  allocatable: (Share & { readonly pods: number }) | undefined,
  used: Share | undefined,
): Capacity {
  const amounts = (resource: 'cpu' | 'memory', requested: number, limits: number): Amounts => ({
    requested,
    limits,
    ...(used && { used: used[resource] }),
    ...(allocatable && { allocatable: allocatable[resource] }),
  });
  return {
    name,
    cpu: amounts('cpu', sums.requestedCpu, sums.limitCpu),
    memory: amounts('memory', sums.requestedMemory, sums.limitMemory),
    pods: { count: sums.pods, ...(allocatable && { allocatable: allocatable.pods }) },
    problems: sums.problems,
  };
}

function ingredient(name: string, scope: KindScope, dark: string | undefined): Ingredient {
  if (scope === undefined) return { name, state: 'forbidden' };
  if (dark !== undefined) return { name, state: 'dark', reason: dark };
  return scope === null ? { name, state: 'all' } : { name, state: 'some', namespaces: scope.size };
}

function sameFindings(before: LedgerEntry | undefined, after: LedgerEntry | undefined): boolean {
  const [old, next] = [before?.derived.findings ?? [], after?.derived.findings ?? []];
  if (old.length === 0 && next.length === 0) return true;
  return old.length === next.length && JSON.stringify(old) === JSON.stringify(next);
}

function samePod(a: PodFacts | undefined, b: PodFacts | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}

/** Critical before warning; then by how bad such a cause is. */
function compareGroups(a: ProblemGroup, b: ProblemGroup): number {
  if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
  return CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause);
}
