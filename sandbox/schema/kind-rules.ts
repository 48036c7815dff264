import { Cron } from 'croner';
import { equalJson } from '../store/json-value.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, element, mapKey, pathOf } from './field-path.ts';
import { numberAt, objectAt, objectsAt, textAt } from './json-access.ts';
import { checkConfigKey } from './names.ts';
import { checkPod, checkPort } from './pod-rules.ts';
import type { JsonObject } from './schema-node.ts';
import { checkJob, checkWorkload } from './workload-rules.ts';

export type KindRule = (object: JsonObject, old: JsonObject | undefined, errors: FieldErrors) => void;

/** Secrets and ConfigMaps hold at most this much, all keys together. */
const MAX_CONTENT_BYTES = 1024 * 1024;
const SPEC = pathOf('spec');

/** The rules of single kinds, by `group/kind`: what people get wrong, and what must never change. */
export const KIND_RULES: Readonly<Record<string, KindRule>> = {
  '/Pod': checkPod,
  '/ConfigMap': checkContent,
  '/Secret': checkSecret,
  '/Service': checkService,
  '/Event': checkEvent,
  'apps/Deployment': checkWorkload,
  'apps/ReplicaSet': checkWorkload,
  'apps/StatefulSet': checkWorkload,
  'apps/DaemonSet': checkWorkload,
  'batch/Job': checkJob,
  'batch/CronJob': checkCronJob,
  'coordination.k8s.io/Lease': checkLease,
  'rbac.authorization.k8s.io/RoleBinding': checkBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': checkBinding,
};

function checkContent(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  let bytes = 0;
  for (const field of ['data', 'binaryData'])
    for (const [key, value] of Object.entries(objectAt(object, field) ?? {})) {
      const wrong = checkConfigKey(key);
      if (wrong !== undefined) errors.invalid(mapKey(pathOf(field), key), key, wrong);
      bytes += Buffer.byteLength(String(value));
    }
  if (bytes > MAX_CONTENT_BYTES) errors.tooLong(undefined, MAX_CONTENT_BYTES);
  if (old?.['immutable'] !== true) return;
  for (const field of ['data', 'binaryData'])
    if (!equalJson(old[field], object[field]))
      errors.forbidden(pathOf(field), 'field is immutable when `immutable` is set');
  if (object['immutable'] !== true)
    errors.forbidden(pathOf('immutable'), 'field is immutable when `immutable` is set');
}

function checkSecret(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  checkContent(object, old, errors);
  if (old && old['type'] !== object['type'])
    errors.invalid(pathOf('type'), object['type'], 'field is immutable');
}

function checkService(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  const spec = objectAt(object, 'spec') ?? {};
  const ports = objectsAt(spec, 'ports');
  const headless = spec['clusterIP'] === 'None' || spec['type'] === 'ExternalName';
  if (ports.length === 0 && !headless) errors.required(child(SPEC, 'ports'));
  for (const [index, port] of ports.entries()) {
    const at = element(child(SPEC, 'ports'), index);
    checkPort(port['port'], child(at, 'port'), errors);
    if (ports.length > 1 && (textAt(port, 'name') ?? '') === '') errors.required(child(at, 'name'));
  }
  const before = textAt(objectAt(old, 'spec'), 'clusterIP') ?? '';
  if (before !== '' && before !== spec['clusterIP'] && spec['type'] !== 'ExternalName')
    errors.invalid(pathOf('spec', 'clusterIPs', 0), spec['clusterIP'], 'may not change once set');
}

function checkEvent(object: JsonObject, _old: JsonObject | undefined, errors: FieldErrors): void {
  const own = textAt(objectAt(object, 'metadata'), 'namespace') ?? '';
  const about = textAt(objectAt(object, 'involvedObject'), 'namespace') ?? '';
  if (about !== '' && about !== own)
    errors.invalid(pathOf('involvedObject', 'namespace'), about, 'does not match event.namespace');
}

function checkCronJob(object: JsonObject, _old: JsonObject | undefined, errors: FieldErrors): void {
  const schedule = textAt(objectAt(object, 'spec'), 'schedule') ?? '';
  if (schedule === '') return;
  try {
    // Only read, never started: it makes no timer.
    // oxlint-disable-next-line no-new
    new Cron(schedule, { mode: '5-part', paused: true });
  } catch (error) {
    errors.invalid(child(SPEC, 'schedule'), schedule, (error as Error).message);
  }
}

function checkLease(object: JsonObject, _old: JsonObject | undefined, errors: FieldErrors): void {
  const spec = objectAt(object, 'spec');
  const duration = numberAt(spec, 'leaseDurationSeconds');
  if (duration !== undefined && duration <= 0)
    errors.invalid(child(SPEC, 'leaseDurationSeconds'), duration, 'must be greater than 0');
  const transitions = numberAt(spec, 'leaseTransitions');
  if (transitions !== undefined && transitions < 0)
    errors.invalid(child(SPEC, 'leaseTransitions'), transitions, 'must be greater than or equal to 0');
}

function checkBinding(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  if (old && !equalJson(old['roleRef'], object['roleRef']))
    errors.invalid(pathOf('roleRef'), object['roleRef'], 'cannot change roleRef');
}
