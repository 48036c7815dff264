import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

/** Where the room's pages begin. */
export const VMS_ROOT = '/vms';
/** The page of one machine, as the router reads it. */
export const MACHINE_PATTERN = `${VMS_ROOT}/:namespace/:name`;

export const MACHINE_TABS = ['overview', 'snapshots', 'events', 'conditions'] as const;
export type MachineTab = (typeof MACHINE_TABS)[number];

/** The page of one machine. */
export const vmHref = (namespace: string, name: string, tab: MachineTab = 'overview'): string =>
  `${VMS_ROOT}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}${tab === 'overview' ? '' : `?tab=${tab}`}`;

/** Whose page stands at a path; undefined where it is no machine's. */
export function readMachinePath(path: string): { namespace: string; name: string } | undefined {
  const [, namespace, name, ...rest] = path.slice(1).split('/');
  if (!path.startsWith(`${VMS_ROOT}/`) || !namespace || !name || rest.length > 0) return undefined;
  try {
    return { namespace: decodeURIComponent(namespace), name: decodeURIComponent(name) };
  } catch {
    return undefined;
  }
}

/** Kind of machines in addresses of objects. */
export const MACHINE_KIND = 'kubevirt.io/v1/virtualmachines';

/** Everything that a link to the list restores. */
export interface VmsUrl {
  /** Empty: all that one may see. */
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly sort: string | undefined;
}

export function readVmsUrl(search: string): VmsUrl {
  const params = new URLSearchParams(search);
  return {
    namespaces: (params.get('ns') ?? '').split(',').filter(Boolean),
    filter: params.get('q') ?? '',
    sort: params.get('sort') ?? undefined,
  };
}

/** Only what differs from the usual stands in the address. */
export function formatVmsUrl({ namespaces, filter, sort }: VmsUrl): string {
  const params = (
    [
      ['ns', namespaces.join(',')],
      ['q', filter],
      ['sort', sort],
    ] as const
  )
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(value!).replaceAll('%2C', ',')}`);
  return params.length === 0 ? VMS_ROOT : `${VMS_ROOT}?${params.join('&')}`;
}

export type GoVms = (change: Partial<VmsUrl>, options?: { replace: boolean }) => void;

/** The list in the address bar. `go` adds to the history unless told to replace (typing, sorting). */
export function useVmsUrl(): { readonly url: VmsUrl; readonly go: GoVms } {
  const [, navigate] = useLocation();
  const search = useSearch();
  const url = useMemo(() => readVmsUrl(search), [search]);
  const go = useCallback<GoVms>(
    (change, options) => navigate(formatVmsUrl({ ...url, ...change }), options),
    [navigate, url],
  );
  return { url, go };
}
