import assert from 'node:assert/strict';
import { request } from 'node:https';
import { assertCode, assertStatus } from '../harness/assert-status.ts';
import { tlsOf } from '../harness/api.ts';
import type { Wire } from '../harness/wire.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { within, pollUntil } from '../harness/poll-until.ts';
import { configMap, pod, widget, widgetCrd } from '../harness/objects.ts';

const target = await suiteTarget();
const { admin } = target;
const ns = await target.namespace('beyond');
const maps = `/api/v1/namespaces/${ns}/configmaps`;
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

cases('what the sandbox leaves out', target, (it) => {
  it(
    'a CRD may have rules in CEL',
    async () => {
      const group = `${target.unique('cel')}.example.com`;
      const crd = widgetCrd(group);
      const [v1] = crd.spec.versions;
      v1.schema = structuredClone(v1.schema);
      v1.schema.openAPIV3Schema.properties.spec['x-kubernetes-validations'] = [
        { rule: 'self.size < 5', message: 'too big' },
      ];
      await target.make(CRDS, crd);
      const path = `/apis/${group}/v1/namespaces/${ns}/widgets`;
      await pollUntil('the resource', async () => (await admin.get(path)).status === 200);
      assertStatus(await admin.post(path, widget(group, 'big', { size: 6 })), 422, 'Invalid', /too big/);
    },
    { differs: 'cel-rules' },
  );

  it(
    'a ValidatingAdmissionPolicy refuses',
    async () => {
      const base = '/apis/admissionregistration.k8s.io/v1';
      const name = target.unique('policy');
      await target.make(`${base}/validatingadmissionpolicies`, {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name },
        spec: {
          matchConstraints: {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ns } },
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
            ],
          },
          validations: [{ expression: "!object.metadata.name.startsWith('policed')" }],
        },
      });
      await target.make(`${base}/validatingadmissionpolicybindings`, {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      });
      const refused = await pollUntil(
        'the policy to hold',
        async () => {
          const reply = await admin.post(maps, { ...configMap(''), metadata: { generateName: 'policed-' } });
          return reply.status !== 201 && reply;
        },
        { deadlineMs: 5000, everyMs: 200 },
      );
      assertStatus(refused, 422, 'Invalid', /denied/);
    },
    { differs: 'admission-policies' },
  );

  it(
    'answers in protobuf',
    async () => {
      const reply = await admin.get(maps, {}, { accept: 'application/vnd.kubernetes.protobuf' });
      assertCode(reply, 200);
      assert.equal(reply.text.slice(0, 3), 'k8s');
    },
    { differs: 'protobuf-answers' },
  );

  it(
    'exec speaks SPDY',
    async () => {
      const pods = `/api/v1/namespaces/${ns}/pods`;
      await admin.post(pods, pod('spdy'));
      await pollUntil(
        'the pod',
        async () => (await admin.get(`${pods}/spdy`)).body.status.phase === 'Running',
        { deadlineMs: 30_000 },
      );
      const upgraded = Promise.withResolvers<string>();
      const asked = request(admin.url(`${pods}/spdy/exec`, { command: 'true', stdout: true }), {
        ...tlsOf(admin.login),
        method: 'POST',
        headers: {
          ...admin.identityHeaders(),
          connection: 'Upgrade',
          upgrade: 'SPDY/3.1',
          'x-stream-protocol-version': 'v4.channel.k8s.io',
        },
      });
      asked.on('upgrade', (response, socket) => {
        socket.destroy();
        upgraded.resolve(String(response.headers.upgrade));
      });
      asked.on('response', (response) => upgraded.reject(new Error(`refused with ${response.statusCode}`)));
      asked.on('error', upgraded.reject);
      asked.end();
      try {
        assert.equal(await within('the upgrade', 10_000, upgraded.promise), 'SPDY/3.1');
      } finally {
        asked.destroy();
      }
    },
    { differs: 'spdy' },
  );

  it(
    'flow control has its objects',
    async () => {
      const { body } = await admin.get('/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas');
      assert.ok(body.items.some((item: Wire) => item.metadata.name === 'global-default'));
    },
    { differs: 'flow-control' },
  );
});
