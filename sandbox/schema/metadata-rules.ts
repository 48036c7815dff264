import type { FieldErrors } from './field-errors.ts';
import { child, element, pathOf } from './field-path.ts';
import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import { checkLabelValue, checkName, checkQualifiedName, type NameSyntax } from './names.ts';
import type { JsonObject } from './schema-node.ts';

const METADATA = pathOf('metadata');
const LABELS = pathOf('metadata', 'labels');
const ANNOTATIONS = pathOf('metadata', 'annotations');
/** All annotations together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;
const IMMUTABLE = ['name', 'namespace', 'uid', 'creationTimestamp'];

const SYNTAX_BY_KIND: Readonly<Record<string, NameSyntax>> = {
  '/Namespace': 'label',
  '/Service': 'label1035',
  'rbac.authorization.k8s.io/Role': 'path',
  'rbac.authorization.k8s.io/ClusterRole': 'path',
  'rbac.authorization.k8s.io/RoleBinding': 'path',
  'rbac.authorization.k8s.io/ClusterRoleBinding': 'path',
  'certificates.k8s.io/CertificateSigningRequest': 'subdomain',
};

/** What all objects have in common: names, labels, annotations, owners, finalizers, and what never changes. */
export function checkMetadata(
  kind: { group: string; kind: string },
  object: JsonObject,
  old: JsonObject | undefined,
  errors: FieldErrors,
): void {
  const metadata = objectAt(object, 'metadata') ?? {};
  checkObjectName(SYNTAX_BY_KIND[`${kind.group}/${kind.kind}`] ?? 'subdomain', metadata, errors);
  checkLabels(metadata, errors);
  checkAnnotations(metadata, errors);
  for (const [index, finalizer] of textsAt(metadata, 'finalizers').entries()) {
    const wrong = checkQualifiedName(finalizer);
    if (wrong !== undefined) errors.invalid(element(child(METADATA, 'finalizers'), index), finalizer, wrong);
  }
  checkOwners(metadata, errors);
  if (old) checkUnchanged(metadata, objectAt(old, 'metadata') ?? {}, errors);
}

function checkObjectName(syntax: NameSyntax, metadata: JsonObject, errors: FieldErrors): void {
  const name = textAt(metadata, 'name') ?? '';
  const path = child(METADATA, 'name');
  if (name === '') {
    errors.required(path, 'name or generateName is required');
    return;
  }
  const wrong = checkName(syntax, name);
  if (wrong !== undefined) errors.invalid(path, name, wrong);
}

export function checkLabels(metadata: JsonObject, errors: FieldErrors, path = LABELS): void {
  for (const [key, value] of Object.entries(objectAt(metadata, 'labels') ?? {})) {
    const wrongKey = checkQualifiedName(key);
    if (wrongKey !== undefined) errors.invalid(path, key, wrongKey);
    const wrongValue = checkLabelValue(String(value));
    if (wrongValue !== undefined) errors.invalid(path, value, wrongValue);
  }
}

function checkAnnotations(metadata: JsonObject, errors: FieldErrors): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(objectAt(metadata, 'annotations') ?? {})) {
    const wrong = checkQualifiedName(key.toLowerCase());
    if (wrong !== undefined) errors.invalid(ANNOTATIONS, key, wrong);
    bytes += Buffer.byteLength(key) + Buffer.byteLength(String(value));
  }
  if (bytes > MAX_ANNOTATION_BYTES) errors.tooLong(ANNOTATIONS, MAX_ANNOTATION_BYTES);
}

function checkOwners(metadata: JsonObject, errors: FieldErrors): void {
  const path = child(METADATA, 'ownerReferences');
  const owners = objectsAt(metadata, 'ownerReferences');
  for (const [index, owner] of owners.entries())
    for (const field of ['apiVersion', 'kind', 'name', 'uid'])
      if ((textAt(owner, field) ?? '') === '')
        errors.invalid(child(element(path, index), field), owner[field] ?? '', `${field} must not be empty`);
  const controllers = owners.filter((owner) => owner['controller'] === true);
  if (controllers.length > 1)
    errors.invalid(
      path,
      owners,
      `Only one reference can have Controller set to true. Found "true" in references for ${controllers
        .slice(0, 2)
        .map((owner) => `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`)
        .join(' and ')}`,
    );
}

function checkUnchanged(metadata: JsonObject, old: JsonObject, errors: FieldErrors): void {
  for (const field of IMMUTABLE)
    if (old[field] !== undefined && metadata[field] !== old[field])
      errors.invalid(child(METADATA, field), metadata[field], 'field is immutable');
}
