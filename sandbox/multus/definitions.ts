import type { KubeObject } from '@krateyard/kube/meta/object';

const TEXT = { type: 'string' };

/** The kind by which Multus knows networks beside the pod's own. Nobody here joins anything to them: guests have no wires. */
export function multusDefinitions(): KubeObject[] {
  const group = 'k8s.cni.cncf.io';
  const plural = 'network-attachment-definitions';
  return [
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: {
          plural,
          singular: 'network-attachment-definition',
          kind: 'NetworkAttachmentDefinition',
          listKind: 'NetworkAttachmentDefinitionList',
          shortNames: ['net-attach-def'],
        },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: { spec: { type: 'object', properties: { config: TEXT } } },
              },
            },
          },
        ],
      },
    },
  ];
}
