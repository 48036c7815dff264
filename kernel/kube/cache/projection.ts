import type { GroupVersionResource } from '../meta/group-version.ts';
import type { KubeObject } from '../meta/object.ts';
import { StringPool } from './string-pool.ts';

/** What a Secret's projection has in place of `data`: how long each value is. */
export interface SecretProjection extends KubeObject {
  readonly dataSizes: Readonly<Record<string, number>>;
}

export interface Projected<T extends KubeObject> {
  readonly object: T;
  /** Estimated bytes that this object adds to what is shared. */
  readonly bytes: number;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Strings of these fields are as good as never equal: looking for a copy costs and finds nothing. */
const UNIQUE_FIELDS = new Set(['uid', 'resourceVersion', 'containerID', 'podIP', 'ip']);
const INTERNED_LENGTH = 64;
const MAX_TEMPLATES = 4096;

/** Measured on Node 24 (64 bits, no pointer compression) with parsed JSON: headers, the slack that V8 leaves, slots, one byte a character. */
const OBJECT_BYTES = 48;
const SLOT_BYTES = 8;
const ARRAY_BYTES = 48;
const STRING_BYTES = 20;

/**
 * Makes what a cache keeps of objects: without managedFields and last-applied-configuration (read the full object through the
 * Client), Secret values replaced by their sizes, frozen throughout. Subtrees that equal those of the previous version,
 * or of the last object with the same owner, are the same objects (`===`); short strings have one copy.
 */
export class Projector {
  readonly #secret: boolean;
  readonly #strings = new StringPool();
  #templates = new Map<string, KubeObject>();
  #bytes = 0;

  constructor(gvr: GroupVersionResource) {
    this.#secret = gvr.group === '' && gvr.resource === 'secrets';
  }

  /** Takes `object` over: it is changed and frozen. */
  project<T extends KubeObject>(object: T, previous?: T): Projected<T> {
    const slim = withoutBulk(this.#secret ? (withoutValues(object) as KubeObject as T) : object);
    const owner = slim.metadata.ownerReferences?.[0]?.uid ?? '';
    const template = previous ?? this.#templates.get(owner);
    this.#bytes = 0;
    const adopted = this.#adopt(slim, template, '') as T;
    if (this.#templates.size >= MAX_TEMPLATES) this.#templates = new Map();
    this.#templates.set(owner, adopted);
    return { object: adopted, bytes: this.#bytes };
  }

  #adopt(value: unknown, like: unknown, field: string): unknown {
    if (typeof value === 'string') return value === like ? like : this.#string(value, field);
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value)
      ? this.#list(value, Array.isArray(like) ? like : undefined, field)
      : this.#object(value as Record<string, unknown>, isRecord(like) ? like : undefined);
  }

  #string(value: string, field: string): string {
    const pooled = value.length <= INTERNED_LENGTH && !UNIQUE_FIELDS.has(field);
    const { misses } = this.#strings;
    const kept = pooled ? this.#strings.intern(value) : value;
    if (!pooled || misses !== this.#strings.misses) this.#bytes += STRING_BYTES + value.length;
    return kept;
  }

  #list(value: unknown[], like: readonly unknown[] | undefined, field: string): readonly unknown[] {
    let same = value.length === like?.length;
    for (let index = 0; index < value.length; index += 1) {
      const known: unknown = like?.[index];
      const item = this.#adopt(value[index], known, field);
      value[index] = item;
      if (item !== known) same = false;
    }
    if (same && like) return like;
    this.#bytes += ARRAY_BYTES + SLOT_BYTES * value.length;
    return Object.freeze(value);
  }

  #object(
    value: Record<string, unknown>,
    like: Readonly<Record<string, unknown>> | undefined,
  ): Readonly<Record<string, unknown>> {
    let same = like !== undefined;
    let count = 0;
    for (const key in value) {
      const old = value[key];
      const known = like?.[key];
      const item = this.#adopt(old, known, key);
      if (item !== old) value[key] = item;
      if (item !== known) same = false;
      count += 1;
    }
    if (same && like && countKeys(like) === count) return like;
    this.#bytes += OBJECT_BYTES + SLOT_BYTES * count;
    return Object.freeze(value);
  }
}

function countKeys(object: object): number {
  let count = 0;
  // eslint-disable-next-line guard-for-in -- parsed JSON has own members only
  for (const _ in object) count += 1;
  return count;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutBulk<T extends KubeObject>(object: T): T {
  const { metadata } = object;
  if (metadata.managedFields !== undefined) {
    const { managedFields: _, ...rest } = metadata;
    object.metadata = rest;
  }
  if (metadata.annotations?.[LAST_APPLIED] !== undefined) {
    const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations;
    object.metadata = { ...object.metadata, annotations };
  }
  return object;
}

function withoutValues(secret: KubeObject): SecretProjection {
  const { data, stringData, ...rest } = secret;
  const sizes: Record<string, number> = {};
  for (const [key, value] of Object.entries(isRecord(data) ? data : {}))
    sizes[key] = decodedBytes(String(value));
  for (const [key, value] of Object.entries(isRecord(stringData) ? stringData : {})) {
    sizes[key] = Buffer.byteLength(String(value));
  }
  return { ...rest, metadata: rest.metadata, dataSizes: sizes };
}

/** Bytes that base64 text stands for. */
function decodedBytes(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor((base64.length * 3) / 4) - padding;
}
