/** CustomResourceDefinitions: consistent with themselves, and their schemas structural. */
import { equalJson } from '../store/json-value.ts';
import { checkStructuralSchema } from './crd-schema-rules.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, element, pathOf, type FieldPath } from './field-path.ts';
import { objectAt, objectsAt, textAt, textsAt } from './json-access.ts';
import { checkName } from './names.ts';
import { isObject, type JsonObject } from './schema-node.ts';

type Path = FieldPath | undefined;

const SPEC = pathOf('spec');
const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

export function checkCustomResourceDefinition(
  crd: JsonObject,
  old: JsonObject | undefined,
  errors: FieldErrors,
): void {
  const spec = objectAt(crd, 'spec') ?? {};
  const names = objectAt(spec, 'names') ?? {};
  const [group, plural] = [textAt(spec, 'group') ?? '', textAt(names, 'plural') ?? ''];
  const name = textAt(objectAt(crd, 'metadata'), 'name') ?? '';
  if (name !== `${plural}.${group}`)
    errors.invalid(pathOf('metadata', 'name'), name, 'must be spec.names.plural+"."+spec.group');
  checkGroup(group, errors);
  if (!['Cluster', 'Namespaced'].includes(String(spec['scope'])))
    errors.unsupported(child(SPEC, 'scope'), spec['scope'] ?? '', ['Cluster', 'Namespaced']);
  checkNames(names, errors);
  checkVersions(spec, errors);
  checkStored(crd, spec, errors);
  if (old) checkUnchanged(spec, objectAt(old, 'spec') ?? {}, errors);
}

function checkGroup(group: string, errors: FieldErrors): void {
  const path = child(SPEC, 'group');
  if (group === '') {
    errors.required(path);
    return;
  }
  const wrong = checkName('subdomain', group);
  if (wrong !== undefined) errors.invalid(path, group, wrong);
  else if (!group.includes('.')) errors.invalid(path, group, 'should be a domain with at least one dot');
}

function checkNames(names: JsonObject, errors: FieldErrors): void {
  const path = pathOf('spec', 'names');
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const text = textAt(names, field) ?? '';
    if (text === '') {
      if (field === 'singular' || field === 'listKind') errors.required(child(path, field));
      continue;
    }
    const wrong = checkName('label1035', field.toLowerCase().endsWith('kind') ? text.toLowerCase() : text);
    if (wrong !== undefined) errors.invalid(child(path, field), text, wrong);
  }
  for (const [index, short] of textsAt(names, 'shortNames').entries()) {
    const wrong = checkName('label1035', short);
    if (wrong !== undefined) errors.invalid(element(child(path, 'shortNames'), index), short, wrong);
  }
  if (textAt(names, 'kind') !== undefined && names['kind'] === names['listKind'])
    errors.invalid(child(path, 'listKind'), names['listKind'], 'kind and listKind may not be the same');
}

function checkVersions(spec: JsonObject, errors: FieldErrors): void {
  const path = child(SPEC, 'versions');
  const versions = objectsAt(spec, 'versions');
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const at = element(path, index);
    const name = textAt(version, 'name') ?? '';
    const wrong = name === '' ? undefined : checkName('label1035', name);
    if (wrong !== undefined) errors.invalid(child(at, 'name'), name, wrong);
    if (seen.has(name)) errors.invalid(path, spec['versions'], 'must contain unique version names');
    seen.add(name);
    checkVersion(version, at, versions.length === 1, errors);
  }
  if (versions.filter((version) => version['storage'] === true).length !== 1)
    errors.invalid(path, spec['versions'] ?? [], 'must have exactly one version marked as storage version');
}

/** Of a single version Kubernetes tells errors at the places where the first CRDs had their only one. */
function checkVersion(version: JsonObject, path: Path, single: boolean, errors: FieldErrors): void {
  const place = single ? SPEC : path;
  const schema = objectAt(objectAt(version, 'schema'), 'openAPIV3Schema');
  const schemaPath = child(child(place, single ? 'validation' : 'schema'), 'openAPIV3Schema');
  if (schema) checkStructuralSchema(schema, schemaPath, errors);
  else errors.required(child(child(path, 'schema'), 'openAPIV3Schema'), 'schemas are required');
  const columns = child(place, 'additionalPrinterColumns');
  for (const [index, column] of objectsAt(version, 'additionalPrinterColumns').entries())
    checkColumn(column, element(columns, index), single, errors);
  const scale = objectAt(objectAt(version, 'subresources'), 'scale');
  if (scale) checkScale(scale, child(child(place, 'subresources'), 'scale'), errors);
}

function checkColumn(column: JsonObject, path: Path, single: boolean, errors: FieldErrors): void {
  if (!COLUMN_TYPES.includes(String(column['type'])))
    errors.invalid(child(path, 'type'), column['type'] ?? '', `must be one of ${COLUMN_TYPES.join(',')}`);
  const jsonPath = textAt(column, 'jsonPath') ?? '';
  if (!jsonPath.startsWith('.'))
    errors.invalid(
      child(path, single ? 'JSONPath' : 'jsonPath'),
      jsonPath,
      'must be a simple json path starting with .',
    );
}

function checkScale(scale: JsonObject, path: Path, errors: FieldErrors): void {
  for (const [field, below] of [
    ['specReplicasPath', '.spec'],
    ['statusReplicasPath', '.status'],
  ] as const) {
    const text = textAt(scale, field) ?? '';
    if (!text.startsWith('.'))
      errors.invalid(child(path, field), text, 'must be a simple json path starting with .');
    else if (!text.startsWith(`${below}.`))
      errors.invalid(child(path, field), text, `should be a json path under ${below}`);
  }
}

function checkStored(crd: JsonObject, spec: JsonObject, errors: FieldErrors): void {
  const names = new Set(objectsAt(spec, 'versions').map((version) => version['name']));
  for (const [index, stored] of textsAt(objectAt(crd, 'status'), 'storedVersions').entries())
    if (!names.has(stored))
      errors.invalid(
        element(pathOf('status', 'storedVersions'), index),
        stored,
        'missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions'.replaceAll(
          'v1',
          stored,
        ),
      );
}

function checkUnchanged(spec: JsonObject, old: JsonObject, errors: FieldErrors): void {
  for (const field of ['group', 'scope'])
    if (spec[field] !== old[field]) errors.invalid(child(SPEC, field), spec[field], 'field is immutable');
  const [names, oldNames] = [spec['names'], old['names']];
  if (!isObject(names) || !isObject(oldNames)) return;
  for (const field of ['kind', 'plural'])
    if (!equalJson(names[field], oldNames[field]))
      errors.invalid(pathOf('spec', 'names', field), names[field], 'field is immutable');
}
