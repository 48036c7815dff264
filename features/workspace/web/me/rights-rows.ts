import type { KindRights } from '../../contract/rights-api.ts';

/** The verbs that have a column, in the order in which people ask; the others stand at the end of the row. */
export const COLUMN_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] as const;

export type CellState =
  | { readonly state: 'allowed' }
  | { readonly state: 'some'; readonly names: readonly string[] }
  | { readonly state: 'refused' }
  /** The kind does not know the verb. */
  | { readonly state: 'none' };

export function cellOf({ verbs, allowed, named }: KindRights, verb: string): CellState {
  if (allowed.includes(verb)) return { state: 'allowed' };
  const names = named.filter((some) => some.verbs.includes(verb)).flatMap((some) => some.names);
  if (names.length > 0) return { state: 'some', names: [...new Set(names)].toSorted() };
  return { state: verbs.includes(verb) ? 'refused' : 'none' };
}

/** What else is allowed of a kind: verbs on a subresource, or on the kind itself. */
export interface FurtherRight {
  /** `pods/exec`, or `pods`. */
  readonly of: string;
  /** `/exec`; undefined: of the kind itself. */
  readonly subresource: string | undefined;
  readonly verbs: readonly string[];
}

/** Verbs without a column first, then subresources by name. */
export function furtherOf({ kind, allowed, subresources }: KindRights): readonly FurtherRight[] {
  const columns: readonly string[] = COLUMN_VERBS;
  const verbs = allowed.filter((verb) => !columns.includes(verb));
  return [
    ...(verbs.length > 0 ? [{ of: kind.resource, subresource: undefined, verbs }] : []),
    ...Object.entries(subresources)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, some]) => ({ of: `${kind.resource}/${name}`, subresource: `/${name}`, verbs: some })),
  ];
}

export function mayAnything({ allowed, named, subresources }: KindRights): boolean {
  return allowed.length > 0 || named.length > 0 || Object.keys(subresources).length > 0;
}

/** The rows that show: by typed words (kind, plural, group, verb), and those of use first where not all are wanted. */
export function shownRows(
  items: readonly KindRights[],
  typed: string,
  withUseless: boolean,
): readonly KindRights[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return items
    .filter((item) => withUseless || mayAnything(item))
    .filter((item) => {
      const { kind, resource, group } = item.kind;
      const text = [kind, resource, group, ...item.allowed].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.kind.kind < b.kind.kind ? -1 : 1));
}

/** Kubernetes' own kinds before those of CRDs. */
const placeOf = ({ kind: { group } }: KindRights): number =>
  group === '' ? 0 : group === 'apps' || group === 'batch' ? 1 : group.endsWith('.k8s.io') ? 2 : 3;

/** The kind that a typed word means: path, plural, kind or `plural.group`. */
export function kindNamed(items: readonly KindRights[], typed: string): KindRights | undefined {
  const word = typed.trim().toLowerCase();
  return items.find(({ kind: { path, resource, kind, group } }) =>
    [path, resource, kind.toLowerCase(), `${resource}.${group}`].includes(word),
  );
}
