import type { AccessReview } from '@krateyard/auth/access';
import type { Principal } from '@krateyard/auth/principal';
import type { Cache, CollectionLease } from '@krateyard/kube/cache/cache';
import type { Client } from '@krateyard/kube/client/client';
import {
  matchesLabels,
  parseLabelSelector,
  requirementsOf,
  SelectorSyntaxError,
  type LabelRequirement,
  type LabelSelector,
} from '@krateyard/kube/meta/label-selector';
import type { KubeObject, OwnerReference } from '@krateyard/kube/meta/object';
import { StatusError } from '@krateyard/status/status-error';
import { SHORT_KINDS } from '../../contract/kind-path.ts';
import type { KindDirectory } from '../resources/kind-directory.ts';
import { leaseSynced } from '../resources/synced-collection.ts';
import type { LogRequest, LogSubject } from './log-request.ts';
import type { LoggedPod } from './pod-containers.ts';

export interface SubjectDeps {
  readonly access: AccessReview;
  readonly actingAs: (who: Principal) => Client;
  readonly cache: Cache;
  readonly directory: KindDirectory;
}

/** Which pods of the namespace are meant. */
export interface PodChoice extends Disposable {
  readonly includes: (pod: LoggedPod) => boolean;
  /** One pod by its name: when it is over, all is. */
  readonly single: string | undefined;
}

const JOBS = { group: 'batch', version: 'v1', resource: 'jobs' };
const PODS = SHORT_KINDS.pods;

/** Rejects with the API server's Forbidden for who may not read these logs. */
export async function requireRight(
  access: AccessReview,
  who: Principal,
  { namespace, subject }: Pick<LogRequest, 'namespace' | 'subject'>,
  signal?: AbortSignal,
): Promise<void> {
  const name = subject.is === 'pod' ? subject.name : undefined;
  await access.require(who, { verb: 'get', resource: PODS, subresource: 'log', namespace, name }, signal);
  if (name === undefined) await access.require(who, { verb: 'list', resource: PODS, namespace }, signal);
}

/**
 * From the subject of a request to its pods. Whoever may read logs by name may not list pods by that: a selector and a workload
 * take both rights. Rejects with StatusError: Forbidden, NotFound, BadRequest for a selector that is none.
 */
export async function choosePods(
  deps: SubjectDeps,
  who: Principal,
  { namespace, subject }: LogRequest,
  signal: AbortSignal,
): Promise<PodChoice> {
  const plain = subject.is === 'selector' ? parseSelector(subject.selector) : undefined;
  await requireRight(deps.access, who, { namespace, subject }, signal);
  if (subject.is === 'pod') return byName(subject.name);
  if (plain) return byLabels(plain);
  return ofWorkload(deps, who, namespace, subject as LogSubject & { is: 'workload' }, signal);
}

function byName(name: string): PodChoice {
  return { includes: (pod) => pod.metadata.name === name, single: name, [Symbol.dispose]: () => {} };
}

function byLabels(requirements: readonly LabelRequirement[]): PodChoice {
  return {
    includes: (pod) => matchesLabels(requirements, pod.metadata.labels),
    single: undefined,
    [Symbol.dispose]: () => {},
  };
}

function parseSelector(text: string): readonly LabelRequirement[] {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) throw error;
    throw new StatusError('BadRequest', `unable to parse label selector "${text}": ${error.message}`);
  }
}

interface Workload extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
}

/** The workload is read as the person. */
async function ofWorkload(
  deps: SubjectDeps,
  who: Principal,
  namespace: string,
  { kind: path, name }: { readonly kind: string; readonly name: string },
  signal: AbortSignal,
): Promise<PodChoice> {
  const kind = await deps.directory.resolve(path, signal);
  if (!kind.namespaced) throw withoutPods(path);
  const workload = await deps.actingAs(who).get<Workload>(kind, name, namespace, { signal });
  if (kind.kind === 'CronJob') return ofCronJob(deps, workload, namespace, signal);
  const { selector } = workload.spec ?? {};
  const requirements =
    kind.kind === 'Service' || kind.kind === 'ReplicationController'
      ? requirementsOf({ matchLabels: (selector ?? {}) as Record<string, string> })
      : requirementsOf(selector as LabelSelector | undefined);
  // An empty selector would choose every pod; a Service without one has pods of nobody.
  if (!requirements || requirements.length === 0) throw withoutPods(`${kind.resource} "${name}"`);
  return byLabels(requirements);
}

/** The pods of a CronJob are those of its Jobs. */
async function ofCronJob(
  deps: SubjectDeps,
  cronJob: Workload,
  namespace: string,
  signal: AbortSignal,
): Promise<PodChoice> {
  const jobs: CollectionLease = await leaseSynced(deps.cache, JOBS, signal);
  const owned = (references: readonly OwnerReference[] | undefined, uid: string | undefined): boolean =>
    references?.some((owner) => owner.uid === uid) ?? false;
  return {
    includes: (pod) =>
      pod.metadata.ownerReferences?.some((owner) => {
        if (owner.kind !== 'Job') return false;
        const job = jobs.collection.get(`${namespace}/${owner.name}`);
        return job?.metadata.uid === owner.uid && owned(job.metadata.ownerReferences, cronJob.metadata.uid);
      }) ?? false,
    single: undefined,
    [Symbol.dispose]: () => jobs[Symbol.dispose](),
  };
}

function withoutPods(what: string): StatusError {
  return new StatusError('BadRequest', `${what} has no pods of its own whose logs could be read`);
}
