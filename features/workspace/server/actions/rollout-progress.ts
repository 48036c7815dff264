import type { KubeObject } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import { at, listAt, numberAt, textAt } from '../../contract/columns/read.ts';
import type { Verdict } from './action.ts';

const SEEN: Verdict = { seen: true };
const notYet = (why: string): Verdict => ({ seen: false, why });
const NOT_LOOKED = 'Its controller has not looked at it yet';

/** How far a rollout of a Deployment, StatefulSet, DaemonSet or ReplicaSet is; what has no rollout is done at once. */
export function rolloutProgress(resource: string, object: KubeObject): Verdict {
  const observed = numberAt(object, 'status', 'observedGeneration') ?? 0;
  if (observed < (object.metadata.generation ?? 0)) return notYet(NOT_LOOKED);
  switch (resource) {
    case 'deployments':
      return deploymentProgress(object);
    case 'statefulsets':
      return statefulSetProgress(object);
    case 'daemonsets':
      return daemonSetProgress(object);
    case 'replicasets':
    case 'replicationcontrollers':
      return replicasProgress(object);
    default:
      return SEEN;
  }
}

function deploymentProgress(object: KubeObject): Verdict {
  if (at(object, 'spec', 'paused') === true) {
    return { seen: true, message: 'The rollout is paused: it goes on when it is resumed' };
  }
  const stalled = listAt(object, 'status', 'conditions').find(
    (condition) =>
      textAt(condition, 'type') === 'Progressing' &&
      textAt(condition, 'reason') === 'ProgressDeadlineExceeded',
  );
  if (stalled !== undefined) return hopeless(textAt(stalled, 'message') ?? 'its progress deadline is over');
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const updated = count(object, 'updatedReplicas');
  if (updated < desired) return notYet(`${updated} of ${desired} pods are of the new template`);
  const old = count(object, 'replicas') - updated;
  if (old > 0) return notYet(`${old} ${old === 1 ? 'pod' : 'pods'} too many still go`);
  const available = count(object, 'availableReplicas');
  return available < updated ? notYet(`${available} of ${updated} pods are available`) : SEEN;
}

function statefulSetProgress(object: KubeObject): Verdict {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return { seen: true, message: 'Update strategy OnDelete: each pod changes when it is deleted' };
  }
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  const wanted = Math.max(0, desired - partition);
  const same = textAt(object, 'status', 'currentRevision') === textAt(object, 'status', 'updateRevision');
  const updated = same ? count(object, 'replicas') : count(object, 'updatedReplicas');
  if (updated < wanted) return notYet(`${updated} of ${wanted} pods are of the new template`);
  return replicasProgress(object);
}

function daemonSetProgress(object: KubeObject): Verdict {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return { seen: true, message: 'Update strategy OnDelete: each pod changes when it is deleted' };
  }
  const desired = count(object, 'desiredNumberScheduled');
  const updated = count(object, 'updatedNumberScheduled');
  if (updated < desired) return notYet(`${updated} of ${desired} pods are of the new template`);
  const available = count(object, 'numberAvailable');
  return available < desired ? notYet(`${available} of ${desired} pods are available`) : SEEN;
}

function replicasProgress(object: KubeObject): Verdict {
  const desired = numberAt(object, 'spec', 'replicas') ?? 1;
  const replicas = count(object, 'replicas');
  if (replicas > desired) return notYet(`${replicas - desired} pods too many still go`);
  const ready = count(object, 'readyReplicas');
  return ready < desired ? notYet(`${ready} of ${desired} pods are ready`) : SEEN;
}

/** How far a change of the number of replicas is; the kinds that we do not know say it in `status.replicas` or not at all. */
export function scaleProgress(resource: string, object: KubeObject, replicas: number): Verdict {
  const wanted = numberAt(object, 'spec', 'replicas');
  if (wanted !== null && wanted !== replicas) {
    const message = `somebody else has set it to ${wanted} meanwhile`;
    return { seen: false, why: message, hopeless: new StatusError('Conflict', message) };
  }
  if (ROLLED.has(resource)) return scaledRollout(resource, object, replicas);
  const now = numberAt(object, 'status', 'replicas');
  return now === null || now === replicas ? SEEN : notYet(`${now} of ${replicas} are there`);
}

const ROLLED = new Set(['deployments', 'statefulsets', 'replicasets', 'replicationcontrollers']);

/** A paused or stalled rollout still scales. */
function scaledRollout(resource: string, object: KubeObject, replicas: number): Verdict {
  const observed = numberAt(object, 'status', 'observedGeneration') ?? 0;
  if (observed < (object.metadata.generation ?? 0)) return notYet(NOT_LOOKED);
  const now = count(object, 'replicas');
  if (now > replicas) return notYet(`${now - replicas} of ${now} pods still go`);
  const ready = count(object, resource === 'deployments' ? 'availableReplicas' : 'readyReplicas');
  return ready < replicas ? notYet(`${ready} of ${replicas} pods are ready`) : SEEN;
}

function hopeless(message: string): Verdict {
  return {
    seen: false,
    why: message,
    hopeless: new StatusError('Timeout', `The rollout does not get on: ${message}`),
  };
}

const count = (object: KubeObject, field: string): number => numberAt(object, 'status', field) ?? 0;
