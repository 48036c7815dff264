import type { ActionKind } from '../actions/object-action.ts';

/** What stands in the table, as far as kubectl can say it. */
export interface KubectlView {
  readonly kind: Pick<ActionKind, 'group' | 'resource' | 'namespaced'>;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Words and cells by which only the console filters. */
  readonly further?: string | undefined;
  /** What says the same is one row in the console. */
  readonly merged?: boolean | undefined;
}

export interface NamedObject {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** The command that lists what the view shows, one line for each namespace; what kubectl cannot filter by is a comment. */
export function getView(view: KubectlView): string {
  const { kind, namespaces, labelSelector, fieldSelector, further, merged } = view;
  const selectors = [
    ...(labelSelector ? ['-l', quoted(labelSelector)] : []),
    ...(fieldSelector ? ['--field-selector', quoted(fieldSelector)] : []),
  ];
  const scopes = !kind.namespaced ? [[]] : namespaces.length === 0 ? [['-A']] : namespaces.map(inNamespace);
  const lines = scopes.map((scope) => ['kubectl', 'get', resourceOf(kind), ...scope, ...selectors].join(' '));
  return [
    ...(further ? [`# the console filters further: ${oneLine(further)}`] : []),
    ...(merged ? ['# the console shows what says the same as one row, kubectl each event'] : []),
    ...lines,
  ].join('\n');
}

/** One line for each namespace of these objects. */
export function onObjects(
  verb: 'get' | 'describe' | 'delete',
  kind: KubectlView['kind'],
  objects: readonly NamedObject[],
  more: readonly string[] = [],
): string {
  const byNamespace = Map.groupBy(objects, ({ namespace }) => (kind.namespaced ? (namespace ?? '') : ''));
  return [...byNamespace]
    .map(([namespace, some]) =>
      [
        'kubectl',
        verb,
        resourceOf(kind),
        ...(namespace === '' ? [] : inNamespace(namespace)),
        ...some.map(({ name }) => quoted(name)),
        ...more,
      ].join(' '),
    )
    .join('\n');
}

export function editObject(kind: KubectlView['kind'], { namespace, name }: NamedObject): string {
  const scope = kind.namespaced && namespace ? inNamespace(namespace) : [];
  return ['kubectl', 'edit', resourceOf(kind), ...scope, quoted(name)].join(' ');
}

/** With its group, as the same plural may be of several. */
const resourceOf = ({ group, resource }: KubectlView['kind']): string =>
  group === '' ? resource : `${resource}.${group}`;

const inNamespace = (namespace: string): string[] => ['-n', quoted(namespace)];

/** For POSIX shells; bare where nothing in it means something to them. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(text) && !text.startsWith('-')
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
