import type { Client } from '../client/client.ts';
import { formatGroupVersion, parseGroupVersion } from '../meta/group-version.ts';
import type { ResourceKind } from './resource-kinds.ts';

/** What one group and version serves; `stale`: its server cannot be asked now, so the kinds may be missing or old. */
export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly stale: boolean;
  readonly kinds: readonly ResourceKind[];
}

type Requester = Pick<Client, 'request'>;

interface AggregatedResource {
  readonly resource?: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope?: string;
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly string[];
  readonly subresources?: readonly { readonly subresource?: string }[];
}

interface AggregatedGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version?: string;
    readonly freshness?: string;
    readonly resources?: readonly AggregatedResource[];
  }[];
}

interface PlainResource {
  readonly name: string;
  readonly kind: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
/** Requests at a time when each group has to be asked for itself. */
const PARALLEL = 6;

/** Everything that is served, in the server's order: core first, preferred versions first within a group. */
export async function readDiscovery(client: Requester): Promise<readonly ServedVersion[]> {
  const headers = { accept: AGGREGATED };
  const [core, groups] = await Promise.all([
    client.request<{ kind?: string; items?: AggregatedGroup[]; versions?: string[] }>({
      path: '/api',
      headers,
    }),
    client.request<{ kind?: string; items?: AggregatedGroup[]; groups?: PlainGroup[] }>({
      path: '/apis',
      headers,
    }),
  ]);
  const coreVersions =
    core?.kind === 'APIGroupDiscoveryList'
      ? readAggregated(core.items ?? [])
      : readPlain(
          client,
          (core?.versions ?? []).map((version) => ({ group: '', version })),
        );
  const groupVersions =
    groups?.kind === 'APIGroupDiscoveryList'
      ? readAggregated(groups.items ?? [])
      : readPlain(client, (groups?.groups ?? []).flatMap(versionsByPreference));
  return [...(await coreVersions), ...(await groupVersions)];
}

function readAggregated(groups: readonly AggregatedGroup[]): ServedVersion[] {
  return groups.flatMap(({ metadata, versions = [] }) => {
    const group = metadata?.name ?? '';
    return versions.map(({ version = '', freshness, resources = [] }) => ({
      group,
      version,
      stale: freshness === 'Stale',
      kinds: resources
        .filter(({ responseKind }) => responseKind?.kind)
        .map((each) => fromAggregated(group, version, each)),
    }));
  });
}

function fromAggregated(group: string, version: string, each: AggregatedResource): ResourceKind {
  return {
    group,
    version,
    resource: each.resource ?? '',
    kind: each.responseKind?.kind ?? '',
    singular: each.singularResource ?? '',
    shortNames: each.shortNames ?? [],
    categories: each.categories ?? [],
    namespaced: each.scope === 'Namespaced',
    verbs: each.verbs ?? [],
    subresources: (each.subresources ?? []).map(({ subresource }) => subresource ?? ''),
  };
}

interface PlainGroup {
  readonly versions?: readonly { readonly groupVersion?: string }[];
  readonly preferredVersion?: { readonly groupVersion?: string };
}

function versionsByPreference({
  versions = [],
  preferredVersion,
}: PlainGroup): { group: string; version: string }[] {
  const names = versions.map(({ groupVersion }) => groupVersion ?? '').filter((name) => name !== '');
  const preferred = preferredVersion?.groupVersion;
  const ordered =
    preferred && names.includes(preferred)
      ? [preferred, ...names.filter((name) => name !== preferred)]
      : names;
  return ordered.map(parseGroupVersion);
}

async function readPlain(
  client: Requester,
  versions: readonly { group: string; version: string }[],
): Promise<ServedVersion[]> {
  const served: ServedVersion[] = [];
  for (let start = 0; start < versions.length; start += PARALLEL) {
    const asked = versions.slice(start, start + PARALLEL).map((each) => readPlainVersion(client, each));
    served.push(...(await Promise.all(asked)));
  }
  return served;
}

async function readPlainVersion(
  client: Requester,
  at: { group: string; version: string },
): Promise<ServedVersion> {
  const path = `${at.group === '' ? '/api' : '/apis'}/${formatGroupVersion(at)}`;
  try {
    const list = await client.request<{ resources?: PlainResource[] }>({ path });
    return { ...at, stale: false, kinds: fromPlain(at, list?.resources ?? []) };
  } catch {
    // One API service that is down must not hide the others; `stale` says so, and its kinds are kept from before.
    return { ...at, stale: true, kinds: [] };
  }
}

/** Subresources stand in the plain list as `pods/log`. */
function fromPlain(
  at: { group: string; version: string },
  resources: readonly PlainResource[],
): ResourceKind[] {
  const subresources = Map.groupBy(
    resources.filter(({ name }) => name.includes('/')),
    ({ name }) => name.slice(0, name.indexOf('/')),
  );
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map((each) => ({
      group: at.group,
      version: at.version,
      resource: each.name,
      kind: each.kind,
      singular: each.singularName ?? '',
      shortNames: each.shortNames ?? [],
      categories: each.categories ?? [],
      namespaced: each.namespaced ?? false,
      verbs: each.verbs ?? [],
      subresources: (subresources.get(each.name) ?? []).map(({ name }) => name.slice(name.indexOf('/') + 1)),
    }));
}
