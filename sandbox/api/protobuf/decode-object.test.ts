import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, property, uint8Array } from 'fast-check';
import { isStatusError } from '@krateyard/status/status-error';
import { decodeProtobufObject } from './decode-object.ts';

const text = (field: number, value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(field << 3) | 2, bytes.length]), bytes]);
};
const number = (field: number, value: number): Buffer => Buffer.from([field << 3, value]);
const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    text(1, Buffer.concat([text(1, apiVersion), text(2, kind)])),
    text(2, raw),
  ]);
const metadata = text(1, Buffer.concat([text(1, 'web'), text(3, ''), text(6, ''), text(8, Buffer.alloc(0))]));

test('[SB21] a Deployment: zeros behind pointers stay, others are absent', () => {
  const labels = text(1, Buffer.concat([text(1, 'app'), text(2, 'web')]));
  const spec = Buffer.concat([number(1, 0), text(2, labels), number(5, 0), number(7, 0)]);
  assert.deepEqual(
    decodeProtobufObject(envelope('apps/v1', 'Deployment', Buffer.concat([metadata, text(2, spec)]))),
    {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web' },
      spec: { replicas: 0, selector: { matchLabels: { app: 'web' } } },
    },
  );
});

test('[SB21] inlined unions, quantities, bytes and int-or-strings take their JSON forms', () => {
  const empty = text(2, text(2, Buffer.alloc(0)));
  const volume = text(1, Buffer.concat([text(1, 'scratch'), empty]));
  const limits = text(8, text(1, Buffer.concat([text(1, 'cpu'), text(2, text(1, '500m'))])));
  const container = text(2, Buffer.concat([text(1, 'main'), text(2, 'nginx'), limits]));
  const pod = decodeProtobufObject(
    envelope('v1', 'Pod', Buffer.concat([metadata, text(2, Buffer.concat([volume, container]))])),
  );
  assert.deepEqual(pod['spec'], {
    volumes: [{ name: 'scratch', emptyDir: {} }],
    containers: [{ name: 'main', image: 'nginx', resources: { limits: { cpu: '500m' } } }],
  });
  const entry = text(2, Buffer.concat([text(1, 'key'), text(2, Buffer.from([1, 2, 255]))]));
  assert.deepEqual(decodeProtobufObject(envelope('v1', 'Secret', entry))['data'], { key: 'AQL/' });
});

test('[SB24] bytes that are no message are a BadRequest', () => {
  const refused = (bytes: Buffer): boolean => {
    try {
      decodeProtobufObject(bytes);
      return true;
    } catch (error) {
      return isStatusError(error) && error.reason === 'BadRequest';
    }
  };
  assert.ok(refused(Buffer.from('{}')));
  check(
    property(uint8Array({ maxLength: 200 }), (raw) =>
      refused(envelope('v1', 'Pod', Buffer.from(raw)).subarray(0, 300)),
    ),
  );
});
