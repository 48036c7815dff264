import type { KubeObject } from '@krateyard/kube/meta/object';
import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import type { ActionBody } from '../../contract/action-api.ts';
import { at, conditionStatus, fieldsAt, numberAt } from '../../contract/columns/read.ts';
import { FIELD_MANAGER, requireOneOf, type Action, type ActionCall, type Expectation } from './action.ts';
import { patchObject } from './patch-object.ts';
import { expectSpec, seenWhen } from './workload-actions.ts';

const JOBS = { group: 'batch', version: 'v1', resource: 'jobs' } as const;
/** What Kubernetes lets a generated name grow to is 63; the suffix has 5. */
const MOST_NAME = 63 - 5 - '-manual-'.length;
const START_MS = 5 * 60_000;

/** As `kubectl create job --from=cronjob/…`. */
export const trigger: Action<ActionBody<'trigger'>> = {
  title: (what) => `Trigger ${what}`,
  check: ({ kind }) => requireOneOf(kind, new Set(['batch/cronjobs']), 'triggered'),
  ask: async (call) => {
    const { client, deps, kind, name, namespace, signal } = call;
    const cronJob = await client.get<KubeObject>(kind, name, namespace, { signal });
    // A creation is never asked for twice.
    const { object } = await client.create<KubeObject>(JOBS, jobOf(call, cronJob), {
      fieldManager: FIELD_MANAGER,
      signal,
    });
    const jobs = (await deps.kinds.find('batch/v1/jobs', signal)) ?? { ...kind, ...JOBS };
    const made = object.metadata.name ?? '';
    return {
      kind: jobs,
      name: made,
      namespace,
      since: undefined,
      deadlineMs: START_MS,
      judge: (job) => {
        if (!job) return { seen: false, why: `Job ${made} is not seen yet` };
        const begun = at(job, 'status', 'startTime') !== undefined || at(job, 'spec', 'suspend') === true;
        return begun
          ? { seen: true, message: `Job ${made} has started` }
          : { seen: false, why: `Job ${made} has not started yet` };
      },
    };
  },
};

function jobOf({ kind, name, namespace }: ActionCall, cronJob: KubeObject): KubeObject {
  const template = fieldsAt(cronJob, 'spec', 'jobTemplate');
  const metadata = fieldsAt(template, 'metadata') as KubeObject['metadata'];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      generateName: `${name.slice(0, MOST_NAME)}-manual-`,
      ...(namespace !== undefined && { namespace }),
      labels: metadata.labels ?? {},
      annotations: { ...metadata.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        {
          apiVersion: formatGroupVersion(kind),
          kind: kind.kind,
          name,
          uid: cronJob.metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: fieldsAt(template, 'spec'),
  };
}

const SUSPENDABLE = new Set(['batch/cronjobs', 'batch/jobs']);

const suspendTo =
  (suspend: boolean) =>
  async (call: ActionCall): Promise<Expectation> => {
    const written = await patchObject(call, 'merge', { spec: { suspend } });
    return expectSpec(call, written, (object) => {
      if ((at(object, 'spec', 'suspend') === true) !== suspend)
        return seenWhen(false, 'The watch has not shown it yet');
      if (call.kind.resource === 'cronjobs') return { seen: true };
      const active = numberAt(object, 'status', 'active') ?? 0;
      if (suspend) return seenWhen(active === 0, `${active} of its pods still go`);
      const begun = active > 0 || conditionStatus(object, 'Suspended') !== 'True';
      return seenWhen(begun, 'Its controller has not started it again yet');
    });
  };

export const suspend: Action<ActionBody<'suspend'>> = {
  title: (what) => `Suspend ${what}`,
  check: ({ kind }) => requireOneOf(kind, SUSPENDABLE, 'suspended'),
  ask: suspendTo(true),
};

export const resume: Action<ActionBody<'resume'>> = {
  title: (what) => `Resume ${what}`,
  check: ({ kind }) => requireOneOf(kind, SUSPENDABLE, 'resumed'),
  ask: suspendTo(false),
};
