import { isObject, type JsonObject, type SchemaNode } from '../schema/schema-node.ts';
import { FieldSet } from './field-set.ts';

/** The part of a type that field management needs. */
export interface ManagedType {
  readonly node: SchemaNode;
  readonly apiVersion: string;
  /** `status` is written through the subresource only. */
  readonly hasStatus: boolean;
  /** What the server gives a new object of itself, so that its creator does not own it. */
  readonly allocated?: FieldSet;
}

/** Fields that the server writes: nobody owns them. */
const SERVER_FIELDS = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
];

const NOBODYS: FieldSet = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...SERVER_FIELDS.map((name) => ['f:metadata', `f:${name}`]),
]);
const STATUS = setOf([['f:status']]);
const SPEC = setOf([['f:spec']]);

export function setOf(paths: readonly string[][]): FieldSet {
  const set = new FieldSet();
  for (const path of paths) set.insert(path);
  return set;
}

/** Leaves out what nobody owns, and what a write through this subresource cannot change. */
export function ownable(type: ManagedType, set: FieldSet, subresource: string | undefined): FieldSet {
  const own = set.difference(NOBODYS);
  if (!type.hasStatus) return own;
  if (subresource === undefined) return own.without(STATUS);
  return subresource === 'status' ? own.without(SPEC) : own;
}

export function withoutManagedFields<T extends { metadata: object }>(object: T): T {
  const { managedFields: _managedFields, ...metadata } = object.metadata as JsonObject;
  return { ...object, metadata };
}

/** What of an applied configuration counts on this path: `status` on its own, all but `status` elsewhere. */
export function relevantPart<T extends { metadata: object }>(
  type: ManagedType,
  applied: T,
  subresource: string | undefined,
): T {
  const { status, ...rest } = applied as T & { status?: unknown };
  if (!type.hasStatus || (subresource !== undefined && subresource !== 'status')) return applied;
  if (subresource === undefined) return rest as unknown as T;
  const { apiVersion, kind } = applied as JsonObject;
  const { name, namespace } = applied.metadata as JsonObject;
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return { apiVersion, kind, metadata, ...(isObject(status) && { status }) } as unknown as T;
}
