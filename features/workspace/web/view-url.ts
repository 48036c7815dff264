import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { OBJECT_ROOT, OBJECT_TABS, readObjectUrl, type ObjectTab } from '@krateyard/ui/page/object-href';

/** Everything that a link to a table restores. */
export interface ViewUrl {
  readonly kind: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly sort: string | undefined;
  /** Key of the open object. */
  readonly open: string | undefined;
  readonly tab: ObjectTab;
}

export const ROOT = '/resources';

/** On the page of an object the view is the table that it stands in. */
export function readView(path: string, search: string): ViewUrl {
  const params = new URLSearchParams(search);
  const object = path.startsWith(`${OBJECT_ROOT}/`) ? readObjectUrl(path, search) : undefined;
  return {
    kind:
      (object?.kind ??
        (path.startsWith(`${ROOT}/`) ? decodeURIComponent(path.slice(ROOT.length + 1)) : '')) ||
      'pods',
    namespaces: (params.get('ns') ?? '').split(',').filter(Boolean),
    filter: params.get('q') ?? '',
    sort: params.get('sort') ?? undefined,
    open: params.get('open') ?? undefined,
    tab: OBJECT_TABS.find((tab) => tab === params.get('tab')) ?? 'summary',
  };
}

/** The address of a view: only what differs from the default stands in it. */
export function formatView(
  view: { readonly [K in keyof ViewUrl]?: ViewUrl[K] | undefined } & { readonly kind: string },
): string {
  const params: [string, string | undefined][] = [
    ['ns', view.namespaces?.join(',')],
    ['q', view.filter],
    ['sort', view.sort],
    ['open', view.open],
    ['tab', view.tab === 'summary' || !view.open ? undefined : view.tab],
  ];
  const query = params
    .filter(([, value]) => value)
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(value!).replaceAll('%2F', '/').replaceAll('%2C', ',')}`,
    )
    .join('&');
  return `${ROOT}/${view.kind}${query && `?${query}`}`;
}

/** The view in the address bar. `go` adds to the history unless told to replace (typing, sorting). */
export function useViewUrl(): {
  view: ViewUrl;
  go: (change: Partial<ViewUrl>, options?: { replace: boolean }) => void;
} {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const view = useMemo(() => readView(path, search), [path, search]);
  const go = useCallback(
    (change: Partial<ViewUrl>, options?: { replace: boolean }) => {
      navigate(formatView({ ...view, ...change }), options);
    },
    [navigate, view],
  );
  return { view, go };
}
