import { matchesLabels, requirementsOf, type LabelSelector } from '@krateyard/kube/meta/label-selector';

import { Cron } from 'croner';

import { equalJson } from '../store/json-value.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, pathOf, type FieldPath } from './field-path.ts';
import { objectAt, textAt } from './json-access.ts';
import { checkPodSpec } from './pod-rules.ts';
import type { JsonObject } from './schema-node.ts';
import { checkAtLeast, checkCountOrPercent, checkLabelMap, checkSelector } from './value-rules.ts';

type Path = FieldPath | undefined;
type Rule = (object: JsonObject, old: JsonObject | undefined, errors: FieldErrors) => void;

const SPEC = pathOf('spec');
const at = (...fields: string[]): Path => pathOf('spec', ...fields);
const specOf = (object: JsonObject | undefined): JsonObject => objectAt(object, 'spec') ?? {};

function immutable(field: string, spec: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  if (old && !equalJson(spec[field], specOf(old)[field]))
    errors.invalid(at(field), spec[field], 'field is immutable');
}

function checkTemplate(spec: JsonObject, path: Path, errors: FieldErrors): void {
  const template = objectAt(spec, 'template') ?? {};
  checkLabelMap(
    objectAt(objectAt(template, 'metadata'), 'labels'),
    child(child(child(path, 'template'), 'metadata'), 'labels'),
    errors,
  );
  checkPodSpec(objectAt(template, 'spec') ?? {}, child(child(path, 'template'), 'spec'), errors);
}

/** A workload must own the pods of its own template. */
function checkOwnPods(spec: JsonObject, kind: string, errors: FieldErrors): void {
  const selector = objectAt(spec, 'selector');
  if (!selector) return;
  const before = errors.list.length;
  checkSelector(selector, at('selector'), errors);
  if (errors.list.length > before) {
    errors.invalid(at('selector'), selector, 'invalid label selector');
    return;
  }
  const requirements = requirementsOf(selector as LabelSelector) ?? [];
  if (requirements.length === 0) {
    errors.invalid(at('selector'), selector, `empty selector is invalid for ${kind}`);
    return;
  }
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (!matchesLabels(requirements, labels as Record<string, string> | undefined))
    errors.invalid(
      at('template', 'metadata', 'labels'),
      labels,
      '`selector` does not match template `labels`',
    );
}

function checkRestartAlways(spec: JsonObject, errors: FieldErrors): void {
  const policy = objectAt(objectAt(spec, 'template'), 'spec')?.['restartPolicy'];
  if (policy === 'OnFailure' || policy === 'Never')
    errors.unsupported(at('template', 'spec', 'restartPolicy'), policy, ['Always']);
}

/** What all that keep pods running have in common. */
function checkKeeper(kind: string, object: JsonObject, errors: FieldErrors): JsonObject {
  const spec = specOf(object);
  for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit'])
    checkAtLeast(spec[field], 0, at(field), errors);
  checkOwnPods(spec, kind, errors);
  checkTemplate(spec, SPEC, errors);
  checkRestartAlways(spec, errors);
  return spec;
}

const zero = (value: unknown): boolean => value === 0 || value === '0%';

const deployment: Rule = (object, old, errors) => {
  const spec = checkKeeper('deployment', object, errors);
  const strategy = objectAt(spec, 'strategy') ?? {};
  const rolling = objectAt(strategy, 'rollingUpdate');
  const path = at('strategy', 'rollingUpdate');
  if (strategy['type'] === 'Recreate' && rolling)
    errors.forbidden(path, "may not be specified when strategy `type` is 'Recreate'");
  else if (rolling) {
    for (const field of ['maxUnavailable', 'maxSurge'])
      checkCountOrPercent(rolling[field], child(path, field), errors);
    if (zero(rolling['maxUnavailable']) && zero(rolling['maxSurge']))
      errors.invalid(
        child(path, 'maxUnavailable'),
        rolling['maxUnavailable'],
        'may not be 0 when `maxSurge` is 0',
      );
  }
  immutable('selector', spec, old, errors);
};

const replicaSet: Rule = (object, old, errors) => {
  immutable('selector', checkKeeper('deployment', object, errors), old, errors);
};

const daemonSet: Rule = (object, old, errors) => {
  const spec = checkKeeper('daemonset', object, errors);
  const rolling = objectAt(objectAt(spec, 'updateStrategy'), 'rollingUpdate');
  if (rolling && zero(rolling['maxUnavailable']) && zero(rolling['maxSurge']))
    errors.invalid(
      at('updateStrategy', 'rollingUpdate', 'maxUnavailable'),
      rolling['maxUnavailable'],
      'cannot be 0 when maxSurge is 0',
    );
  immutable('selector', spec, old, errors);
};

const STATEFUL_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const statefulSet: Rule = (object, old, errors) => {
  const spec = checkKeeper('statefulset', object, errors);
  if (!old) return;
  const before = { ...specOf(old) };
  for (const field of STATEFUL_MUTABLE) before[field] = spec[field];
  if (!equalJson(before, spec))
    errors.forbidden(
      SPEC,
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    );
};

const replicationController: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  checkAtLeast(spec['replicas'], 0, at('replicas'), errors);
  checkTemplate(spec, SPEC, errors);
  checkRestartAlways(spec, errors);
};

function checkJobSpec(spec: JsonObject, path: Path, errors: FieldErrors): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
  ])
    checkAtLeast(spec[field], 0, child(path, field), errors);
  checkTemplate(spec, path, errors);
  const policy = objectAt(objectAt(spec, 'template'), 'spec')?.['restartPolicy'];
  const policyPath = child(child(child(path, 'template'), 'spec'), 'restartPolicy');
  if (policy === 'Always') errors.required(policyPath, 'valid values: "OnFailure", "Never"');
}

const job: Rule = (object, old, errors) => {
  const spec = specOf(object);
  checkJobSpec(spec, SPEC, errors);
  if (!old) return;
  const suspended = specOf(old)['suspend'] === true && objectAt(old, 'status')?.['startTime'] === undefined;
  for (const field of ['selector', 'completionMode', ...(suspended ? [] : ['template'])])
    immutable(field, spec, old, errors);
  if (spec['completionMode'] !== 'Indexed') immutable('completions', spec, old, errors);
};

const DESCRIPTORS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/;

function checkCron(schedule: string, errors: FieldErrors): void {
  try {
    // oxlint-disable-next-line no-new -- only read, never started: it makes no timer
    new Cron(schedule, { mode: '5-part', paused: true });
  } catch (error) {
    errors.invalid(at('schedule'), schedule, (error as Error).message);
  }
}

const cronJob: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  const schedule = textAt(spec, 'schedule') ?? '';
  const fields = schedule.trim().split(/\s+/);
  if (schedule !== '' && !DESCRIPTORS.test(schedule)) {
    if (fields.length !== 5)
      errors.invalid(
        at('schedule'),
        schedule,
        `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`,
      );
    else checkCron(schedule, errors);
  }
  for (const field of ['startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
    checkAtLeast(spec[field], 0, at(field), errors);
  const template = objectAt(spec, 'jobTemplate') ?? {};
  checkJobSpec(objectAt(template, 'spec') ?? {}, at('jobTemplate', 'spec'), errors);
};

const autoscaler: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  const [low, high] = [Number(spec['minReplicas'] ?? 1), Number(spec['maxReplicas'] ?? 0)];
  checkAtLeast(low, 1, at('minReplicas'), errors);
  checkAtLeast(high, 1, at('maxReplicas'), errors);
  if (high < low) errors.invalid(at('maxReplicas'), high, 'must be greater than or equal to `minReplicas`');
};

const disruptionBudget: Rule = (object, _old, errors) => {
  const spec = specOf(object);
  if (spec['minAvailable'] !== undefined && spec['maxUnavailable'] !== undefined)
    errors.invalid(SPEC, spec, 'minAvailable and maxUnavailable cannot be both set');
  for (const field of ['minAvailable', 'maxUnavailable']) checkCountOrPercent(spec[field], at(field), errors);
  checkSelector(spec['selector'], at('selector'), errors);
};

export const WORKLOAD_RULES: Readonly<Record<string, Rule>> = {
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/DaemonSet': daemonSet,
  'apps/StatefulSet': statefulSet,
  '/ReplicationController': replicationController,
  'batch/Job': job,
  'batch/CronJob': cronJob,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'policy/PodDisruptionBudget': disruptionBudget,
};
