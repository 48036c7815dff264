import type { KubeObject } from '@krateyard/kube/meta/object';
import { AGE, ANYTHING, definition, TEXT } from '../kubevirt/custom-definition.ts';
import { CDI_GROUP } from './cdi-resources.ts';

/** The Containerized Data Importer's kinds that people write, with its own columns. */
export function cdiDefinitions(): KubeObject[] {
  return [
    definition({
      group: CDI_GROUP,
      kind: 'DataVolume',
      shortNames: ['dv', 'dvs'],
      versions: ['v1beta1'],
      spec: ANYTHING,
      required: ['spec'],
      columns: [
        ['Phase', 'string', '.status.phase'],
        ['Progress', 'string', '.status.progress'],
        ['Restarts', 'integer', '.status.restartCount'],
        AGE,
      ],
    }),
    definition({
      group: CDI_GROUP,
      kind: 'DataSource',
      shortNames: ['das'],
      versions: ['v1beta1'],
      spec: { ...ANYTHING, required: ['source'], properties: { source: ANYTHING, name: TEXT } },
      required: ['spec'],
      columns: [AGE],
    }),
  ];
}
