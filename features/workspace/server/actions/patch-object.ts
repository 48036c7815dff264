import type { PatchType } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { ActionCall } from './action.ts';
import { FIELD_MANAGER } from './action.ts';
import { askAgain } from './ask-again.ts';

/**
 * Sets values as the person. With a uid the API server refuses (Conflict) when the object of this name is another by now.
 * Asked again while the API server is busy, so only for patches that come to the same however often they are made.
 */
export async function patchObject(
  { deps, client, kind, name, namespace, uid, signal }: ActionCall,
  type: Exclude<PatchType, 'json'>,
  patch: { readonly metadata?: object; readonly [field: string]: unknown },
  subresource?: string,
): Promise<KubeObject> {
  const guarded = uid === undefined ? patch : { ...patch, metadata: { ...patch.metadata, uid } };
  const at = { name, namespace, ...(subresource !== undefined && { subresource }) };
  const { object } = await askAgain(deps.clock, signal, () =>
    client.patch(kind, at, type, guarded, { fieldManager: FIELD_MANAGER, signal }),
  );
  return object;
}
