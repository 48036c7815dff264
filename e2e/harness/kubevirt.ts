import { makeOnce } from './make-once.ts';
import { cdiDefinitions } from '@krateyard/sandbox/cdi/definitions';
import { cdiRoles } from '@krateyard/sandbox/cdi/roles';
import { kubevirtDefinitions } from '@krateyard/sandbox/kubevirt/definitions';
import { kubevirtBindings, kubevirtRoles } from '@krateyard/sandbox/kubevirt/roles';
import { multusDefinitions } from '@krateyard/sandbox/multus/definitions';
import { multusRoles } from '@krateyard/sandbox/multus/roles';
import type { Target } from './target.ts';
import type { Wire } from './wire.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Gives a sandbox KubeVirt's kinds and roles, with which its machines come to life; a real cluster has them or has them not. */
export async function bringKubeVirt(target: Target): Promise<void> {
  if (target.kind !== 'sandbox') return;
  for (const crd of kubevirtDefinitions()) await makeOnce(target, DEFINITIONS, crd as Wire);
  for (const role of kubevirtRoles()) await makeOnce(target, `${RBAC}/clusterroles`, role as Wire);
  for (const binding of kubevirtBindings())
    await makeOnce(target, `${RBAC}/clusterrolebindings`, binding as Wire);
}

/** Gives a sandbox the importer, with which DataVolumes are filled. */
export async function bringCdi(target: Target): Promise<void> {
  if (target.kind !== 'sandbox') return;
  for (const crd of cdiDefinitions()) await target.make(DEFINITIONS, crd as Wire);
  for (const role of cdiRoles()) await target.make(`${RBAC}/clusterroles`, role as Wire);
}

/** Gives a sandbox the kind of networks that Multus joins pods to. */
export async function bringMultus(target: Target): Promise<void> {
  if (target.kind !== 'sandbox') return;
  for (const crd of multusDefinitions()) await target.make(DEFINITIONS, crd as Wire);
  for (const role of multusRoles()) await target.make(`${RBAC}/clusterroles`, role as Wire);
}
