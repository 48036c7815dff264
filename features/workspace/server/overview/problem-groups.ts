import { GROUP_OBJECTS, type Cause, type Problem, type ProblemGroup } from '../../contract/overview.ts';
import type { LedgerEntry } from './overview-ledger.ts';

/** Problems by cause, kept by putting in and taking out. */
export class ProblemGroups {
  readonly #groups = new Map<Cause, Map<string, Problem>>();

  /** The causes whose group is another now. */
  replace(before: LedgerEntry | undefined, after: LedgerEntry | undefined): ReadonlySet<Cause> {
    const touched = new Set<Cause>();
    if (before) for (const { cause } of before.derived.findings) this.#take(cause, idOf(before), touched);
    if (after)
      for (const problem of problemsOf(after))
        this.#put(problem.cause, idOf(after), problem.problem, touched);
    return touched;
  }

  causes(): Iterable<Cause> {
    return this.#groups.keys();
  }

  group(cause: Cause): ProblemGroup | undefined {
    const problems = this.#groups.get(cause);
    if (!problems) return undefined;
    const worst = new WorstOf(GROUP_OBJECTS);
    let critical = 0;
    let since: number | undefined;
    for (const problem of problems.values()) {
      worst.offer(problem);
      if (problem.severity === 'critical') critical += 1;
      if (problem.since !== undefined) since = Math.min(since ?? Infinity, problem.since);
    }
    return {
      cause,
      severity: critical > 0 ? 'critical' : 'warning',
      critical,
      ...(since !== undefined && { since }),
      count: problems.size,
      objects: worst.list(),
    };
  }

  #put(cause: Cause, id: string, problem: Problem, touched: Set<Cause>): void {
    const problems = this.#groups.get(cause) ?? new Map<string, Problem>();
    this.#groups.set(cause, problems);
    problems.set(id, problem);
    touched.add(cause);
  }

  #take(cause: Cause, id: string, touched: Set<Cause>): void {
    const problems = this.#groups.get(cause);
    problems?.delete(id);
    if (problems?.size === 0) this.#groups.delete(cause);
    touched.add(cause);
  }
}

const idOf = ({ kind, key }: LedgerEntry): string => `${kind.path} ${key}`;

function problemsOf({ kind, namespace, name, derived }: LedgerEntry): { cause: Cause; problem: Problem }[] {
  return derived.findings.map(({ cause, severity, since, reason, message, restarts }) => ({
    cause,
    problem: {
      kind: kind.path,
      ...(namespace !== '' && { namespace }),
      name,
      severity,
      ...(since !== undefined && { since }),
      reason,
      message,
      ...(restarts !== undefined && { restarts }),
    },
  }));
}

/** The worst few of many, found without sorting all. */
class WorstOf {
  readonly #most: number;
  readonly #kept: Problem[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  offer(problem: Problem): void {
    const last = this.#kept.at(-1);
    if (last && this.#kept.length >= this.#most && compareProblems(problem, last) >= 0) return;
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareProblems(this.#kept[middle]!, problem) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#kept.splice(low, 0, problem);
    if (this.#kept.length > this.#most) this.#kept.pop();
  }

  list(): Problem[] {
    return [...this.#kept];
  }
}

/** Critical ones first, then what has lasted longest, then by name. */
function compareProblems(a: Problem, b: Problem): number {
  if (a.severity !== b.severity) return a.severity === 'critical' ? -1 : 1;
  const [aSince, bSince] = [a.since ?? Infinity, b.since ?? Infinity];
  if (aSince !== bSince) return aSince < bSince ? -1 : 1;
  const [aKey, bKey] = [`${a.namespace ?? ''}/${a.name}`, `${b.namespace ?? ''}/${b.name}`];
  if (aKey !== bKey) return aKey < bKey ? -1 : 1;
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0;
}
