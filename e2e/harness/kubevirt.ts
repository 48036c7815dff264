import { kubevirtDefinitions } from '@krateyard/sandbox/kubevirt/definitions';
import { kubevirtRoles } from '@krateyard/sandbox/kubevirt/roles';
import type { Target } from './target.ts';
import type { Wire } from './wire.ts';

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Gives a sandbox KubeVirt's kinds and roles, with which its machines come to life; a real cluster has them or has them not. */
export async function bringKubeVirt(target: Target): Promise<void> {
  if (target.kind !== 'sandbox') return;
  for (const crd of kubevirtDefinitions()) await target.make(DEFINITIONS, crd as Wire);
  for (const role of kubevirtRoles())
    await target.make('/apis/rbac.authorization.k8s.io/v1/clusterroles', role as Wire);
}
