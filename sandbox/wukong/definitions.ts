import type { KubeObject } from '@krateyard/kube/meta/object';
import { WUKONG_GROUP } from './wukong-resources.ts';

const TEXT = { type: 'string' };
const NAME = { type: 'string', minLength: 1 };
const YES_OR_NO = { type: 'boolean' };
const TEXTS = { type: 'array', items: TEXT };
const DNS_LABEL = { type: 'string', maxLength: 63, pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' };
const QUANTITY = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?([KMGTPE]i?)?$' };
const TIME = { type: 'string', format: 'date-time' };

const oneOf = (...values: string[]): object => ({ type: 'string', enum: values });

/** An object with these fields; those whose names end in `*` are required. */
function fields(properties: Readonly<Record<string, object>>): object {
  const required = Object.keys(properties)
    .filter((name) => name.endsWith('*'))
    .map((name) => name.slice(0, -1));
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name.replace(/\*$/, ''), schema]),
    ),
  };
}

const listOf = (items: object): object => ({ type: 'array', items });

const CLOUD_INIT_USER = fields({
  'name*': NAME,
  password: TEXT,
  passwordHash: TEXT,
  sudo: { ...TEXT, default: 'ALL=(ALL) NOPASSWD:ALL' },
  shell: { ...TEXT, default: '/bin/bash' },
  groups: TEXTS,
  lockPasswd: YES_OR_NO,
});

const NETWORK = fields({
  'name*': DNS_LABEL,
  type: oneOf('bridge', 'macvlan', 'sriov', 'ovs'),
  nadName: TEXT,
  vlanId: { type: 'integer', minimum: 1, maximum: 4094 },
  bridgeName: TEXT,
  physicalInterface: TEXT,
  primary: YES_OR_NO,
  ipConfig: fields({ mode: oneOf('static', 'dhcp'), address: TEXT, gateway: TEXT, dnsServers: TEXTS }),
});

const DISK = fields({
  'name*': DNS_LABEL,
  'size*': QUANTITY,
  'storageClassName*': NAME,
  boot: YES_OR_NO,
  image: TEXT,
});

const TOLERATION = fields({
  key: TEXT,
  operator: TEXT,
  value: TEXT,
  effect: TEXT,
  tolerationSeconds: { type: 'integer', format: 'int64' },
});

const SPEC = fields({
  'cpu*': { type: 'integer', minimum: 1, maximum: 64 },
  'memory*': QUANTITY,
  osImage: TEXT,
  sshKeySecret: TEXT,
  cloudInitUser: CLOUD_INIT_USER,
  networks: listOf(NETWORK),
  disks: listOf(DISK),
  highAvailability: fields({
    restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
    antiAffinity: YES_OR_NO,
    nodeSelector: { type: 'object', additionalProperties: TEXT },
    tolerations: listOf(TOLERATION),
  }),
  startStrategy: fields({ runStrategy: oneOf('Always', 'RerunOnFailure', 'Manual'), autoStart: YES_OR_NO }),
  gpus: listOf(fields({ 'name*': NAME, 'deviceName*': NAME })),
  restoreFromSnapshot: TEXT,
});

const CONDITION = fields({
  'type*': TEXT,
  'status*': TEXT,
  reason: TEXT,
  message: TEXT,
  lastTransitionTime: TIME,
});

const STATUS = fields({
  phase: oneOf('Pending', 'Creating', 'Running', 'Stopped', 'Error'),
  vmName: TEXT,
  nodeName: TEXT,
  conditions: listOf(CONDITION),
  networks: listOf(
    fields({
      name: TEXT,
      interface: TEXT,
      ipAddress: TEXT,
      macAddress: TEXT,
      nadName: TEXT,
      primary: YES_OR_NO,
    }),
  ),
  volumes: listOf(fields({ name: TEXT, pvcName: TEXT, bound: YES_OR_NO, size: TEXT })),
});

const SNAPSHOT_STATUS = fields({
  phase: oneOf('Pending', 'Creating', 'Succeeded', 'Failed'),
  snapshotName: TEXT,
  creationTime: TIME,
  error: TEXT,
});

type Column = readonly [name: string, type: string, jsonPath: string];

/** Wukong's two kinds, with structural schemas: what they do not name is pruned, as `spec.running` is. */
export function wukongDefinitions(): KubeObject[] {
  return [
    definition('Wukong', ['wk'], SPEC, STATUS, [
      ['Phase', 'string', '.status.phase'],
      ['VM', 'string', '.status.vmName'],
      ['Node', 'string', '.status.nodeName'],
      ['CPU', 'integer', '.spec.cpu'],
      ['Memory', 'string', '.spec.memory'],
      ['Age', 'date', '.metadata.creationTimestamp'],
    ]),
    definition('WukongSnapshot', ['wksnap'], fields({ 'wukongName*': NAME }), SNAPSHOT_STATUS, [
      ['Wukong', 'string', '.spec.wukongName'],
      ['Phase', 'string', '.status.phase'],
      ['Snapshot', 'string', '.status.snapshotName'],
      ['Age', 'date', '.metadata.creationTimestamp'],
    ]),
  ];
}

function definition(
  kind: string,
  shortNames: readonly string[],
  spec: object,
  status: object,
  columns: readonly Column[],
): KubeObject {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${WUKONG_GROUP}` },
    spec: {
      group: WUKONG_GROUP,
      scope: 'Namespaced',
      names: { plural, singular, kind, listKind: `${kind}List`, shortNames: [...shortNames] },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', required: ['spec'], properties: { spec, status } },
          },
          subresources: { status: {} },
          additionalPrinterColumns: columns.map(([name, type, jsonPath]) => ({ name, type, jsonPath })),
        },
      ],
    },
  };
}
