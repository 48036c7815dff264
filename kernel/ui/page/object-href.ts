/** Where every object has its page. */
export const OBJECT_ROOT = '/resource';

/** Where new objects are made from YAML. */
export const CREATE_ROOT = '/create';

/** The page that makes objects: `namespace` is where those without one go, `kind` the path of what is there to begin with. */
export function createHref(at: { readonly namespace?: string | undefined; readonly kind?: string }): string {
  const params = new URLSearchParams({
    ...(at.namespace !== undefined && { ns: at.namespace }),
    ...(at.kind !== undefined && { kind: at.kind }),
  }).toString();
  return `${CREATE_ROOT}${params && `?${params}`}`;
}

/** What a page of one object can show. */
export const OBJECT_TABS = ['summary', 'relations', 'events', 'yaml', 'history', 'access'] as const;
export type ObjectTab = (typeof OBJECT_TABS)[number];

/** Everything that the address of an object's page restores. */
export interface ObjectUrl {
  /** `pods`, `apps/v1/replicasets`. */
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly tab: ObjectTab;
  /** The container that stands open. */
  readonly container: string | undefined;
  /** The YAML is open for change. */
  readonly edit: boolean;
}

/** The address of an object's page: a link to be followed with the router, or sent to a colleague. */
export function objectHref(
  kindPath: string,
  namespace: string | undefined,
  name: string,
  tab?: ObjectTab,
): string {
  return formatObjectUrl({
    kind: kindPath,
    namespace,
    name,
    tab: tab ?? 'summary',
    container: undefined,
    edit: false,
  });
}

export function formatObjectUrl({ kind, namespace, name, tab, container, edit }: ObjectUrl): string {
  const params: readonly (readonly [string, string | undefined])[] = [
    ['ns', namespace],
    ['tab', tab === 'summary' ? undefined : tab],
    ['container', container],
    ['edit', edit ? '1' : undefined],
  ];
  const query = params
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([param, value]) => `${param}=${encodeURIComponent(value!)}`)
    .join('&');
  return `${OBJECT_ROOT}/${kind}/${encodeName(name)}${query && `?${query}`}`;
}

/** Undefined where the address names no kind or no object. */
export function readObjectUrl(path: string, search: string): ObjectUrl | undefined {
  const parts = path.slice(OBJECT_ROOT.length + 1).split('/');
  const name = decoded(parts.pop() ?? '');
  const kind = decoded(parts.join('/'));
  if (name === '' || kind === '') return undefined;
  const params = new URLSearchParams(search);
  const tab = params.get('tab');
  return {
    kind,
    name,
    namespace: params.get('ns') || undefined,
    tab: OBJECT_TABS.find((known) => known === tab) ?? 'summary',
    container: params.get('container') || undefined,
    edit: params.get('edit') === '1',
  };
}

/** Names of roles hold colons, which mean nothing in a path and are easier to read as they are. */
const encodeName = (name: string): string => encodeURIComponent(name).replaceAll('%3A', ':');

/** An address that somebody has mangled shows as it is, and its object is not found. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
