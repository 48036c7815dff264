import { cloneJson, equalJson } from '../store/json-value.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, element, pathOf, type FieldPath } from './field-path.ts';
import { numberAt, objectAt, objectsAt, textAt } from './json-access.ts';
import { checkName } from './names.ts';
import type { JsonObject } from './schema-node.ts';

const SPEC = pathOf('spec');
const MUTABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];

/** A Pod; `old` is there on updates, which may change very little. */
export function checkPod(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  const spec = objectAt(object, 'spec') ?? {};
  checkPodSpec(spec, SPEC, errors);
  const before = objectAt(old, 'spec');
  if (before && !equalJson(fixedPart(before, before), fixedPart(spec, before)))
    errors.forbidden(SPEC, MUTABLE);
}

/** What pods and the templates of workloads have in common. */
export function checkPodSpec(spec: JsonObject, path: FieldPath | undefined, errors: FieldErrors): void {
  const names = new Set<string>();
  const containers = objectsAt(spec, 'containers');
  if (containers.length === 0) errors.required(child(path, 'containers'));
  checkContainers(containers, child(path, 'containers'), names, errors);
  checkContainers(objectsAt(spec, 'initContainers'), child(path, 'initContainers'), names, errors);
  checkVolumes(spec, path, errors);
  const policy = spec['restartPolicy'];
  if (policy !== undefined && !RESTART_POLICIES.includes(policy as string))
    errors.unsupported(child(path, 'restartPolicy'), policy, RESTART_POLICIES);
  const grace = numberAt(spec, 'terminationGracePeriodSeconds');
  if (grace !== undefined && grace < 0)
    errors.invalid(child(path, 'terminationGracePeriodSeconds'), grace, 'must be greater than or equal to 0');
}

function checkContainers(
  containers: readonly JsonObject[],
  path: FieldPath,
  names: Set<string>,
  errors: FieldErrors,
): void {
  for (const [index, container] of containers.entries()) {
    const at = element(path, index);
    const name = textAt(container, 'name') ?? '';
    const wrong = name === '' ? undefined : checkName('label', name);
    if (wrong !== undefined) errors.invalid(child(at, 'name'), name, wrong);
    if (names.has(name)) errors.duplicate(child(at, 'name'), name);
    names.add(name);
    if ((textAt(container, 'image') ?? '') === '') errors.required(child(at, 'image'));
    checkPorts(container, at, errors);
  }
}

function checkPorts(container: JsonObject, path: FieldPath, errors: FieldErrors): void {
  for (const [index, port] of objectsAt(container, 'ports').entries()) {
    const at = child(element(child(path, 'ports'), index), 'containerPort');
    checkPort(port['containerPort'], at, errors);
  }
}

/** A port number of 1 to 65535. */
export function checkPort(value: unknown, path: FieldPath, errors: FieldErrors): void {
  if (value === undefined || value === 0) errors.required(path);
  else if (typeof value === 'number' && (value < 1 || value > 65_535))
    errors.invalid(path, value, 'must be between 1 and 65535, inclusive');
}

function checkVolumes(spec: JsonObject, path: FieldPath | undefined, errors: FieldErrors): void {
  const names = new Set<string>();
  for (const [index, volume] of objectsAt(spec, 'volumes').entries()) {
    const name = textAt(volume, 'name') ?? '';
    if (names.has(name)) errors.duplicate(child(element(child(path, 'volumes'), index), 'name'), name);
    names.add(name);
  }
  for (const [index, container] of objectsAt(spec, 'containers').entries())
    for (const [at, mount] of objectsAt(container, 'volumeMounts').entries()) {
      const name = textAt(mount, 'name') ?? '';
      if (names.has(name)) continue;
      const mounts = child(element(child(path, 'containers'), index), 'volumeMounts');
      errors.notFound(child(element(mounts, at), 'name'), name);
    }
}

/** A pod's spec without what may change; a node is given once. */
function fixedPart(spec: JsonObject, before: JsonObject): JsonObject {
  const fixed = cloneJson(spec);
  for (const list of ['containers', 'initContainers'])
    for (const container of objectsAt(fixed, list))
      for (const key of ['image', 'resources']) delete container[key];
  const free = [
    'activeDeadlineSeconds',
    'tolerations',
    'terminationGracePeriodSeconds',
    'ephemeralContainers',
    'schedulingGates',
  ];
  if ((textAt(before, 'nodeName') ?? '') === '') free.push('nodeName');
  for (const key of free) delete fixed[key];
  return fixed;
}
