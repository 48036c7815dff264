import { matchItems } from '@krateyard/ui/parts/pick-list';
import type { KindSummary } from '../../contract/resource-api.ts';
import { kindItems } from '../kind-groups.ts';

/** Kinds under one heading. */
export interface KindSectionOf {
  readonly title: string;
  /** The heading is the API group that these kinds came with. */
  readonly custom: boolean;
  readonly kinds: readonly KindLine[];
}

export interface KindLine {
  readonly kind: KindSummary;
  /** What tells it from its namesake, or what it is called for short. */
  readonly hint: string | undefined;
}

/**
 * The kinds whose names, short names or API group a typed text finds, as people think; custom kinds under the API group that they
 * came with. A text filters and does not reorder: what is looked for stands where it always does.
 */
export function kindSections(kinds: readonly KindSummary[], typed: string): readonly KindSectionOf[] {
  const byPath = new Map(kinds.map((kind) => [kind.path, kind]));
  const items = kindItems(kinds).map((item) => {
    const { group } = byPath.get(item.value)!;
    return { ...item, also: [...(item.also ?? []), group, ...group.split('.'), item.group ?? ''] };
  });
  const found = new Set(matchItems(items, typed).map(({ value }) => value));
  const shown = items.filter(({ value }) => found.has(value));
  const names = Map.groupBy(items, ({ label, group }) => `${group} ${label}`);
  const sections = Map.groupBy(shown, ({ value, group = '' }) =>
    isCustom(byPath.get(value)!) ? byPath.get(value)!.group : group,
  );
  // The rest comes in the order of the groups, custom ones last.
  const ordered = [...sections].toSorted(([a, [one]], [b, [two]]) =>
    isCustom(byPath.get(one!.value)!) && isCustom(byPath.get(two!.value)!) ? a.localeCompare(b) : 0,
  );
  return ordered.map(([title, members]) => ({
    title,
    custom: isCustom(byPath.get(members[0]!.value)!),
    kinds: members.map(({ value, label, group }) => {
      const kind = byPath.get(value)!;
      const twin = !isCustom(kind) && names.get(`${group} ${label}`)!.length > 1;
      return { kind, hint: twin ? kind.group || 'core' : kind.shortNames[0] };
    }),
  }));
}

const isCustom = ({ group }: KindSummary): boolean => group.includes('.') && !group.endsWith('.k8s.io');
