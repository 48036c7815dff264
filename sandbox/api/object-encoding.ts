import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { StoredRevision } from '../store/stored-revision.ts';
import { tableFor } from '../table/table.ts';
import type { Representation } from './representation.ts';
import type { ResourceDefinition } from './resource-definition.ts';

const TABLE_HEAD = { kind: 'Table', apiVersion: 'meta.k8s.io/v1' } as const;

interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** One object in the form that the client wants. */
export function encodeObject(
  definition: ResourceDefinition,
  stored: StoredRevision,
  form: Representation,
  nowMs: number,
): string {
  switch (form.form) {
    case 'object':
      return stored.json;
    case 'partial':
      return JSON.stringify(partial(stored.object));
    case 'table': {
      const metadata = { resourceVersion: String(stored.revision) };
      const whole = table(definition, [stored.object], form.include, metadata, nowMs);
      return JSON.stringify(form.bare ? { ...whole, columnDefinitions: null } : whole);
    }
  }
}

/** A list, in parts that can be written one by one. A list of metadata without items says `null`, as Kubernetes does. */
export function* encodeList(
  definition: ResourceDefinition,
  items: readonly StoredRevision[],
  metadata: ListMetadata,
  form: Representation,
  nowMs: number,
): Generator<string> {
  if (form.form === 'table') {
    yield* encodeTable(definition, items, form.include, metadata, nowMs);
    return;
  }
  const kind = form.form === 'object' ? `${definition.kind}List` : 'PartialObjectMetadataList';
  const apiVersion = form.form === 'object' ? formatGroupVersion(definition) : 'meta.k8s.io/v1';
  yield `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${JSON.stringify(metadata)},"items":`;
  if (form.form === 'partial' && items.length === 0) {
    yield 'null}\n';
    return;
  }
  yield '[';
  const itemOf = form.form === 'object' ? itemEncoder(definition) : partialItem;
  let comma = '';
  for (const stored of items) {
    yield comma + itemOf(stored);
    comma = ',';
  }
  yield ']}\n';
}

const partialItem = (stored: StoredRevision): string => JSON.stringify(partial(stored.object));

/** Items of built-in lists carry no kind and apiVersion; those of custom resources do. */
function itemEncoder(definition: ResourceDefinition): (stored: StoredRevision) => string {
  if (definition.custom) return (stored) => stored.json;
  const head = `{"kind":${JSON.stringify(definition.kind)},"apiVersion":${JSON.stringify(formatGroupVersion(definition))},`;
  return ({ json }) => (json.startsWith(head) ? `{${json.slice(head.length)}` : json);
}

const ROWS_AT_ONCE = 200;

function* encodeTable(
  definition: ResourceDefinition,
  items: readonly StoredRevision[],
  include: 'Metadata' | 'Object' | 'None',
  metadata: ListMetadata,
  nowMs: number,
): Generator<string> {
  const empty = table(definition, [], include, metadata, nowMs);
  yield `${JSON.stringify({ ...empty, rows: undefined }).slice(0, -1)},"rows":[`;
  for (let from = 0; from < items.length; from += ROWS_AT_ONCE) {
    const objects = items.slice(from, from + ROWS_AT_ONCE).map(({ object }) => object);
    const rows = JSON.stringify(table(definition, objects, include, metadata, nowMs).rows).slice(1, -1);
    yield from === 0 ? rows : `,${rows}`;
  }
  yield ']}\n';
}

function table(
  definition: ResourceDefinition,
  objects: readonly KubeObject[],
  include: 'Metadata' | 'Object' | 'None',
  metadata: ListMetadata,
  nowMs: number,
) {
  const { columnDefinitions, rows } = tableFor(definition, objects, nowMs);
  return {
    ...TABLE_HEAD,
    metadata,
    columnDefinitions,
    rows: rows.map(({ cells }, index) => ({ cells, object: included(objects[index]!, include) })),
  };
}

function included(object: KubeObject, include: 'Metadata' | 'Object' | 'None'): unknown {
  if (include === 'Object') return object;
  return include === 'None' ? null : partial(object);
}

function partial(object: KubeObject): KubeObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}
