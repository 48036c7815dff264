import type { OverviewKindName } from './overview-kinds.ts';

/** Where objects of a kind show: everywhere (null), in these namespaces, or nowhere as the person may not (undefined). */
export type KindScope = ReadonlySet<string> | null | undefined;

/** What one overview shows, by kind; those of usage are rights on `metrics.k8s.io`. */
export type OverviewScopes = Readonly<Record<OverviewKindName | 'podUsage' | 'nodeUsage', KindScope>>;

export function shows(scope: KindScope, namespace: string): boolean {
  return scope === null || (scope !== undefined && scope.has(namespace));
}

/** Equal for scopes that show the same. */
export function scopesId(scopes: OverviewScopes): string {
  return JSON.stringify(
    Object.entries(scopes).map(([name, scope]) => [
      name,
      scope === undefined ? 0 : scope && [...scope].toSorted(),
    ]),
  );
}
