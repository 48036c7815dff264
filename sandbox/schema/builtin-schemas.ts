import { formatGroupVersion, type GroupVersionKind } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';

import { strategicMerge } from '../patch/strategic-merge.ts';
import { applyConfiguration } from '../patch/apply.ts';
import { trackUpdate } from '../patch/managed-fields.ts';
import { setOf, type ManagedType } from '../patch/managed-type.ts';
import { applyBuiltinDefaults } from './builtin-defaults.ts';
import { builtinFacts } from './builtin-facts.ts';
import { checkBuiltinRules } from './builtin-rules.ts';
import { decodeBuiltin } from './decode.ts';
import { FieldErrors } from './field-errors.ts';
import { checkRequired } from './required-rules.ts';
import type { SchemaNode } from './schema-node.ts';
import type { TypeSchema } from './type-schema.ts';

const schemas = new Map<string, TypeSchema>();
const SERVICE_ALLOCATED = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'];

/** What is known of a kind that Kubernetes 1.34 has itself; undefined for any other. The same object every time. */
export function builtinSchema(gvk: GroupVersionKind): TypeSchema | undefined {
  const key = `${formatGroupVersion(gvk)}/${gvk.kind}`;
  const known = schemas.get(key);
  if (known) return known;
  const node = builtinFacts().ofKind(gvk);
  if (!node) return undefined;
  const schema = createBuiltinSchema(gvk, node);
  schemas.set(key, schema);
  return schema;
}

function createBuiltinSchema(gvk: GroupVersionKind, node: SchemaNode): TypeSchema {
  const type: ManagedType = {
    node,
    apiVersion: formatGroupVersion(gvk),
    hasStatus: node.fields?.['status'] !== undefined,
    ...(gvk.group === '' &&
      gvk.kind === 'Service' && {
        allocated: setOf(SERVICE_ALLOCATED.map((field) => ['f:spec', `f:${field}`])),
      }),
  };
  return {
    applyDefaults: (object) => applyBuiltinDefaults(gvk, object),
    prune: (object) => decodeBuiltin(node, object, gvk),
    validate: (object, old) => {
      const errors = new FieldErrors();
      checkRequired(node, object, undefined, errors);
      checkBuiltinRules(gvk, object, old, errors);
      return errors.list;
    },
    strategicMerge: (object, patch) => strategicMerge(node, object, patch) as KubeObject,
    apply: (live, applied, options) => applyConfiguration(type, live, applied, options),
    trackUpdate: (before, after, options) => trackUpdate(type, before, after, options),
  };
}
