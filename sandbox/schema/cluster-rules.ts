import { quantityValue } from '@krateyard/kube/meta/quantity';

import { equalJson } from '../store/json-value.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, element, mapKey, pathOf } from './field-path.ts';
import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import { checkConfigKey } from './names.ts';
import type { JsonObject } from './schema-node.ts';
import { checkAtLeast, checkNotNegative } from './value-rules.ts';

type Rule = (object: JsonObject, old: JsonObject | undefined, errors: FieldErrors) => void;

const SPEC = pathOf('spec');
/** All values of a ConfigMap or Secret together. */
const MAX_CONTENT_BYTES = 1024 * 1024;
const specOf = (object: JsonObject | undefined): JsonObject => objectAt(object, 'spec') ?? {};

function checkKeys(object: JsonObject, field: string, errors: FieldErrors): void {
  for (const key of Object.keys(objectAt(object, field) ?? {})) {
    const wrong = checkConfigKey(key);
    if (wrong !== undefined) errors.invalid(mapKey(pathOf(field), key), key, wrong);
  }
}

function checkFrozen(
  object: JsonObject,
  old: JsonObject | undefined,
  fields: string[],
  errors: FieldErrors,
): void {
  if (old?.['immutable'] !== true) return;
  const changed = fields.filter((field) => !equalJson(object[field], old[field]));
  if (object['immutable'] !== true) changed.unshift('immutable');
  for (const field of changed) errors.forbidden(pathOf(field), 'field is immutable when `immutable` is set');
}

const sizeOf = (content: JsonObject | undefined): number =>
  Object.values(content ?? {}).reduce<number>((sum, value) => sum + String(value).length, 0);

const configMap: Rule = (object, old, errors) => {
  for (const field of ['data', 'binaryData']) checkKeys(object, field, errors);
  const binary = objectAt(object, 'binaryData') ?? {};
  for (const key of Object.keys(objectAt(object, 'data') ?? {}))
    if (Object.hasOwn(binary, key))
      errors.invalid(mapKey(pathOf('data'), key), key, 'duplicate of key present in binaryData');
  if (sizeOf(objectAt(object, 'data')) + sizeOf(binary) > MAX_CONTENT_BYTES)
    errors.tooLong(undefined, MAX_CONTENT_BYTES);
  checkFrozen(object, old, ['data', 'binaryData'], errors);
};

const REQUIRED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

const secret: Rule = (object, old, errors) => {
  checkKeys(object, 'data', errors);
  const content = objectAt(object, 'data') ?? {};
  for (const key of REQUIRED_KEYS[String(object['type'])] ?? [])
    if (!Object.hasOwn(content, key)) errors.required(mapKey(pathOf('data'), key));
  if (sizeOf(content) * 0.75 > MAX_CONTENT_BYTES) errors.tooLong(pathOf('data'), MAX_CONTENT_BYTES);
  if (old && object['type'] !== old['type'])
    errors.invalid(pathOf('type'), object['type'], 'field is immutable');
  checkFrozen(object, old, ['data'], errors);
};

const volumeClaim: Rule = (object, old, errors) => {
  const spec = specOf(object);
  if (textsAt(spec, 'accessModes').length === 0)
    errors.required(child(SPEC, 'accessModes'), 'at least 1 access mode is required');
  const size = textAt(objectAt(objectAt(spec, 'resources'), 'requests'), 'storage');
  const path = mapKey(child(SPEC, 'resources'), 'storage');
  if (size === undefined) errors.required(path);
  else if (quantityValue(size) <= 0) errors.invalid(path, size, 'must be greater than zero');
  if (!old) return;
  const before = { ...specOf(old), resources: spec['resources'] } as JsonObject;
  for (const field of ['volumeAttributesClassName', 'volumeName', 'storageClassName'])
    if (field === 'volumeAttributesClassName' || before[field] === undefined)
      if (spec[field] === undefined) delete before[field];
      else before[field] = spec[field];
  if (!equalJson(before, spec))
    errors.forbidden(
      SPEC,
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
    );
};

const NO_VOLUME_TYPES = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

const volume: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  if (textsAt(spec, 'accessModes').length === 0) errors.required(child(SPEC, 'accessModes'));
  if (objectAt(spec, 'capacity')?.['storage'] === undefined) errors.required(child(SPEC, 'capacity'));
  if (!Object.keys(spec).some((key) => !NO_VOLUME_TYPES.has(key)))
    errors.required(SPEC, 'must specify a volume type');
};

const storageClass: Rule = (object, old, errors) => {
  if (object['reclaimPolicy'] === 'Recycle')
    errors.unsupported(pathOf('reclaimPolicy'), 'Recycle', ['Delete', 'Retain']);
  if (!old) return;
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'])
    if (!equalJson(object[field], old[field]))
      errors.forbidden(pathOf(field), `updates to ${field} are forbidden.`);
};

const COUNTED =
  /^(pods|services|secrets|configmaps|persistentvolumeclaims|replicationcontrollers|resourcequotas|services\..+|count\/.+)$/;
const QUOTAS = /^((requests\.|limits\.)?(cpu|memory|storage|ephemeral-storage)|requests\..+|limits\..+)$/;

const resourceQuota: Rule = (object, _old, errors) => {
  for (const [name, value] of Object.entries(objectAt(specOf(object), 'hard') ?? {})) {
    const path = mapKey(child(SPEC, 'hard'), name);
    if (!COUNTED.test(name) && !QUOTAS.test(name) && !name.includes('/')) {
      errors.invalid(path, name, 'must be a standard resource type or fully qualified');
      errors.invalid(path, name, 'must be a standard resource for quota');
    }
    checkNotNegative(value, path, errors);
    if (COUNTED.test(name) && !Number.isInteger(quantityValue(String(value))))
      errors.invalid(path, value, 'must be an integer');
  }
};

const limitRange: Rule = (object, _old, errors) => {
  for (const [index, limit] of objectsAt(specOf(object), 'limits').entries()) {
    const at = element(child(SPEC, 'limits'), index);
    const maximum = objectAt(limit, 'max') ?? {};
    for (const [name, value] of Object.entries(objectAt(limit, 'min') ?? {})) {
      const most = textAt(maximum, name);
      if (most !== undefined && quantityValue(String(value)) > quantityValue(most))
        errors.invalid(
          mapKey(child(at, 'min'), name),
          value,
          `min value ${String(value)} is greater than max value ${most}`,
        );
    }
  }
};

function checkPolicyRules(object: JsonObject, namespaced: boolean, errors: FieldErrors): void {
  for (const [index, rule] of objectsAt(object, 'rules').entries()) {
    const at = element(pathOf('rules'), index);
    if (textsAt(rule, 'verbs').length === 0)
      errors.required(child(at, 'verbs'), 'verbs must contain at least one value');
    if (textsAt(rule, 'nonResourceURLs').length > 0) {
      if (namespaced)
        errors.invalid(
          child(at, 'nonResourceURLs'),
          rule['nonResourceURLs'],
          'namespaced rules cannot apply to non-resource URLs',
        );
      continue;
    }
    if (textsAt(rule, 'apiGroups').length === 0)
      errors.required(child(at, 'apiGroups'), 'resource rules must supply at least one api group');
    if (textsAt(rule, 'resources').length === 0)
      errors.required(child(at, 'resources'), 'resource rules must supply at least one resource');
  }
}

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

function checkBinding(roles: readonly string[]): Rule {
  return (object, old, errors) => {
    const role = objectAt(object, 'roleRef') ?? {};
    if (textAt(role, 'kind') && !roles.includes(String(role['kind'])))
      errors.unsupported(pathOf('roleRef', 'kind'), role['kind'], roles);
    if (role['apiGroup'] !== undefined && role['apiGroup'] !== 'rbac.authorization.k8s.io')
      errors.unsupported(pathOf('roleRef', 'apiGroup'), role['apiGroup'], ['rbac.authorization.k8s.io']);
    for (const [index, subject] of objectsAt(object, 'subjects').entries()) {
      const at = element(pathOf('subjects'), index);
      if (!SUBJECTS.includes(String(subject['kind'])))
        errors.unsupported(child(at, 'kind'), subject['kind'], SUBJECTS);
      if (subject['kind'] === 'ServiceAccount' && !textAt(subject, 'namespace'))
        errors.required(child(at, 'namespace'));
    }
    if (old && !equalJson(object['roleRef'], old['roleRef']))
      errors.invalid(pathOf('roleRef'), object['roleRef'], 'cannot change roleRef');
  };
}

const priorityClass: Rule = (object, old, errors) => {
  const name = textAt(objectAt(object, 'metadata'), 'name') ?? '';
  if (name.startsWith('system-') && !/^system-(node|cluster)-critical$/.test(name))
    errors.forbidden(
      pathOf('metadata', 'name'),
      `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
    );
  if (old && object['value'] !== old['value'])
    errors.forbidden(pathOf('value'), 'may not be changed in an update.');
};

const lease: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  checkAtLeast(spec['leaseDurationSeconds'], 1, child(SPEC, 'leaseDurationSeconds'), errors);
  checkAtLeast(spec['leaseTransitions'], 0, child(SPEC, 'leaseTransitions'), errors);
};

const event: Rule = (object, _old, errors) => {
  const about = textAt(objectAt(object, 'involvedObject'), 'namespace') ?? '';
  const own = textAt(objectAt(object, 'metadata'), 'namespace') ?? '';
  if (about !== '' && about !== own)
    errors.invalid(pathOf('involvedObject', 'namespace'), about, 'does not match event.namespace');
};

export const CLUSTER_RULES: Readonly<Record<string, Rule>> = {
  '/ConfigMap': configMap,
  '/Secret': secret,
  '/PersistentVolumeClaim': volumeClaim,
  '/PersistentVolume': volume,
  '/ResourceQuota': resourceQuota,
  '/LimitRange': limitRange,
  '/Event': event,
  'storage.k8s.io/StorageClass': storageClass,
  'rbac.authorization.k8s.io/Role': (object, _old, errors) => checkPolicyRules(object, true, errors),
  'rbac.authorization.k8s.io/ClusterRole': (object, _old, errors) => checkPolicyRules(object, false, errors),
  'rbac.authorization.k8s.io/RoleBinding': checkBinding(['Role', 'ClusterRole']),
  'rbac.authorization.k8s.io/ClusterRoleBinding': checkBinding(['ClusterRole']),
  'scheduling.k8s.io/PriorityClass': priorityClass,
  'coordination.k8s.io/Lease': lease,
};
