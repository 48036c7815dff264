import type { SchemaSource } from './api/schema-source.ts';
import { schemaless } from './api/schemaless.ts';
import { schemaFromCrd } from './schema/crd-schema.ts';
import { builtinSchema } from './schema/builtin-schemas.ts';

/** Schemas of built-in kinds and of CustomResourceDefinitions. */
export const schemaSource: SchemaSource = {
  builtin: (gvk) => builtinSchema(gvk) ?? schemaless,
  custom: (crd, version) => schemaFromCrd(crd, version),
};
