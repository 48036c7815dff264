import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldErrors } from './field-errors.ts';
import { KIND_RULES } from './kind-rules.ts';
import type { JsonObject } from './schema-node.ts';

function errorsOf(kind: string, object: JsonObject, old?: JsonObject): string[] {
  const errors = new FieldErrors();
  KIND_RULES[kind]?.(object, old, errors);
  return errors.list.map(({ field, message }) => `${field}: ${message}`);
}

const template = (labels: JsonObject): JsonObject => ({
  metadata: { labels },
  spec: { containers: [{ name: 'a', image: 'x' }] },
});

test('[SS4] a pod needs containers with names of their own and images', () => {
  assert.deepEqual(errorsOf('/Pod', { spec: {} }), ['spec.containers: Required value']);
  const twins = [{ name: 'a', image: 'x' }, { name: 'a' }];
  assert.deepEqual(errorsOf('/Pod', { spec: { containers: twins } }), [
    'spec.containers[1].name: Duplicate value: "a"',
    'spec.containers[1].image: Required value',
  ]);
});

test('[SS5] of a pod only images, tolerations, deadlines and the first node may change', () => {
  const pod = (more: JsonObject, image = 'x'): JsonObject => ({
    spec: { containers: [{ name: 'a', image }], ...more },
  });
  assert.deepEqual(errorsOf('/Pod', pod({ nodeName: 'n', tolerations: [] }, 'y'), pod({})), []);
  assert.match(
    errorsOf('/Pod', pod({ nodeName: 'm' }), pod({ nodeName: 'n' }))[0] ?? '',
    /^spec: Forbidden: pod updates/,
  );
});

test('[SS4] a volume mount names a volume', () => {
  const containers = [{ name: 'a', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }];
  assert.deepEqual(errorsOf('/Pod', { spec: { containers } }), [
    'spec.containers[0].volumeMounts[0].name: Not found: "v"',
  ]);
  assert.deepEqual(errorsOf('/Pod', { spec: { containers, volumes: [{ name: 'v' }] } }), []);
});

test('[SS5] a workload selects its own pods, and always the same', () => {
  const spec = (app: string): JsonObject => ({
    selector: { matchLabels: { app } },
    template: template({ app }),
  });
  assert.deepEqual(errorsOf('apps/Deployment', { spec: spec('a') }, { spec: spec('a') }), []);
  assert.match(
    errorsOf('apps/Deployment', { spec: spec('b') }, { spec: spec('a') })[0] ?? '',
    /spec\.selector: .*field is immutable/,
  );
  const astray = { selector: { matchLabels: { app: 'a' } }, template: template({ app: 'b' }) };
  assert.match(
    errorsOf('apps/Deployment', { spec: astray })[0] ?? '',
    /`selector` does not match template `labels`/,
  );
});

test('[SS5] content is bounded and an immutable one stays', () => {
  assert.deepEqual(errorsOf('/ConfigMap', { data: { a: 'x'.repeat(1024 * 1024 + 1) } }), [
    ': Too long: may not be more than 1048576 bytes',
  ]);
  assert.equal(
    errorsOf('/ConfigMap', { data: { a: '2' }, immutable: true }, { data: { a: '1' }, immutable: true })
      .length,
    1,
  );
});

test('[SS4] a schedule must be readable', () => {
  const errors = (schedule: string): string[] =>
    errorsOf('batch/CronJob', { spec: { schedule, jobTemplate: { spec: { template: template({}) } } } });
  assert.equal(errors('sometimes').length, 1);
  assert.equal(errors('61 * * * *').length, 1);
  assert.deepEqual(errors('*/5 * * * *'), []);
  assert.deepEqual(errors('@daily'), []);
});

test('[SS5] a role binding keeps its role', () => {
  const bound = (name: string): JsonObject => ({ roleRef: { name } });
  assert.equal(errorsOf('rbac.authorization.k8s.io/RoleBinding', bound('a'), bound('b')).length, 1);
});
