import type { KubeObject } from '@krateyard/kube/meta/object';
import { isNotFound, StatusError } from '@krateyard/status/status-error';
import type { ActionBody } from '../../contract/action-api.ts';
import { listAt, textAt } from '../../contract/columns/read.ts';
import type { Action, Verdict } from './action.ts';
import { askAgain } from './ask-again.ts';

/** Namespaces and whatever waits for finalizers take their time. */
const GONE_MS = 15 * 60_000;

export const deleteObjects: Action<ActionBody<'delete'>> = {
  title: (what, { propagationPolicy }) =>
    propagationPolicy === 'Orphan' ? `Delete ${what}, leaving what it owns` : `Delete ${what}`,
  check: ({ kind }) => {
    if (!kind.verbs.includes('delete'))
      throw new StatusError('MethodNotAllowed', `${kind.resource} cannot be deleted`);
  },
  ask: async (call, { propagationPolicy, gracePeriodSeconds }) => {
    const { deps, client, kind, name, namespace, uid, signal } = call;
    const options = {
      propagationPolicy: (propagationPolicy ?? 'Background') as 'Foreground' | 'Background' | 'Orphan',
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(uid !== undefined && { preconditions: { uid } }),
      signal,
    };
    let asked = 0;
    const deleted = await askAgain(deps.clock, signal, () => {
      asked += 1;
      return client.delete(kind, name, namespace, options);
    }).catch((error: unknown) => {
      // The first try may have been heard all the same.
      if (isNotFound(error) && asked > 1) return undefined;
      throw error;
    });
    const gone = uid ?? deleted?.metadata.uid;
    return {
      kind,
      name,
      namespace,
      since: undefined,
      deadlineMs: GONE_MS,
      judge: (object) => deletionProgress(object, gone),
    };
  },
};

/** Whether the object of this uid is gone, and what holds it. */
export function deletionProgress(object: KubeObject | undefined, uid: string | undefined): Verdict {
  if (!object || (uid !== undefined && object.metadata.uid !== uid)) return { seen: true };
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined) return { seen: false, why: 'The watch has not shown it yet' };
  const remaining = listAt(object, 'status', 'conditions')
    .filter(
      (one) => /Remaining$|Failure$/.test(textAt(one, 'type') ?? '') && textAt(one, 'status') === 'True',
    )
    .flatMap((one) => textAt(one, 'message') ?? []);
  if (remaining.length > 0) return { seen: false, why: remaining.join(' ') };
  if (finalizers.includes('foregroundDeletion')) return { seen: false, why: 'What it owns goes first' };
  if (finalizers.length > 0)
    return { seen: false, why: `It waits for ${finalizers.join(', ')} (finalizers)` };
  return { seen: false, why: 'It is terminating' };
}
