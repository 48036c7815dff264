import type { Collection, Freshness } from '@krateyard/kube/cache/cache';
import type { EncodedObjects } from '@krateyard/kube/cache/encoded';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Column } from '../../contract/column.ts';
import { columnInfo } from '../../contract/columns.ts';
import { kindRef } from './kind-directory.ts';
import type { Order } from './order.ts';
import { viewEntries, viewRows, type ViewSpec } from './view.ts';

export interface ListSpec {
  readonly kind: ResourceKind;
  readonly columns: readonly Column[];
  readonly view: ViewSpec;
  /** Absent: the order of the cache. */
  readonly order: Order | undefined;
  readonly offset: number;
  /** Absent: to the end. */
  readonly limit: number | undefined;
}

const COMMA = 0x2c;

/** `ResourceList` as bytes: the objects' own encodings, copied together. */
export function encodeList(collection: Collection, spec: ListSpec, encoded: EncodedObjects): Buffer {
  const { kind, columns, view } = spec;
  const { objects, total } = page(collection, spec);
  const head = JSON.stringify({
    kind: kindRef(kind),
    columns: columns.map(columnInfo),
    namespaces: view.namespaces,
    total,
    resourceVersion: collection.resourceVersion(),
    freshness: collection.freshness() satisfies Freshness,
  });
  const items = objects.map((object) => encoded.encode(object));
  return joinItems(`${head.slice(0, -1)},"items":[`, items, ']}');
}

function page(
  collection: Collection,
  { view, order, offset, limit }: ListSpec,
): { objects: KubeObject[]; total: number } {
  const all = order
    ? viewRows(collection, view, order).map(({ object }) => object)
    : Array.from(viewEntries(collection, view), ([, object]) => object);
  const whole = offset === 0 && limit === undefined;
  return {
    total: all.length,
    objects: whole ? all : all.slice(offset, limit === undefined ? undefined : offset + limit),
  };
}

/** One allocation for the whole body. */
function joinItems(start: string, parts: readonly Buffer[], end: string): Buffer {
  const startBytes = Buffer.from(start);
  const endBytes = Buffer.from(end);
  const commas = Math.max(0, parts.length - 1);
  const size = parts.reduce((sum, part) => sum + part.length, startBytes.length + endBytes.length + commas);
  const body = Buffer.allocUnsafe(size);
  let at = startBytes.copy(body);
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      body[at] = COMMA;
      at += 1;
    }
    body.set(part, at);
    at += part.length;
  }
  endBytes.copy(body, at);
  return body;
}
