import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { KindRights } from '../../contract/rights-api.ts';
import { kindRef } from '../resources/kind-directory.ts';
import type { ResourceRule } from './review-rules.ts';

/** What rules allow on one kind. Verbs that the kind does not know are left out, however generous a rule is. Pure. */
export function kindRights(kind: ResourceKind, rules: readonly ResourceRule[]): KindRights {
  const own = rules.filter(({ apiGroups = [] }) => covers(apiGroups, kind.group));
  const whole = own.filter(({ resources = [] }) => covers(resources, kind.resource));
  const free = whole.filter(({ resourceNames = [] }) => resourceNames.length === 0);
  const allowed = verbsOf(free, kind.verbs);
  const named = whole
    .filter(({ resourceNames = [] }) => resourceNames.length > 0)
    .map((rule) => ({
      names: [...(rule.resourceNames ?? [])].toSorted(),
      verbs: verbsOf([rule], kind.verbs).filter((verb) => !allowed.includes(verb)),
    }))
    .filter(({ verbs }) => verbs.length > 0);
  return {
    kind: kindRef(kind),
    verbs: [...kind.verbs],
    allowed,
    named,
    subresources: Object.fromEntries(
      kind.subresources
        .map((subresource) => [subresource, subresourceVerbs(kind, subresource, own)] as const)
        .filter(([, verbs]) => verbs.length > 0),
    ),
  };
}

/** Discovery's verbs of a subresource are not kept: these are all that there are. */
const SUBRESOURCE_VERBS = ['get', 'create', 'update', 'patch', 'delete'];

function subresourceVerbs(
  { resource }: ResourceKind,
  subresource: string,
  rules: readonly ResourceRule[],
): string[] {
  const words = new Set(['*', `${resource}/${subresource}`, `*/${subresource}`, `${resource}/*`]);
  const fitting = rules.filter(
    ({ resources = [], resourceNames = [] }) =>
      resourceNames.length === 0 && resources.some((word) => words.has(word)),
  );
  return verbsOf(fitting, SUBRESOURCE_VERBS);
}

function verbsOf(rules: readonly ResourceRule[], known: readonly string[]): string[] {
  return known.filter((verb) => rules.some(({ verbs = [] }) => covers(verbs, verb)));
}

const covers = (words: readonly string[], word: string): boolean =>
  words.includes('*') || words.includes(word);
