import type { KubeObject } from '@krateyard/kube/meta/object';
import { AGE, ANYTHING, definition, TEXT } from './custom-definition.ts';
import { instancetypeDefinitions } from './instancetype-definitions.ts';
import { KUBEVIRT_GROUP, SNAPSHOT_GROUP } from './kubevirt-resources.ts';

const condition = (type: string): string => `.status.conditions[?(@.type=='${type}')].status`;

const REFERENCE = {
  type: 'object',
  required: ['kind', 'name'],
  properties: { apiGroup: TEXT, kind: TEXT, name: TEXT },
};

/** KubeVirt's kinds with its own names and columns. Of the schemas only what people get wrong most: the rest is kept as it comes. */
export function kubevirtDefinitions(): KubeObject[] {
  return [...machineDefinitions(), ...snapshotDefinitions(), ...instancetypeDefinitions()];
}

function machineDefinitions(): KubeObject[] {
  return [
    definition({
      group: KUBEVIRT_GROUP,
      kind: 'VirtualMachine',
      shortNames: ['vm', 'vms'],
      versions: ['v1', 'v1alpha3'],
      spec: {
        ...ANYTHING,
        required: ['template'],
        properties: {
          running: { type: 'boolean' },
          runStrategy: TEXT,
          template: { ...ANYTHING, properties: { spec: ANYTHING } },
        },
      },
      required: ['spec'],
      columns: [
        AGE,
        ['Status', 'string', '.status.printableStatus'],
        ['Ready', 'string', condition('Ready')],
      ],
    }),
    definition({
      group: KUBEVIRT_GROUP,
      kind: 'VirtualMachineInstance',
      shortNames: ['vmi', 'vmis'],
      versions: ['v1', 'v1alpha3'],
      spec: { ...ANYTHING, required: ['domain'], properties: { domain: ANYTHING } },
      required: ['spec'],
      columns: [
        AGE,
        ['Phase', 'string', '.status.phase'],
        ['IP', 'string', '.status.interfaces[0].ipAddress'],
        ['NodeName', 'string', '.status.nodeName'],
        ['Ready', 'string', condition('Ready')],
        ['Live-Migratable', 'string', condition('LiveMigratable'), 1],
        ['Paused', 'string', condition('Paused'), 1],
      ],
    }),
    definition({
      group: KUBEVIRT_GROUP,
      kind: 'VirtualMachineInstanceMigration',
      shortNames: ['vmim', 'vmims'],
      versions: ['v1', 'v1alpha3'],
      spec: { ...ANYTHING, properties: { vmiName: TEXT } },
      required: ['spec'],
      columns: [
        ['Phase', 'string', '.status.phase'],
        ['VMI', 'string', '.spec.vmiName'],
      ],
    }),
  ];
}

function snapshotDefinitions(): KubeObject[] {
  return [
    definition({
      group: SNAPSHOT_GROUP,
      kind: 'VirtualMachineSnapshot',
      shortNames: ['vmsnapshot', 'vmsnapshots'],
      versions: ['v1beta1', 'v1alpha1'],
      spec: {
        type: 'object',
        required: ['source'],
        properties: {
          source: REFERENCE,
          deletionPolicy: { ...TEXT, enum: ['Delete', 'Retain'] },
          failureDeadline: TEXT,
        },
      },
      required: ['spec'],
      columns: [
        ['SourceKind', 'string', '.spec.source.kind'],
        ['SourceName', 'string', '.spec.source.name'],
        ['Phase', 'string', '.status.phase'],
        ['ReadyToUse', 'boolean', '.status.readyToUse'],
        ['CreationTime', 'date', '.status.creationTime'],
        ['Error', 'string', '.status.error.message'],
      ],
    }),
    definition({
      group: SNAPSHOT_GROUP,
      kind: 'VirtualMachineSnapshotContent',
      shortNames: ['vmsnapshotcontent', 'vmsnapshotcontents'],
      versions: ['v1beta1', 'v1alpha1'],
      spec: ANYTHING,
      required: ['spec'],
      columns: [
        ['ReadyToUse', 'boolean', '.status.readyToUse'],
        ['CreationTime', 'date', '.status.creationTime'],
        ['Error', 'string', '.status.error.message'],
      ],
    }),
    definition({
      group: SNAPSHOT_GROUP,
      kind: 'VirtualMachineRestore',
      shortNames: ['vmrestore', 'vmrestores'],
      versions: ['v1beta1', 'v1alpha1'],
      spec: {
        ...ANYTHING,
        required: ['target', 'virtualMachineSnapshotName'],
        properties: { target: REFERENCE, virtualMachineSnapshotName: TEXT },
      },
      required: ['spec'],
      columns: [
        ['TargetKind', 'string', '.spec.target.kind'],
        ['TargetName', 'string', '.spec.target.name'],
        ['Complete', 'boolean', '.status.complete'],
        ['RestoreTime', 'date', '.status.restoreTime'],
        ['Error', 'string', '.status.error.message'],
      ],
    }),
  ];
}
