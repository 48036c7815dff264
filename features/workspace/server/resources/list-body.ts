import { Readable } from 'node:stream';
import type { Collection, Freshness } from '@krateyard/kube/cache/cache';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Column } from '../../contract/column.ts';
import { columnInfo } from '../../contract/columns.ts';
import type { EncodedBlocks } from './encoded-blocks.ts';
import { kindRef } from './kind-directory.ts';
import { mergedRows } from './merged-event.ts';
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
  /** Events that are alike are one row; needs an order. */
  readonly merge: boolean;
}

/** Equal for specs that give equal lists of one state of the collection. */
export function listSpecId({ kind, view, order, offset, limit, merge }: ListSpec): string {
  return JSON.stringify([
    formatGvr(kind),
    view.namespaces,
    view.selection.id,
    order?.id,
    offset,
    limit,
    merge,
  ]);
}

export interface ListBody {
  readonly bytes: number;
  readonly stream: () => Readable;
}

const COMMA = Buffer.from(',');
const END = Buffer.from(']}');

/** `ResourceList` as bytes: the objects' own encodings, in blocks that outlive the answer. */
export function encodeList(collection: Collection, spec: ListSpec, blocks: EncodedBlocks): ListBody {
  const { objects, total } = page(collection, spec);
  const head = JSON.stringify({
    kind: kindRef(spec.kind),
    columns: spec.columns.map(columnInfo),
    namespaces: spec.view.namespaces,
    total,
    resourceVersion: collection.resourceVersion(),
    freshness: collection.freshness() satisfies Freshness,
  });
  const items = blocks.encode(objects).flatMap((block, index) => (index === 0 ? [block] : [COMMA, block]));
  const parts = [Buffer.from(`${head.slice(0, -1)},"items":[`), ...items, END];
  return {
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    stream: () => Readable.from(parts),
  };
}

export function page(
  collection: Collection,
  { view, order, offset, limit, merge }: ListSpec,
): { objects: KubeObject[]; total: number } {
  const rows =
    order && (merge ? mergedRows(viewEntries(collection, view), order) : viewRows(collection, view, order));
  const all =
    rows?.map(({ object }) => object) ?? Array.from(viewEntries(collection, view), ([, object]) => object);
  const whole = offset === 0 && limit === undefined;
  const end = limit === undefined ? undefined : offset + limit;
  return { total: all.length, objects: whole ? all : all.slice(offset, end) };
}
