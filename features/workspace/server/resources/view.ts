import type { Collection } from '@krateyard/kube/cache/cache';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Order, Row } from './order.ts';
import type { Selection } from './selection.ts';

/** Namespaces that show; null: all of them, and cluster-scoped objects. */
export type VisibleNamespaces = readonly string[] | null;

/** What lists and watches are both made of: the objects of a kind that a person sees and has asked for. */
export interface ViewSpec {
  readonly namespaces: VisibleNamespaces;
  readonly selection: Selection;
}

/** Every object that the view shows, in the collection's order. */
export function* viewEntries(
  collection: Collection,
  { namespaces, selection }: ViewSpec,
): IterableIterator<readonly [key: string, object: KubeObject]> {
  if (namespaces === null) {
    for (const entry of collection.entries()) if (selection.matches(entry[1])) yield entry;
    return;
  }
  for (const namespace of namespaces) {
    for (const entry of collection.entries(namespace)) if (selection.matches(entry[1])) yield entry;
  }
}

/** The same in order. */
export function viewRows(collection: Collection, spec: ViewSpec, order: Order): Row[] {
  const rows = Array.from(viewEntries(collection, spec), ([key, object]) => order.row(key, object));
  return rows.sort(order.compare);
}

/** Whether one object shows: the membership that `viewEntries` applies to all. */
export function createMembership({ namespaces, selection }: ViewSpec): (object: KubeObject) => boolean {
  if (namespaces === null) return (object) => selection.matches(object);
  const visible = new Set(namespaces);
  return (object) => visible.has(object.metadata.namespace ?? '') && selection.matches(object);
}
