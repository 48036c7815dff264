import type { FieldErrors } from './field-errors.ts';
import { child, element, pathOf } from './field-path.ts';
import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import { checkLabelValue, checkQualifiedName } from './names.ts';
import type { JsonObject } from './schema-node.ts';

const METADATA = pathOf('metadata');
const LABELS = pathOf('metadata', 'labels');
const ANNOTATIONS = pathOf('metadata', 'annotations');
/** All annotations together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;
const STANDARD_FINALIZERS = new Set(['foregroundDeletion', 'orphan', 'kubernetes']);
const IMMUTABLE = ['name', 'namespace', 'uid', 'creationTimestamp'];

/** What all objects have in common, but for their names, which depend on the resource: labels, annotations, owners, finalizers, and what never changes. */
export function checkMetadata(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  const metadata = objectAt(object, 'metadata') ?? {};
  // Kinds outside of the core group may have finalizers without a slash, as CustomResourceDefinitions do.
  const inCore = textAt(object, 'apiVersion') === 'v1';
  checkLabels(metadata, errors);
  checkAnnotations(metadata, errors);
  for (const [index, finalizer] of textsAt(metadata, 'finalizers').entries()) {
    const wrong = checkQualifiedName(finalizer);
    const at = element(child(METADATA, 'finalizers'), index);
    if (wrong !== undefined) errors.invalid(at, finalizer, wrong);
    else if (inCore && !finalizer.includes('/') && !STANDARD_FINALIZERS.has(finalizer))
      errors.invalid(at, finalizer, 'name is neither a standard finalizer name nor is it fully qualified');
  }
  checkOwners(metadata, errors);
  if (old) checkUnchanged(metadata, objectAt(old, 'metadata') ?? {}, errors);
}

function checkLabels(metadata: JsonObject, errors: FieldErrors, path = LABELS): void {
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
  for (const owner of owners)
    for (const field of ['apiVersion', 'kind', 'name', 'uid'])
      if ((textAt(owner, field) ?? '') === '')
        errors.invalid(child(path, field), owner[field] ?? '', 'must not be empty');
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
