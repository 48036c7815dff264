import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { reasonOf, type StatusError } from '@krateyard/status/status-error';

import { FACTS } from './builtin.gen.ts';
import { builtinFacts } from './builtin-facts.ts';
import { builtinSchema } from './builtin-schemas.ts';
import { pullPolicyOf, qosClassOf } from './pod-defaults.ts';
import type { TypeSchema } from './type-schema.ts';

const schemaOf = (object: KubeObject): TypeSchema =>
  builtinSchema({ ...parseGroupVersion(object.apiVersion ?? ''), kind: object.kind ?? '' })!;

function object(apiVersion: string, kind: string, body: object, metadata: object = {}): KubeObject {
  return { apiVersion, kind, metadata: { name: 'x', namespace: 'n', ...metadata }, ...body };
}

const pod = (spec: object): KubeObject => object('v1', 'Pod', { spec });

const deployment = (spec: object = {}, container: object = {}): KubeObject =>
  object('apps/v1', 'Deployment', {
    spec: {
      selector: { matchLabels: { app: 'x' } },
      template: {
        metadata: { labels: { app: 'x' } },
        spec: { containers: [{ name: 'a', image: 'i:1', ...container }] },
      },
      ...spec,
    },
  });

function filled(input: KubeObject): KubeObject {
  const copy = structuredClone(input);
  schemaOf(copy).prune(copy);
  schemaOf(copy).applyDefaults(copy);
  return copy;
}

const errorsOf = (input: KubeObject, old?: KubeObject): string[] =>
  schemaOf(input)
    .validate(filled(input), old && filled(old))
    .map(({ field, message }) => `${field}: ${message}`);

function failure(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('it did not fail');
}

test('[SS1] fields that a type does not have go, and their paths are told', () => {
  const input = deployment({ replicaz: 1 }, { imagee: 'x' });
  assert.deepEqual(schemaOf(input).prune(input), [
    'spec.template.spec.containers[0].imagee',
    'spec.replicaz',
  ]);
  assert.equal('replicaz' in (input['spec'] as object), false);
});

const UNDECODABLE: [KubeObject, string][] = [
  [
    deployment({ replicas: 'x' }),
    'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  ],
  [
    object('v1', 'ConfigMap', { data: { a: 1 } }),
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
  [
    pod({ containers: 'x' }),
    'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    pod({ containers: [{ name: 'a', image: 'i', resources: { limits: { cpu: 'abc' } } }] }),
    `Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
  ],
];

for (const [input, message] of UNDECODABLE)
  test(`[SS1] ${message.slice(0, 150)}`, () => {
    const error = failure(() => schemaOf(input).prune(input));
    assert.equal(reasonOf(error), 'BadRequest');
    assert.equal(error.message, message);
  });

test('[SS2] nulls fall out, quantities and times take one form', () => {
  const input = object(
    'v1',
    'Pod',
    {
      spec: {
        nodeName: null,
        containers: [{ name: 'a', image: 'i', resources: { limits: { cpu: '1000m', memory: '1024Mi' } } }],
      },
    },
    { creationTimestamp: '2026-01-01T01:00:00.5+01:00', labels: null },
  );
  schemaOf(input).prune(input);
  assert.deepEqual(input, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', namespace: 'n', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      containers: [{ name: 'a', image: 'i', resources: { limits: { cpu: '1', memory: '1Gi' } } }],
    },
  });
});

test('[SS3] a pod is filled in', () => {
  const { spec, status } = filled(
    pod({
      containers: [
        {
          name: 'a',
          image: 'nginx',
          ports: [{ containerPort: 80 }],
          readinessProbe: { httpGet: { port: 80 } },
          resources: { limits: { cpu: '1', memory: '1Gi' } },
        },
      ],
      volumes: [{ name: 'v' }, { name: 'c', configMap: { name: 'c' } }],
    }),
  ) as unknown as Record<'spec' | 'status', Record<string, unknown>>;
  assert.deepEqual(spec['containers'], [
    {
      name: 'a',
      image: 'nginx',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      readinessProbe: {
        httpGet: { port: 80, path: '/', scheme: 'HTTP' },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } },
      imagePullPolicy: 'Always',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    },
  ]);
  assert.deepEqual(spec['volumes'], [
    { name: 'v', emptyDir: {} },
    { name: 'c', configMap: { name: 'c', defaultMode: 420 } },
  ]);
  assert.deepEqual(
    [spec['restartPolicy'], spec['dnsPolicy'], spec['serviceAccountName'], spec['priority']],
    ['Always', 'ClusterFirst', 'default', 0],
  );
  assert.equal((spec['tolerations'] as unknown[]).length, 2);
  assert.deepEqual(status, { phase: 'Pending', qosClass: 'Guaranteed' });
});

test('[SS3] what has no spec gets none', () => {
  const revision = { data: { spec: { template: {} } }, revision: 1 };
  assert.deepEqual(Object.keys(filled(object('apps/v1', 'ControllerRevision', revision))), [
    'apiVersion',
    'kind',
    'metadata',
    'data',
    'revision',
  ]);
});

test('[SS3] images that may change are pulled always', () => {
  const policies: [string, string][] = [
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['host:5000/nginx', 'Always'],
    ['host:5000/nginx:1', 'IfNotPresent'],
    ['nginx@sha256:00', 'IfNotPresent'],
  ];
  for (const [image, policy] of policies) assert.equal(pullPolicyOf(image), policy, image);
});

test('[SS3] what a pod asks for makes its class', () => {
  const classOf = (resources: object): string => qosClassOf({ containers: [{ resources }] });
  assert.equal(classOf({}), 'BestEffort');
  assert.equal(classOf({ requests: { cpu: '1' } }), 'Burstable');
  assert.equal(classOf({ limits: { cpu: '1', memory: '1' } }), 'Guaranteed');
  assert.equal(classOf({ limits: { cpu: '1', memory: '1' }, requests: { cpu: '500m' } }), 'Burstable');
});

const FILLED: [KubeObject, object][] = [
  [
    deployment(),
    {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    },
  ],
  [
    object('v1', 'Service', { spec: { ports: [{ port: 80 }] } }),
    {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    },
  ],
  [
    object('batch/v1', 'Job', { spec: { template: { spec: {} } } }, { uid: 'u' }),
    {
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
    },
  ],
  [
    object('batch/v1', 'CronJob', { spec: { schedule: '@daily' } }),
    { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3 },
  ],
  [
    object('apps/v1', 'StatefulSet', { spec: {} }),
    { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 },
  ],
  [
    object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { egress: [{}] } }),
    { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  ],
];

for (const [input, expected] of FILLED)
  test(`[SS3] a ${input.kind} is filled in, once and for all`, () => {
    const once = filled(input);
    assert.partialDeepStrictEqual(once['spec'], expected);
    assert.deepEqual(filled(once), once);
  });

test('[SS3] plain texts of a secret become its data', () => {
  const secret = filled(object('v1', 'Secret', { stringData: { a: 'b' } }));
  assert.deepEqual(
    [secret['data'], secret['stringData'], secret['type']],
    [{ a: 'Yg==' }, undefined, 'Opaque'],
  );
});

test('[SS4] a deployment without anything is told all that is missing', () => {
  assert.deepEqual(errorsOf(object('apps/v1', 'Deployment', {})), [
    'spec.selector: Required value',
    'spec.template.spec.containers: Required value',
  ]);
});

const WRONG: [KubeObject, string][] = [
  [deployment({ replicas: -1 }), 'spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
  [deployment({}, { image: '' }), 'spec.template.spec.containers[0].image: Required value'],
  [
    deployment({}, { imagePullPolicy: 'Foo' }),
    'spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "Foo": supported values: "Always", "IfNotPresent", "Never"',
  ],
  [
    deployment({}, { ports: [{ containerPort: 70_000 }] }),
    'spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
  ],
  [
    deployment({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    object('v1', 'Service', { spec: { ports: [{ port: 80 }, { port: 81 }] } }),
    'spec.ports[0].name: Required value',
  ],
  [
    object('v1', 'ConfigMap', {}, { labels: { 'a b': 'c' } }),
    "metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
  ],
  [
    object('rbac.authorization.k8s.io/v1', 'Role', { rules: [{ apiGroups: [''], resources: ['pods'] }] }),
    'rules[0].verbs: Required value: verbs must contain at least one value',
  ],
  [
    object('v1', 'PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'] } }),
    'spec.resources[storage]: Required value',
  ],
  [
    object('networking.k8s.io/v1', 'Ingress', { spec: { rules: [{ host: 'A_' }] } }),
    "spec.rules[0].host: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ],
];

for (const [input, message] of WRONG)
  test(`[SS4] ${message.slice(0, 120)}`, () => {
    assert.ok(errorsOf(input).includes(message), errorsOf(input).join('\n'));
  });

test('[SS4] a right object has no errors', () => {
  const right = [
    deployment(),
    object('v1', 'Service', { spec: { clusterIP: 'None' } }),
    object('v1', 'ConfigMap', { data: { 'a.b': 'c' } }),
    object('batch/v1', 'CronJob', {
      spec: {
        schedule: '*/5 * * * *',
        jobTemplate: {
          spec: {
            template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'i' }] } },
          },
        },
      },
    }),
  ];
  for (const input of right) assert.deepEqual(errorsOf(input), [], input.kind);
});

const UNCHANGEABLE: [KubeObject, KubeObject, RegExp][] = [
  [
    deployment({
      selector: { matchLabels: { b: 'c' } },
      template: {
        metadata: { labels: { b: 'c' } },
        spec: { containers: [{ name: 'a', image: 'i' }] },
      },
    }),
    deployment(),
    /^spec\.selector: Invalid value: .*: field is immutable$/,
  ],
  [
    object('v1', 'Secret', { immutable: true, data: { a: 'Yg==' } }),
    object('v1', 'Secret', { immutable: true, data: {} }),
    /^data: Forbidden: field is immutable when `immutable` is set$/,
  ],
  [
    object('v1', 'Service', { spec: { clusterIP: '10.0.0.2', ports: [{ port: 80 }] } }),
    object('v1', 'Service', { spec: { clusterIP: '10.0.0.1', ports: [{ port: 80 }] } }),
    /may not change once set$/,
  ],
  [
    object('apps/v1', 'StatefulSet', { spec: { serviceName: 'b' } }),
    object('apps/v1', 'StatefulSet', { spec: { serviceName: 'a' } }),
    /^spec: Forbidden: updates to statefulset spec for fields other than/,
  ],
  [
    pod({ hostNetwork: true, containers: [{ name: 'a', image: 'i' }] }),
    pod({ containers: [{ name: 'a', image: 'i' }] }),
    /^spec: Forbidden: pod updates may not change fields other than/,
  ],
];

for (const [input, old, message] of UNCHANGEABLE)
  test(`[SS5] ${input.kind}: ${message.source}`, () => {
    assert.ok(
      errorsOf(input, old).some((error) => message.test(error)),
      errorsOf(input, old).join('\n'),
    );
    assert.ok(!errorsOf(old, old).some((error) => message.test(error)));
  });

test('[SS10] the facts are small and every kind that they name can be unpacked', () => {
  assert.ok(FACTS.length < 400 * 1024);
  const facts = builtinFacts();
  for (const name of facts.names()) {
    assert.equal(facts.named(name)?.name, name);
    for (const kind of facts.kindsOf(name)) assert.equal(facts.ofKind(kind), facts.named(name));
    for (const field of Object.values(facts.named(name)?.fields ?? {})) assert.ok(field);
  }
  assert.equal(builtinSchema({ group: 'example.com', version: 'v1', kind: 'Thing' }), undefined);
});
