import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { listAt, textAt } from '../../../contract/columns/read.ts';

/** The verbs that nearly every rule speaks of, in the order in which people think of them. */
export const USUAL_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] as const;

/** One line of a role's matrix. */
export interface RoleLine {
  /** `pods/exec`, `deployments (apps)`, `/healthz`. */
  readonly what: string;
  readonly verbs: ReadonlySet<string>;
  /** Every verb. */
  readonly all: boolean;
  readonly otherVerbs: readonly string[];
  readonly names: readonly string[];
}

/** A role's rules as a matrix of what to verbs; rules for the same thing are one line. */
export function roleLines(role: LiveObject): readonly RoleLine[] {
  const lines = new Map<string, { what: string; verbs: Set<string>; names: readonly string[] }>();
  for (const rule of listAt(role, 'rules')) {
    const names = texts(rule, 'resourceNames');
    for (const what of thingsOf(rule)) {
      const key = `${what} ${names.join()}`;
      const line = lines.get(key) ?? { what, verbs: new Set<string>(), names };
      for (const verb of texts(rule, 'verbs')) line.verbs.add(verb);
      lines.set(key, line);
    }
  }
  return Array.from(lines.values(), ({ what, verbs, names }) => ({
    what,
    verbs,
    all: verbs.has('*'),
    otherVerbs: [...verbs].filter((verb) => verb !== '*' && !USUAL_VERBS.some((usual) => usual === verb)),
    names,
  })).toSorted((a, b) => (a.what < b.what ? -1 : 1));
}

function thingsOf(rule: unknown): readonly string[] {
  const groups = texts(rule, 'apiGroups');
  const resources = texts(rule, 'resources').flatMap((resource) =>
    (groups.length === 0 ? [''] : groups).map((group) =>
      group === '' ? resource : group === '*' ? `${resource} (every group)` : `${resource} (${group})`,
    ),
  );
  return [...resources, ...texts(rule, 'nonResourceURLs')];
}

const texts = (rule: unknown, field: string): readonly string[] => listAt(rule, field).map(String);

export interface SubjectFacts {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

export function subjectsOf(binding: LiveObject): readonly SubjectFacts[] {
  return listAt(binding, 'subjects').map((subject) => ({
    kind: textAt(subject, 'kind') ?? '',
    name: textAt(subject, 'name') ?? '',
    namespace: textAt(subject, 'namespace') ?? undefined,
  }));
}
