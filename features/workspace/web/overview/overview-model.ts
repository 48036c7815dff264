import {
  CAUSES,
  type Capacity,
  type FeedEntry,
  type Ingredient,
  type Phases,
  type Problem,
  type ProblemGroup,
} from '../../contract/overview.ts';

export interface FeedLine {
  readonly id: string;
  readonly entry: FeedEntry;
}

/** The parts in the order in which they are read. */
export interface OverviewModel {
  readonly groups: readonly ProblemGroup[];
  readonly total: Capacity | undefined;
  readonly phases: readonly (readonly [phase: string, count: number])[];
  readonly nodes: readonly Capacity[];
  readonly namespaces: readonly Capacity[];
  readonly changes: readonly FeedLine[];
  readonly ingredients: ReadonlyMap<string, Ingredient>;
}

/** Parts of names that are not known here are left out. */
export function overviewModel(parts: ReadonlyMap<string, unknown>): OverviewModel {
  const groups: ProblemGroup[] = [];
  const nodes: Capacity[] = [];
  const namespaces: Capacity[] = [];
  const changes: FeedLine[] = [];
  const ingredients = new Map<string, Ingredient>();
  for (const [name, value] of parts) {
    if (name.startsWith('change:')) changes.push({ id: name, entry: value as FeedEntry });
    else if (name.startsWith('node:')) nodes.push(value as Capacity);
    else if (name.startsWith('namespace:')) namespaces.push(value as Capacity);
    else if (name.startsWith('problem:')) groups.push(value as ProblemGroup);
    else if (name.startsWith('ingredient:'))
      ingredients.set(name.slice('ingredient:'.length), value as Ingredient);
  }
  return {
    groups: groups.toSorted(compareGroups),
    total: parts.get('total') as Capacity | undefined,
    phases: Object.entries((parts.get('phases') ?? {}) as Phases).toSorted(
      ([a], [b]) => PHASES.indexOf(a) - PHASES.indexOf(b),
    ),
    nodes: nodes.toSorted(compareNodes),
    namespaces: namespaces.toSorted(compareNamespaces),
    changes: changes.toSorted((a, b) => b.entry.at - a.entry.at || (a.id < b.id ? -1 : 1)),
    ingredients,
  };
}

/** Worst first; what is not listed here comes before all. */
const PHASES = ['Failed', 'Unknown', 'Pending', 'Running', 'Succeeded'];

function compareGroups(a: ProblemGroup, b: ProblemGroup): number {
  if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
  return CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause);
}

/** Those that are down, then the fullest. By what is requested: usage moves, and rows must not. */
function compareNodes(a: Capacity, b: Capacity): number {
  if (a.ready !== b.ready) return a.ready === false ? -1 : 1;
  return fullness(b) - fullness(a) || (a.name < b.name ? -1 : 1);
}

function compareNamespaces(a: Capacity, b: Capacity): number {
  return (
    b.problems - a.problems ||
    b.cpu.requested - a.cpu.requested ||
    b.memory.requested - a.memory.requested ||
    (a.name < b.name ? -1 : 1)
  );
}

/** In twentieths, so that a pod more or less does not change the order. */
function fullness({ cpu, memory }: Capacity): number {
  const share = ({ requested, allocatable }: Capacity['cpu']): number =>
    allocatable ? requested / allocatable : 0;
  return Math.round(Math.max(share(cpu), share(memory)) * 20);
}

/** Problems that say the same of several objects of one namespace, in one line. */
export interface AlikeProblems {
  readonly first: Problem;
  readonly names: readonly string[];
  readonly since: number | undefined;
  readonly restarts: number;
}

export function mergeAlike(problems: readonly Problem[]): readonly AlikeProblems[] {
  const lines = new Map<
    string,
    { first: Problem; names: string[]; since: number | undefined; restarts: number }
  >();
  for (const problem of problems) {
    const { kind, namespace, severity, reason, message, since, restarts = 0 } = problem;
    const id = JSON.stringify([kind, namespace, severity, reason, message]);
    const known = lines.get(id);
    if (!known) {
      lines.set(id, { first: problem, names: [problem.name], since, restarts });
      continue;
    }
    known.names.push(problem.name);
    known.restarts += restarts;
    if (since !== undefined) known.since = Math.min(known.since ?? Infinity, since);
  }
  return [...lines.values()];
}

/** Lines that say the same of several objects of one kind and namespace within a while, under the newest. */
export interface FeedGroup {
  readonly id: string;
  readonly lines: readonly FeedLine[];
}

const WITHIN_MS = 5 * 60_000;

/** Newest first, as the lines are. In a cluster where much happens a rollout of 40 pods is four groups, not 160 lines. */
export function groupRepeats(lines: readonly FeedLine[]): readonly FeedGroup[] {
  const groups: { id: string; lines: FeedLine[] }[] = [];
  const open = new Map<string, { id: string; lines: FeedLine[] }>();
  for (const line of lines) {
    const said = sayingOf(line.entry);
    const known = open.get(said);
    if (known && known.lines[0]!.entry.at - line.entry.at < WITHIN_MS) {
      known.lines.push(line);
      continue;
    }
    const group = { id: line.id, lines: [line] };
    groups.push(group);
    open.set(said, group);
  }
  // Named for the oldest, which stays while newer ones come on top.
  return groups.map((group) => ({ ...group, id: group.lines.at(-1)!.id }));
}

/** What an entry says, without what is only of its object: its name, generated names, numbers. */
function sayingOf({ type, reason, kindName, namespace, name, message }: FeedEntry): string {
  const said = message
    .replaceAll(name, '')
    .replace(/\S*\d\S*/g, '#')
    .slice(0, 200);
  return JSON.stringify([type, reason, kindName, namespace, said]);
}

/** All words, in any order and case, in what the line says. */
export function matchesLine({ entry }: FeedLine, text: string, onlyWarnings: boolean): boolean {
  if (onlyWarnings && entry.type !== 'Warning') return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const said =
    `${entry.kindName} ${entry.namespace ?? ''}/${entry.name} ${entry.reason} ${entry.message}`.toLowerCase();
  return words.every((word) => said.includes(word));
}
