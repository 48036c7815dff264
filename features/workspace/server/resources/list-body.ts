import { Readable } from 'node:stream';
import type { Collection, Freshness } from '@krateyard/kube/cache/cache';
import type { EncodedObjects } from '@krateyard/kube/cache/encoded';
import type { ResourceKind } from '@krateyard/kube/discovery/resource-kinds';
import { formatGvr } from '@krateyard/kube/meta/group-version';
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

/** Equal for specs that give equal lists of one state of the collection. */
export function listSpecId({ kind, view, order, offset, limit }: ListSpec): string {
  return JSON.stringify([formatGvr(kind), view.namespaces, view.selection.id, order?.id, offset, limit]);
}

export interface ListBody {
  readonly bytes: number;
  readonly stream: () => Readable;
}

/** The JSON of the items of one list, joined with commas. */
interface JoinedItems {
  readonly bytes: Buffer;
  readonly total: number;
}

const COMMA = 0x2c;

/** `ResourceList` as bytes: the objects' own encodings, copied together; kept as long as the collection stands still. */
export class ListBodies {
  readonly #encoded: EncodedObjects;
  readonly #maxBytes: number;
  /** Oldest first. */
  readonly #kept = new Map<string, JoinedItems>();
  #bytes = 0;

  constructor(encoded: EncodedObjects, maxBytes: number) {
    this.#encoded = encoded;
    this.#maxBytes = maxBytes;
  }

  body(collection: Collection, spec: ListSpec): ListBody {
    const items = this.#items(collection, spec);
    const head = JSON.stringify({
      kind: kindRef(spec.kind),
      columns: spec.columns.map(columnInfo),
      namespaces: spec.view.namespaces,
      total: items.total,
      resourceVersion: collection.resourceVersion(),
      freshness: collection.freshness() satisfies Freshness,
    });
    const parts = [Buffer.from(`${head.slice(0, -1)},"items":[`), items.bytes, Buffer.from(']}')];
    return {
      bytes: parts.reduce((sum, part) => sum + part.length, 0),
      stream: () => Readable.from(parts),
    };
  }

  #items(collection: Collection, spec: ListSpec): JoinedItems {
    // While a list is being read anew, the content changes under one and the same version.
    const settled = collection.freshness().state === 'live';
    const id = `${collection.resourceVersion()} ${listSpecId(spec)}`;
    const known = settled ? this.#kept.get(id) : undefined;
    if (known) return known;
    const { objects, total } = page(collection, spec);
    const made = { bytes: joined(objects.map((object) => this.#encoded.encode(object))), total };
    if (settled) this.#keep(id, made);
    return made;
  }

  #keep(id: string, made: JoinedItems): void {
    if (made.bytes.length > this.#maxBytes / 2) return;
    this.#kept.set(id, made);
    this.#bytes += made.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}

function page(
  collection: Collection,
  { view, order, offset, limit }: ListSpec,
): { objects: KubeObject[]; total: number } {
  const all = order
    ? viewRows(collection, view, order).map(({ object }) => object)
    : Array.from(viewEntries(collection, view), ([, object]) => object);
  const whole = offset === 0 && limit === undefined;
  const end = limit === undefined ? undefined : offset + limit;
  return { total: all.length, objects: whole ? all : all.slice(offset, end) };
}

/** One allocation for all. */
function joined(parts: readonly Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, Math.max(0, parts.length - 1));
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      bytes[at] = COMMA;
      at += 1;
    }
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
