import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';

import { applyConfiguration } from '../patch/apply.ts';
import { trackUpdate } from '../patch/managed-fields.ts';
import { objectMetaNode } from './builtin-facts.ts';
import { applyStructuralDefaults } from './crd-defaults.ts';
import { rootNodeFromJsonSchema } from './crd-node.ts';
import { checkStructural } from './crd-values.ts';
import { decodeBuiltin } from './decode.ts';
import { FieldErrors } from './field-errors.ts';
import { objectAt, objectsAt, textAt } from './json-access.ts';
import { checkMetadata } from './metadata-rules.ts';
import { pruneUnknown } from './prune.ts';
import { isObject, type JsonObject, type SchemaNode } from './schema-node.ts';
import type { TypeSchema } from './type-schema.ts';

/**
 * The schema of one version of a CustomResourceDefinition. A definition whose schema is malformed gives one that knows only
 * metadata: definitions are validated before they are stored.
 */
export function schemaFromCrd(crd: KubeObject, versionName: string): TypeSchema {
  const spec = objectAt(crd, 'spec');
  const version = objectsAt(spec, 'versions').find((at) => at['name'] === versionName);
  const jsonSchema = objectAt(objectAt(version, 'schema'), 'openAPIV3Schema') ?? { type: 'object' };
  const node = rootNodeFromJsonSchema(
    spec?.['preserveUnknownFields'] === true
      ? { ...jsonSchema, 'x-kubernetes-preserve-unknown-fields': true }
      : jsonSchema,
  );
  return createCustomSchema({
    node,
    group: textAt(spec, 'group') ?? '',
    version: versionName,
    kind: textAt(objectAt(spec, 'names'), 'kind') ?? '',
    hasStatus: objectAt(objectAt(version, 'subresources'), 'status') !== undefined,
    namespaced: spec?.['scope'] === 'Namespaced',
  });
}

interface CustomType {
  readonly node: SchemaNode;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly hasStatus: boolean;
  readonly namespaced: boolean;
}

function createCustomSchema(custom: CustomType): TypeSchema {
  const { node, kind, version } = custom;
  const type = { node, apiVersion: `${custom.group}/${version}`, hasStatus: custom.hasStatus };
  return {
    applyDefaults: (object) => applyStructuralDefaults(node, object),
    prune: (object) => [...pruneMetadata(object, kind, version), ...pruneUnknown(node, object, custom)],
    validate: (object, old) => {
      const errors = new FieldErrors();
      checkMetadata(object, old, errors);
      checkStructural(node, object, errors);
      return errors.list;
    },
    strategicMerge: () => {
      throw new StatusError(
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, ' +
          'application/merge-patch+json, application/apply-patch+yaml',
      );
    },
    apply: (live, applied, options) => applyConfiguration(type, live, applied, options),
    trackUpdate: (before, after, options) => trackUpdate(type, before, after, options),
  };
}

function pruneMetadata(object: JsonObject, kind: string, version: string): string[] {
  const { metadata } = object;
  if (!isObject(metadata)) return [];
  return decodeBuiltin(objectMetaNode(), metadata, { kind, version }).map((path) => `metadata.${path}`);
}
