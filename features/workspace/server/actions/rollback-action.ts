import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ActionBody } from '../../contract/action-api.ts';
import { cannotBe, FIELD_MANAGER, requireOneOf, type Action } from './action.ts';
import { chooseRevision, readRevisions } from './revisions.ts';
import { expectRollout, requireNotPaused } from './workload-actions.ts';
import { patchObject } from './patch-object.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** Back to the pod template of a revision, as `kubectl rollout undo`: for whatever follows it is one more change. */
export const rollback: Action<ActionBody<'rollback'>> = {
  title: (what, { revision }) =>
    revision === 0 ? `Roll ${what} back` : `Roll ${what} back to revision ${revision}`,
  check: ({ kind }) => {
    requireOneOf(kind, new Set(['apps/deployments', 'apps/statefulsets', 'apps/daemonsets']), 'rolled back');
  },
  ask: async (call, body) => {
    const { client, kind, name, namespace, signal } = call;
    await requireNotPaused(call);
    const revisions = await readRevisions(client, call, signal);
    const wanted = chooseRevision(revisions, body.revision);
    if (wanted.patch) return expectRollout(call, await patchObject(call, 'strategic', wanted.patch));
    const { uid, annotations } = revisions.workload.metadata;
    if (uid === undefined) throw cannotBe(kind, 'rolled back');
    const cause = {
      ...annotations,
      ...(wanted.changeCause !== undefined && { [CHANGE_CAUSE]: wanted.changeCause }),
    };
    const { object } = await client.patch<KubeObject>(
      kind,
      { name, namespace },
      'json',
      [
        { op: 'test', path: '/metadata/uid', value: call.uid ?? uid },
        { op: 'replace', path: '/spec/template', value: wanted.template },
        { op: annotations ? 'replace' : 'add', path: '/metadata/annotations', value: cause },
      ],
      { fieldManager: FIELD_MANAGER, signal },
    );
    return expectRollout(call, object);
  },
};
