import type { KubeObject } from '@krateyard/kube/meta/object';
import { at, dateAt, listAt, textAt } from '../../contract/columns/read.ts';
import { short, WELL, type Derived, type Surroundings } from './finding.ts';

export function deriveDeployment(deployment: KubeObject): Derived {
  const conditions = listAt(deployment, 'status', 'conditions');
  const failure = conditions.find(
    (one) => at(one, 'type') === 'ReplicaFailure' && textAt(one, 'status') === 'True',
  );
  const stalled = conditions.find(
    (one) => at(one, 'type') === 'Progressing' && textAt(one, 'status') === 'False',
  );
  // Why pods cannot be made says more than that there are too few of them.
  const told = failure ?? stalled;
  if (told === undefined || textAt(told, 'reason') === 'DeploymentPaused') return WELL;
  return {
    findings: [
      {
        cause: 'stuck-rollout',
        severity: 'critical',
        since: dateAt(told, 'lastTransitionTime') ?? undefined,
        reason: textAt(told, 'reason') ?? 'Stalled',
        message: short(textAt(told, 'message') ?? ''),
      },
    ],
  };
}

export function deriveJob(job: KubeObject): Derived {
  const failed = listAt(job, 'status', 'conditions').find(
    (one) => at(one, 'type') === 'Failed' && textAt(one, 'status') === 'True',
  );
  if (failed === undefined) return WELL;
  return {
    findings: [
      {
        cause: 'failed-job',
        severity: 'warning',
        since: dateAt(failed, 'lastTransitionTime') ?? undefined,
        reason: textAt(failed, 'reason') ?? 'Failed',
        message: short(textAt(failed, 'message') ?? ''),
      },
    ],
  };
}

/** How long a provisioner may take. */
const BIND_MS = 60_000;
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** A claim that waits. One that waits for its first pod is well until a node has been chosen for that pod. */
export function deriveClaim(claim: KubeObject, { now, storageClass }: Surroundings): Derived {
  const phase = textAt(claim, 'status', 'phase');
  const since = dateAt(claim, 'metadata', 'creationTimestamp') ?? undefined;
  if (phase === 'Lost') return pendingVolume('critical', since, 'Lost', 'its volume is gone');
  if (phase !== 'Pending') return WELL;
  const name = textAt(claim, 'spec', 'storageClassName');
  if (name !== null && name !== '') {
    const found = storageClass(name);
    if (found === null) {
      return pendingVolume('critical', since, 'Pending', `there is no storage class "${short(name)}"`);
    }
    const waits = found && textAt(found, 'volumeBindingMode') === 'WaitForFirstConsumer';
    if (waits && textAt(claim, 'metadata', 'annotations', SELECTED_NODE) === null) return WELL;
  }
  if (since !== undefined && now < since + BIND_MS) return { findings: [], revisitAt: since + BIND_MS };
  const from = name === null || name === '' ? 'no storage class is set' : `storage class ${short(name)}`;
  return pendingVolume('warning', since, 'Pending', `no volume has been bound to it; ${from}`);
}

function pendingVolume(
  severity: 'critical' | 'warning',
  since: number | undefined,
  reason: string,
  message: string,
): Derived {
  return { findings: [{ cause: 'pending-volume', severity, since, reason, message }] };
}
