import type { FieldErrors } from './field-errors.ts';
import { child, element, type FieldPath } from './field-path.ts';
import { objectAt, objectsAt, textAt } from './json-access.ts';
import { checkEnvName, checkPortName } from './names.ts';
import { isObject, type JsonObject } from './schema-node.ts';
import { checkAtLeast, checkNamed, checkPort, checkPortOrName, checkResources } from './value-rules.ts';

type Path = FieldPath | undefined;

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const ENV_SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];
const POD_FIELDS =
  /^(metadata\.(name|namespace|uid|labels|annotations|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

/** `names` collects the names of all containers of the pod, `volumes` knows those of its volumes. */
export function checkContainers(
  list: readonly JsonObject[],
  path: Path,
  names: Set<string>,
  volumes: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  for (const [index, container] of list.entries()) {
    const at = element(path, index);
    const name = textAt(container, 'name') ?? '';
    if (name !== '') checkNamed('label', name, child(at, 'name'), errors);
    if (names.has(name) && name !== '') errors.duplicate(child(at, 'name'), name);
    names.add(name);
    if (!textAt(container, 'image')) errors.required(child(at, 'image'));
    checkPorts(container, child(at, 'ports'), errors);
    checkEnv(container, child(at, 'env'), errors);
    checkMounts(container, child(at, 'volumeMounts'), volumes, errors);
    checkResources(objectAt(container, 'resources'), child(at, 'resources'), errors);
    for (const probe of PROBES) checkProbe(container[probe], child(at, probe), errors);
  }
}

function checkPorts(container: JsonObject, path: Path, errors: FieldErrors): void {
  const names = new Set<string>();
  for (const [index, port] of objectsAt(container, 'ports').entries()) {
    const at = element(path, index);
    const name = textAt(port, 'name');
    if (name) {
      const wrong = checkPortName(name);
      if (wrong !== undefined) errors.invalid(child(at, 'name'), name, wrong);
      else if (names.has(name)) errors.duplicate(child(at, 'name'), name);
      names.add(name);
    }
    if (port['containerPort'] === undefined || port['containerPort'] === 0)
      errors.required(child(at, 'containerPort'));
    else checkPort(port['containerPort'], child(at, 'containerPort'), errors);
    if (port['hostPort'] !== 0) checkPort(port['hostPort'], child(at, 'hostPort'), errors);
  }
}

function checkEnv(container: JsonObject, path: Path, errors: FieldErrors): void {
  for (const [index, variable] of objectsAt(container, 'env').entries()) {
    const at = element(path, index);
    const name = textAt(variable, 'name') ?? '';
    const wrong = name === '' ? undefined : checkEnvName(name);
    if (wrong !== undefined) errors.invalid(child(at, 'name'), name, wrong);
    const from = objectAt(variable, 'valueFrom');
    if (from) checkEnvSource(variable, from, child(at, 'valueFrom'), errors);
  }
}

function checkEnvSource(variable: JsonObject, from: JsonObject, path: Path, errors: FieldErrors): void {
  const field = textAt(objectAt(from, 'fieldRef'), 'fieldPath');
  if (field && !POD_FIELDS.test(field))
    errors.invalid(
      child(child(path, 'fieldRef'), 'fieldPath'),
      field,
      `error converting fieldPath: field label not supported: ${field}`,
    );
  for (const key of ['configMapKeyRef', 'secretKeyRef']) {
    const reference = objectAt(from, key);
    if (reference) checkNamed('subdomain', reference['name'], child(child(path, key), 'name'), errors);
  }
  const sources = ENV_SOURCES.filter((key) => from[key] !== undefined);
  if (variable['value']) errors.invalid(path, '', 'may not be specified when `value` is not empty');
  else if (sources.length === 0)
    errors.invalid(
      path,
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    );
  else if (sources.length > 1)
    errors.invalid(path, '', 'may not have more than one field specified at a time');
}

function checkMounts(
  container: JsonObject,
  path: Path,
  volumes: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  const places = new Set<unknown>();
  for (const [index, mount] of objectsAt(container, 'volumeMounts').entries()) {
    const at = element(path, index);
    const name = textAt(mount, 'name') ?? '';
    if (name !== '' && !volumes.has(name)) errors.notFound(child(at, 'name'), name);
    const place = mount['mountPath'];
    if (place && places.has(place)) errors.invalid(child(at, 'mountPath'), place, 'must be unique');
    places.add(place);
  }
}

function checkProbe(probe: unknown, path: Path, errors: FieldErrors): void {
  if (!isObject(probe)) return;
  const handlers = HANDLERS.filter((name) => probe[name] !== undefined);
  if (handlers.length === 0) errors.required(path, 'must specify a handler type');
  for (const extra of handlers.slice(1))
    errors.forbidden(child(path, extra), 'may not specify more than 1 handler type');
  for (const name of ['httpGet', 'tcpSocket']) {
    const handler = objectAt(probe, name);
    if (handler) checkPortOrName(handler['port'], child(child(path, name), 'port'), errors);
  }
  for (const name of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ])
    checkAtLeast(probe[name], 0, child(path, name), errors);
}
