import { matchesSelector } from './selector-match.ts';
import { equalJson } from '../store/json-value.ts';
import type { FieldErrors } from './field-errors.ts';
import { child, pathOf } from './field-path.ts';
import { numberAt, objectAt, textAt } from './json-access.ts';
import { checkPodSpec } from './pod-rules.ts';
import type { JsonObject } from './schema-node.ts';

const SPEC = pathOf('spec');
const TEMPLATE = pathOf('spec', 'template');

const COUNTS = [
  'replicas',
  'minReadySeconds',
  'revisionHistoryLimit',
  'progressDeadlineSeconds',
  'parallelism',
  'completions',
  'backoffLimit',
  'ttlSecondsAfterFinished',
];

/** A Deployment, ReplicaSet, StatefulSet or DaemonSet: it must select its own pods, and always the same. */
export function checkWorkload(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  const spec = objectAt(object, 'spec') ?? {};
  checkCounts(spec, errors);
  const selector = objectAt(spec, 'selector');
  if (!selector) errors.required(child(SPEC, 'selector'));
  checkTemplate(spec, errors);
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels') ?? {};
  if (selector && !matchesSelector(selector, labels))
    errors.invalid(
      pathOf('spec', 'template', 'metadata', 'labels'),
      labels,
      '`selector` does not match template `labels`',
    );
  const before = objectAt(objectAt(old, 'spec'), 'selector');
  if (before && selector && !equalJson(before, selector))
    errors.invalid(child(SPEC, 'selector'), selector, 'field is immutable');
}

const JOB_POLICIES = ['OnFailure', 'Never'];

export function checkJob(object: JsonObject, old: JsonObject | undefined, errors: FieldErrors): void {
  const spec = objectAt(object, 'spec') ?? {};
  checkCounts(spec, errors);
  checkTemplate(spec, errors);
  const policy = textAt(objectAt(objectAt(spec, 'template'), 'spec'), 'restartPolicy');
  if (policy !== undefined && !JOB_POLICIES.includes(policy))
    errors.unsupported(pathOf('spec', 'template', 'spec', 'restartPolicy'), policy, JOB_POLICIES);
  const before = objectAt(old, 'spec');
  if (before && !equalJson(before['completions'], spec['completions']))
    errors.invalid(child(SPEC, 'completions'), spec['completions'], 'field is immutable');
}

function checkTemplate(spec: JsonObject, errors: FieldErrors): void {
  const template = objectAt(objectAt(spec, 'template'), 'spec');
  if (template) checkPodSpec(template, child(TEMPLATE, 'spec'), errors);
}

function checkCounts(spec: JsonObject, errors: FieldErrors): void {
  for (const field of COUNTS) {
    const value = numberAt(spec, field);
    if (value !== undefined && value < 0)
      errors.invalid(child(SPEC, field), value, 'must be greater than or equal to 0');
  }
}
