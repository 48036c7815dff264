import { formatGroupVersion } from '../meta/group-version.ts';
import type { ResourceKind } from './resource-kinds.ts';

/** How a name can mean a kind, best first; `kinds` decide among equals by their order. */
const WAYS: readonly ((kind: ResourceKind, name: string) => boolean)[] = [
  ({ resource }, name) => resource === name,
  ({ singular, kind }, name) => singular === name || kind.toLowerCase() === name,
  ({ shortNames }, name) => shortNames.includes(name),
];

/** Finds a kind by the forms that `ResourceKinds.find` promises. Upper and lower case are the same. */
export function findKind(kinds: readonly ResourceKind[], text: string): ResourceKind | undefined {
  const name = text.toLowerCase();
  const slash = name.lastIndexOf('/');
  if (slash !== -1) {
    const [groupVersion, last] = [name.slice(0, slash), name.slice(slash + 1)];
    return byName(
      kinds.filter((kind) => formatGroupVersion(kind) === groupVersion),
      last,
    );
  }
  return byName(kinds, name) ?? byQualifiedName(kinds, name);
}

/** `deployments.apps` or `deployments.v1.apps`. */
function byQualifiedName(kinds: readonly ResourceKind[], name: string): ResourceKind | undefined {
  const dot = name.indexOf('.');
  if (dot === -1) return undefined;
  const [first, rest] = [name.slice(0, dot), name.slice(dot + 1)];
  return (
    byName(
      kinds.filter(({ group }) => group === rest),
      first,
    ) ??
    byName(
      kinds.filter(({ group, version }) => `${version}.${group}` === rest),
      first,
    )
  );
}

function byName(kinds: readonly ResourceKind[], name: string): ResourceKind | undefined {
  if (name === '') return undefined;
  for (const means of WAYS) {
    const found = kinds.find((kind) => means(kind, name));
    if (found) return found;
  }
  return undefined;
}
