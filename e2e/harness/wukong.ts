import { wukongDefinitions } from '@krateyard/sandbox/wukong/definitions';
import { wukongRoles } from '@krateyard/sandbox/wukong/roles';
import { DEFINITIONS } from './kubevirt.ts';
import { makeOnce } from './make-once.ts';
import { pollUntil } from './poll-until.ts';
import type { Target } from './target.ts';
import type { Wire } from './wire.ts';

const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
export const WUKONG_API = '/apis/vm.novasphere.dev/v1alpha1';

/** Wukong's kinds and roles. In a sandbox its operator comes with them; a real cluster has the objects and nobody who acts on them. */
export async function bringWukong(target: Target): Promise<void> {
  for (const role of wukongRoles()) await makeOnce(target, ROLES, role as Wire);
  for (const crd of wukongDefinitions()) await makeOnce(target, DEFINITIONS, crd as Wire);
  for (const plural of ['wukongs', 'wukongsnapshots'])
    await pollUntil(
      `${plural} to be served`,
      async () => (await target.admin.get(`${WUKONG_API}/${plural}`)).status === 200,
    );
}

export function wukong(name: string, spec: Wire = {}): Wire {
  return {
    apiVersion: 'vm.novasphere.dev/v1alpha1',
    kind: 'Wukong',
    metadata: { name },
    spec: { cpu: 1, memory: '64Mi', osImage: 'local/guest:1', ...spec },
  };
}
