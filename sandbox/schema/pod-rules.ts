import { cloneJson, equalJson } from '../store/json-value.ts';
import { checkContainers } from './container-rules.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, element, pathOf, type FieldPath } from './field-path.ts';
import { objectAt, objectsAt, textAt } from './json-access.ts';
import { checkName } from './names.ts';
import type { JsonObject } from './schema-node.ts';
import { checkAtLeast, checkLabelMap } from './value-rules.ts';

type Path = FieldPath | undefined;

const MAX_INT32 = 2_147_483_647;
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'];
const SPEC = pathOf('spec');

export function checkPod(pod: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  const spec = objectAt(pod, 'spec') ?? {};
  checkPodSpec(spec, SPEC, errors);
  for (const list of ['initContainers', 'containers'])
    for (const [index, container] of objectsAt(spec, list).entries()) {
      const image = textAt(container, 'image') ?? '';
      if (image.trim() !== image)
        errors.invalid(
          child(element(child(SPEC, list), index), 'image'),
          image,
          'must not have leading or trailing whitespace',
        );
    }
  if (old) checkPodUpdate(spec, objectAt(old, 'spec') ?? {}, errors);
}

/** Of pods and of templates. */
export function checkPodSpec(spec: JsonObject, path: Path, errors: FieldErrors): void {
  const volumes = checkVolumes(spec, child(path, 'volumes'), errors);
  const names = new Set<string>();
  const containers = objectsAt(spec, 'containers');
  if (containers.length === 0) errors.required(child(path, 'containers'));
  checkContainers(containers, child(path, 'containers'), names, volumes, errors);
  const first = objectsAt(spec, 'initContainers');
  checkContainers(first, child(path, 'initContainers'), names, volumes, errors);
  for (const [index, container] of first.entries())
    if (container['restartPolicy'] !== 'Always')
      checkPlainInit(container, element(child(path, 'initContainers'), index), errors);
  checkLabelMap(objectAt(spec, 'nodeSelector'), child(path, 'nodeSelector'), errors);
  const deadline = spec['activeDeadlineSeconds'];
  if (typeof deadline === 'number' && (deadline < 1 || deadline > MAX_INT32))
    errors.invalid(
      child(path, 'activeDeadlineSeconds'),
      deadline,
      `must be between 1 and ${MAX_INT32}, inclusive`,
    );
  checkTolerations(spec, child(path, 'tolerations'), errors);
}

function checkPlainInit(container: JsonObject, path: Path, errors: FieldErrors): void {
  for (const name of PROBES)
    if (container[name] !== undefined)
      errors.forbidden(child(path, name), 'may not be set for init containers without restartPolicy=Always');
}

function checkVolumes(spec: JsonObject, path: Path, errors: FieldErrors): Set<string> {
  const names = new Set<string>();
  for (const [index, volume] of objectsAt(spec, 'volumes').entries()) {
    const at = element(path, index);
    const name = textAt(volume, 'name') ?? '';
    const wrong = name === '' ? undefined : checkName('label', name);
    if (wrong !== undefined) errors.invalid(child(at, 'name'), name, wrong);
    else if (names.has(name)) errors.duplicate(child(at, 'name'), name);
    names.add(name);
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    for (const extra of sources
      .filter((key) => key !== 'emptyDir')
      .slice(sources.includes('emptyDir') ? 0 : 1))
      errors.forbidden(child(at, extra), 'may not specify more than 1 volume type');
    const secret = objectAt(volume, 'secret');
    if (secret && !textAt(secret, 'secretName')) errors.required(child(child(at, 'secret'), 'secretName'));
    const configMap = objectAt(volume, 'configMap');
    if (configMap && !textAt(configMap, 'name')) errors.required(child(child(at, 'configMap'), 'name'));
  }
  return names;
}

function checkTolerations(spec: JsonObject, path: Path, errors: FieldErrors): void {
  for (const [index, toleration] of objectsAt(spec, 'tolerations').entries()) {
    const at = element(path, index);
    const operator = toleration['operator'] ?? 'Equal';
    if (!toleration['key'] && operator !== 'Exists')
      errors.invalid(
        child(at, 'operator'),
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (operator === 'Exists' && toleration['value'])
      errors.invalid(
        child(at, 'operator'),
        toleration['value'],
        "value must be empty when `operator` is 'Exists'",
      );
    if (toleration['tolerationSeconds'] !== undefined && toleration['effect'] !== 'NoExecute')
      errors.invalid(
        child(at, 'effect'),
        toleration['effect'] ?? '',
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      );
  }
}

/** A pod's spec may only change in images, deadlines and additional tolerations (and where the scheduler puts it). */
function checkPodUpdate(spec: JsonObject, old: JsonObject, errors: FieldErrors): void {
  if (equalJson(spec, old)) return;
  const before = cloneJson(old);
  const tolerations = objectsAt(spec, 'tolerations');
  const kept = objectsAt(old, 'tolerations').every((at) => tolerations.some((item) => equalJson(item, at)));
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    for (const [index, container] of objectsAt(spec, list).entries()) {
      const was = objectsAt(before, list)[index];
      if (was && was['name'] === container['name']) was['image'] = container['image'];
    }
  if (kept && spec['tolerations'] !== undefined) before['tolerations'] = spec['tolerations'];
  if (spec['activeDeadlineSeconds'] !== undefined)
    before['activeDeadlineSeconds'] = spec['activeDeadlineSeconds'];
  for (const field of ['nodeName', 'ephemeralContainers', 'schedulingGates'])
    if (old[field] === undefined || field !== 'nodeName') {
      if (spec[field] === undefined) delete before[field];
      else before[field] = spec[field];
    }
  checkAtLeast(spec['activeDeadlineSeconds'], 0, child(SPEC, 'activeDeadlineSeconds'), errors);
  if (!equalJson(before, spec))
    errors.forbidden(
      SPEC,
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    );
}
