import { isObject, type JsonObject } from '../schema-node.ts';

/**
 * An OpenAPI v2 document as `openapi.v2.Document` of gnostic's protobuf types, in which kubectl wants it for what it checks by
 * itself (a `kind: List`). Only what describes types is there: no paths, no parameters.
 * Field numbers: https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
 */
export function encodeGnostic(document: object): Buffer {
  const { swagger, info, definitions } = document as JsonObject;
  return message([
    text(1, swagger),
    isObject(info) ? nested(2, [text(1, info['title']), text(2, info['version'])]) : NOTHING,
    nested(9, namedSchemas(definitions)),
  ]);
}

export const GNOSTIC_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const NOTHING = Buffer.alloc(0);
const DOUBLE = 1;
const BYTES = 2;

function schema(of: JsonObject): Buffer[] {
  return [
    text(1, of['$ref']),
    text(2, of['format']),
    text(4, of['description']),
    double(7, of['maximum']),
    double(9, of['minimum']),
    integer(11, of['maxLength']),
    integer(12, of['minLength']),
    text(13, of['pattern']),
    integer(14, of['maxItems']),
    integer(15, of['minItems']),
    ...texts(19, of['required']),
    ...list(of['enum']).map((value) => nested(20, yaml(value))),
    additional(of['additionalProperties']),
    of['type'] === undefined ? NOTHING : nested(22, texts(1, [of['type']].flat())),
    isObject(of['items']) ? nested(23, [nested(1, schema(of['items']))]) : NOTHING,
    ...list(of['allOf']).map((part) => nested(24, schema(part as JsonObject))),
    of['properties'] === undefined ? NOTHING : nested(25, namedSchemas(of['properties'])),
    ...Object.entries(of)
      .filter(([key]) => key.startsWith('x-'))
      .map(([key, value]) => nested(31, [text(1, key), nested(2, yaml(value))])),
  ];
}

function additional(value: unknown): Buffer {
  if (value === true) return nested(21, [integer(2, 1)]);
  return isObject(value) ? nested(21, [nested(1, schema(value))]) : NOTHING;
}

function namedSchemas(schemas: unknown): Buffer[] {
  const entries = Object.entries((schemas ?? {}) as Record<string, JsonObject>);
  return entries.map(([name, value]) => nested(1, [text(1, name), nested(2, schema(value))]));
}

/** A value of any kind stands as YAML, of which JSON is a part. */
const yaml = (value: unknown): Buffer[] => [text(2, JSON.stringify(value))];

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const texts = (field: number, values: unknown): Buffer[] => list(values).map((value) => text(field, value));
const nested = (field: number, parts: readonly Buffer[]): Buffer => bytes(field, message(parts));
const message = (parts: readonly Buffer[]): Buffer => Buffer.concat(parts);

function text(field: number, value: unknown): Buffer {
  return typeof value === 'string' ? bytes(field, Buffer.from(value)) : NOTHING;
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + BYTES), varint(value.length), value]);
}

function integer(field: number, value: unknown): Buffer {
  if (typeof value !== 'number' || value < 0) return NOTHING;
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function double(field: number, value: unknown): Buffer {
  if (typeof value !== 'number') return NOTHING;
  const bits = Buffer.alloc(8);
  bits.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + DOUBLE), bits]);
}

/** Seven bits a byte, lowest first; the highest bit says that more follow. */
function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
  return Buffer.from(out);
}
