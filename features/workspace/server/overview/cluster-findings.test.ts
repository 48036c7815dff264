import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { createTestCertificates } from '@krateyard/kube/test-servers/test-certificates';
import { certificateOf } from './certificates-route.ts';
import { deriveCertificate, deriveNamespace, deriveNode, deriveQuota } from './cluster-findings.ts';
import { OVERVIEW_KINDS } from './overview-kinds.ts';
import { deriveClaim, deriveDeployment, deriveJob } from './workload-findings.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
const DAY = 24 * 3600;

const object = (fields: Record<string, unknown>, metadata: Record<string, unknown> = {}): KubeObject => ({
  metadata: { name: 'x', creationTimestamp: ago(3600), ...metadata },
  ...fields,
});

test('[OV3] a node that is not ready, or under pressure', () => {
  const node = deriveNode(
    object({
      spec: { unschedulable: true },
      status: {
        allocatable: { cpu: '3900m', memory: '8053063680', pods: '110' },
        conditions: [
          {
            type: 'DiskPressure',
            status: 'True',
            message: 'kubelet has disk pressure',
            lastTransitionTime: ago(9),
          },
          { type: 'PIDPressure', status: 'False' },
          {
            type: 'Ready',
            status: 'Unknown',
            reason: 'NodeStatusUnknown',
            message: 'Kubelet stopped posting node status.',
            lastTransitionTime: ago(60),
          },
        ],
      },
    }),
  );
  assert.deepEqual(
    node.findings.map(({ cause, reason, since }) => [cause, reason, since]),
    [
      ['node-not-ready', 'NodeStatusUnknown', NOW - 60_000],
      ['node-pressure', 'DiskPressure', NOW - 9000],
    ],
  );
  assert.deepEqual(node.node, {
    allocatable: { cpu: 3900, memory: 8053063680, pods: 110 },
    ready: false,
    cordoned: true,
  });
});

test('[OV3] a quota near its end names what is short; a limit of nothing is none', () => {
  const quota = (used: Record<string, string>) =>
    deriveQuota(object({ status: { hard: { 'requests.cpu': '4', pods: '10', secrets: '0' }, used } }))
      .findings;
  assert.deepEqual(quota({ 'requests.cpu': '3500m', pods: '8', secrets: '0' }), []);
  const near = quota({ 'requests.cpu': '3600m', pods: '8', secrets: '0' })[0];
  assert.deepEqual([near?.severity, near?.message], ['warning', 'requests.cpu 3600m of 4']);
  const full = quota({ 'requests.cpu': '3600m', pods: '10', secrets: '0' })[0];
  assert.deepEqual([full?.severity, full?.message], ['critical', 'pods 10 of 10, requests.cpu 3600m of 4']);
});

test('[OV3] a Deployment that does not progress, or cannot make pods; not one that is paused', () => {
  const condition = (type: string, status: string, reason: string, message = '') => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: ago(30),
  });
  const told = (...conditions: unknown[]) => deriveDeployment(object({ status: { conditions } })).findings[0];
  assert.equal(told(condition('Progressing', 'True', 'NewReplicaSetAvailable')), undefined);
  assert.equal(told(condition('Progressing', 'False', 'DeploymentPaused')), undefined);
  assert.equal(
    told(condition('Progressing', 'False', 'ProgressDeadlineExceeded'))?.reason,
    'ProgressDeadlineExceeded',
  );
  const both = told(
    condition('Progressing', 'False', 'ProgressDeadlineExceeded'),
    condition('ReplicaFailure', 'True', 'FailedCreate', 'exceeded quota: q'),
  );
  assert.deepEqual(
    [both?.reason, both?.message, both?.since],
    ['FailedCreate', 'exceeded quota: q', NOW - 30_000],
  );
});

test('[OV3] a failed Job, with why', () => {
  const job = (type: string) =>
    deriveJob(
      object({
        status: { conditions: [{ type, status: 'True', reason: 'BackoffLimitExceeded', message: 'm' }] },
      }),
    ).findings;
  assert.deepEqual(job('Complete'), []);
  assert.equal(job('Failed')[0]?.reason, 'BackoffLimitExceeded');
});

test('[OV3] a claim waits wrongly: without its class, too long, or after a node was chosen', () => {
  const claim = (spec: object, annotations = {}, created = 600): KubeObject =>
    object({ spec, status: { phase: 'Pending' } }, { annotations, creationTimestamp: ago(created) });
  const classes: Record<string, KubeObject | null> = {
    late: object({ volumeBindingMode: 'WaitForFirstConsumer' }),
    now: object({ volumeBindingMode: 'Immediate' }),
    none: null,
  };
  const told = (one: KubeObject) => deriveClaim(one, { now: NOW, storageClass: (name) => classes[name] });
  assert.match(told(claim({ storageClassName: 'none' })).findings[0]!.message, /no storage class "none"/);
  assert.deepEqual(told(claim({ storageClassName: 'late' })).findings, []);
  const chosen = { 'volume.kubernetes.io/selected-node': 'n1' };
  assert.equal(told(claim({ storageClassName: 'late' }, chosen)).findings[0]?.cause, 'pending-volume');
  assert.deepEqual(told(claim({ storageClassName: 'now' }, {}, 20)), {
    findings: [],
    revisitAt: NOW + 40_000,
  });
  assert.equal(told(claim({ storageClassName: 'now' })).findings.length, 1);
  assert.equal(told(object({ status: { phase: 'Lost' } })).findings[0]?.severity, 'critical');
  assert.deepEqual(told(object({ status: { phase: 'Bound' } })).findings, []);
});

test('[OV3, OV6] a certificate is told fourteen days before it expires, and again when it has', () => {
  const certificate = (days: number): KubeObject =>
    object({
      status: {
        notAfter: new Date(NOW + days * DAY * 1000).toISOString(),
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });
  const told = (days: number) => deriveCertificate(certificate(days), { now: NOW });
  assert.deepEqual(told(30), { findings: [], revisitAt: NOW + 16 * DAY * 1000 });
  assert.equal(told(13).findings[0]?.severity, 'warning');
  assert.equal(told(13).revisitAt, NOW + 10 * DAY * 1000);
  assert.equal(told(2).findings[0]?.severity, 'critical');
  assert.deepEqual([told(-1).findings[0]?.reason, told(-1).revisitAt], ['Expired', undefined]);
});

test('[OV3] a namespace that does not go says what is left in it', () => {
  const conditions = [
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      message: 'widgets.example.com has 1 resource instances',
    },
    { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', message: 'All resources discovered' },
  ];
  const leaving = (seconds: number) =>
    deriveNamespace(object({ status: { conditions } }, { deletionTimestamp: ago(seconds) }), { now: NOW });
  assert.deepEqual(leaving(20), { findings: [], revisitAt: NOW + 100_000 });
  assert.equal(leaving(200).findings[0]?.message, 'widgets.example.com has 1 resource instances');
});

test('[OV11] it is made of no Secrets', () => {
  assert.deepEqual(
    OVERVIEW_KINDS.filter(({ gvr }) => gvr.resource === 'secrets'),
    [],
  );
});

test('[OV12] what is no certificate is told as that, and never quoted', () => {
  const secret = (crt: string | undefined): KubeObject => ({
    metadata: { namespace: 'a', name: 's' },
    data: { ...(crt !== undefined && { 'tls.crt': Buffer.from(crt).toString('base64') }), 'tls.key': 'a2V5' },
  });
  for (const crt of [
    undefined,
    '',
    'hunter2',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
  ]) {
    const told = certificateOf(secret(crt));
    assert.deepEqual(Object.keys(told), ['namespace', 'name', 'problem']);
    assert.doesNotMatch(JSON.stringify(told), /hunter2|a2V5|AAAA/);
  }
  const { server } = createTestCertificates();
  assert.equal(typeof certificateOf(secret(server.cert)).notAfter, 'number');
});
