import type { GroupVersionKind } from '@krateyard/kube/meta/group-version';
import { parseGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { badRequest } from '../api-errors.ts';
import { messageType, type MessageField, type MessageType } from './message-types.ts';
import { readFields, type WireField } from './wire-reader.ts';

/** What Kubernetes' protobuf bodies start with, before a `runtime.Unknown`. */
const MAGIC = Buffer.from('k8s\0');

/** Groups whose messages live in a package that is not named for the group's first word. */
const PACKAGES: Readonly<Record<string, string>> = { '': 'core', 'meta.k8s.io': 'meta' };

/** Message types that JSON writes as something other than an object. */
const SPECIAL: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  'resource.Quantity': (bytes) => textOf(bytes, 1) ?? '0',
  'meta.Time': (bytes) => timeOf(bytes, 0),
  'meta.MicroTime': (bytes) => timeOf(bytes, 6),
  'intstr.IntOrString': (bytes) => {
    const fields = new Map([...readFields(bytes)].map(({ number, value }) => [number, value]));
    return fields.get(1) === 1n ? String(fields.get(3) ?? '') : Number(fields.get(2) ?? 0n);
  },
  'meta.FieldsV1': (bytes) => rawJson(bytes),
  'runtime.RawExtension': (bytes) => rawJson(bytes),
  'apiextensions.v1.JSON': (bytes) => rawJson(bytes),
  'meta.Duration': (bytes) => `${Number([...readFields(bytes)][0]?.value ?? 0n) / 1e9}s`,
  'meta.Verbs': (bytes) => texts(bytes),
  'authorization.v1.ExtraValue': (bytes) => texts(bytes),
  'authentication.v1.ExtraValue': (bytes) => texts(bytes),
  'certificates.v1.ExtraValue': (bytes) => texts(bytes),
  'apiextensions.v1.JSONSchemaPropsOrArray': (bytes) => either(bytes, 'schema', 'jSONSchemas'),
  'apiextensions.v1.JSONSchemaPropsOrBool': (bytes) => either(bytes, 'schema', 'allows'),
  'apiextensions.v1.JSONSchemaPropsOrStringArray': (bytes) => either(bytes, 'schema', 'property'),
};

/** Reads an object of a built-in kind from `application/vnd.kubernetes.protobuf`. Throws BadRequest for anything else. */
export function decodeProtobufObject(body: Buffer): KubeObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  try {
    const { apiVersion, kind, raw } = readEnvelope(body.subarray(MAGIC.length));
    const type = messageType(typeName({ ...parseGroupVersion(apiVersion), kind }));
    if (!type)
      throw badRequest(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`,
      );
    return { kind, apiVersion, metadata: {}, ...decodeMessage(type, raw) };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`error decoding protobuf: ${error.message}`);
    throw error;
  }
}

function typeName({ group, version, kind }: GroupVersionKind): string {
  if (kind === 'DeleteOptions') return 'meta.DeleteOptions';
  return `${PACKAGES[group] ?? group.split('.')[0]}.${version}.${kind}`;
}

function readEnvelope(bytes: Buffer): { apiVersion: string; kind: string; raw: Buffer } {
  let type: Buffer = Buffer.alloc(0);
  let raw: Buffer = Buffer.alloc(0);
  for (const { number, value } of readFields(bytes)) {
    if (number === 1 && Buffer.isBuffer(value)) type = value;
    if (number === 2 && Buffer.isBuffer(value)) raw = value;
  }
  return { apiVersion: textOf(type, 1) ?? '', kind: textOf(type, 2) ?? '', raw };
}

function decodeMessage(type: MessageType, bytes: Buffer): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes)) {
    const field = type.get(number);
    if (field) addField(object, field, value);
  }
  return object;
}

function addField(object: Record<string, unknown>, field: MessageField, value: WireField['value']): void {
  if (field.shape === 'map') {
    const [key, item] = mapEntry(field, value as Buffer);
    (object[field.name] ??= {}) as object;
    Object.defineProperty(object[field.name], key, {
      value: item,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    return;
  }
  const item = decodeValue(field.type, value);
  if (field.shape === 'list') {
    const list = (object[field.name] ??= []) as unknown[];
    list.push(item);
  } else if (field.inline && typeof item === 'object') Object.assign(object, item);
  else if (field.pointer || !isZero(item)) object[field.name] = item;
}

/** Maps are lists of pairs; a value that is not there is its type's zero. */
function mapEntry(field: MessageField, bytes: Buffer): [string, unknown] {
  const fields = new Map([...readFields(bytes)].map(({ number, value }) => [number, value]));
  const zero = field.type === 'i' || field.type === 'b' ? 0n : Buffer.alloc(0);
  return [(fields.get(1) ?? '').toString(), decodeValue(field.type, fields.get(2) ?? zero)];
}

function decodeValue(type: string, value: WireField['value']): unknown {
  if (typeof value === 'bigint') return type === 'b' ? value !== 0n : Number(value);
  switch (type) {
    case 's':
      return value.toString('utf8');
    case 'y':
      return value.toString('base64');
    case 'd':
      return value.readDoubleLE(0);
    default: {
      const special = SPECIAL[type];
      if (special) return special(value);
      const known = messageType(type);
      return known ? decodeMessage(known, value) : undefined;
    }
  }
}

/** Go leaves these out of JSON (`omitempty`), or they say nothing that absence does not. */
function isZero(value: unknown): boolean {
  if (value === '' || value === 0 || value === false || value === undefined || value === null) return true;
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0;
}

function textOf(bytes: Buffer, number: number): string | undefined {
  for (const field of readFields(bytes))
    if (field.number === number && Buffer.isBuffer(field.value)) return field.value.toString('utf8');
  return undefined;
}

const texts = (bytes: Buffer): string[] => [...readFields(bytes)].map(({ value }) => value.toString());

function rawJson(bytes: Buffer): unknown {
  const text = textOf(bytes, 1);
  return text === undefined || text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Seconds and nanoseconds since 1970; the zero time is an absent one. */
function timeOf(bytes: Buffer, digits: 0 | 6): string | undefined {
  const fields = new Map([...readFields(bytes)].map(({ number, value }) => [number, value]));
  const seconds = Number(fields.get(1) ?? 0n);
  if (seconds <= 0) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  const micros = Math.floor(Number(fields.get(2) ?? 0n) / 1000);
  return digits === 6 ? `${text}.${String(micros).padStart(6, '0')}Z` : `${text}Z`;
}

/** Unions that JSON tells apart by their look alone. */
function either(bytes: Buffer, first: string, second: string): unknown {
  const fields = [...readFields(bytes)];
  const schema = messageType('apiextensions.v1.JSONSchemaProps')!;
  const decode = (value: WireField['value']): unknown => decodeMessage(schema, value as Buffer);
  if (second === 'allows') {
    const props = fields.find(({ number }) => number === 2);
    return props ? decode(props.value) : fields.some(({ number, value }) => number === 1 && value !== 0n);
  }
  const one = fields.find(({ number }) => number === 1);
  if (one && first === 'schema') return decode(one.value);
  const rest = fields.filter(({ number }) => number === 2).map(({ value }) => value);
  return second === 'property' ? rest.map(String) : rest.map(decode);
}
