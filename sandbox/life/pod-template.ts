import type { OwnerReference } from '@krateyard/kube/meta/object';
import type { Pod } from './pod-types.ts';
import type { PodTemplate } from './workload-types.ts';

/** The pod that a workload's template stands for. */
export function podFromTemplate(
  template: PodTemplate,
  owner: OwnerReference,
  at: { namespace: string; name?: string; generateName?: string; labels?: Record<string, string> },
): Pod {
  const { namespace, name, generateName, labels } = at;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name !== undefined && { name }),
      ...(generateName !== undefined && { generateName }),
      namespace,
      labels: { ...template.metadata?.labels, ...labels },
      ...(template.metadata?.annotations && { annotations: { ...template.metadata.annotations } }),
      ...(template.metadata?.finalizers && { finalizers: [...template.metadata.finalizers] }),
      ownerReferences: [owner],
    },
    spec: structuredClone(template.spec),
  };
}
