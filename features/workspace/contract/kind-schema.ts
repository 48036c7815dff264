import { Type, type Static } from 'typebox';

/** What is known of one field: OpenAPI, trimmed to what an editor says. All parts optional. */
export interface SchemaNode {
  /** Name of a definition, whose parts count where this node has none. */
  readonly ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string';
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Of what an object's other fields are (a map). */
  readonly additional?: SchemaNode;
  readonly items?: SchemaNode;
  readonly required?: readonly string[];
  readonly values?: readonly (string | number | boolean | null)[];
  readonly standard?: unknown;
  /** Fields that stand nowhere here are kept by the API server. */
  readonly open?: boolean;
}

/** `GET /api/schema?kind=`: the schema of one kind, and every definition that it reaches. */
export interface KindSchema {
  readonly root: SchemaNode;
  readonly definitions: Readonly<Record<string, SchemaNode>>;
}

export const KindSchema = Type.Unsafe<KindSchema>(
  Type.Object({ root: Type.Object({}, { additionalProperties: true }) }, { additionalProperties: true }),
);

export const SchemaQuery = Type.Object({ kind: Type.String({ minLength: 1, maxLength: 400 }) });
export type SchemaQuery = Static<typeof SchemaQuery>;
