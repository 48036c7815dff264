import type { KubeObject } from '@krateyard/kube/meta/object';
import { AGE, ANYTHING, definition } from './custom-definition.ts';
import { INSTANCETYPE_GROUP } from './kubevirt-resources.ts';

const GUEST = { ...ANYTHING, required: ['guest'] };

/** Instance types (cpu and memory) and preferences (devices), for all namespaces and for one. They have no status. */
export function instancetypeDefinitions(): KubeObject[] {
  const type = { ...ANYTHING, required: ['cpu', 'memory'], properties: { cpu: GUEST, memory: GUEST } };
  return [
    of('VirtualMachineClusterInstancetype', 'Cluster', ['vmclusterinstancetype', 'vmcf'], type),
    of('VirtualMachineInstancetype', 'Namespaced', ['vminstancetype', 'vmf'], type),
    of('VirtualMachineClusterPreference', 'Cluster', ['vmcp', 'vmcps'], ANYTHING),
    of('VirtualMachinePreference', 'Namespaced', ['vmpref', 'vmp'], ANYTHING),
  ];
}

function of(
  kind: string,
  scope: 'Cluster' | 'Namespaced',
  shortNames: readonly string[],
  spec: object,
): KubeObject {
  return definition({
    group: INSTANCETYPE_GROUP,
    kind,
    shortNames,
    versions: ['v1beta1'],
    spec,
    required: ['spec'],
    columns: [AGE],
    scope,
    status: false,
  });
}
