import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { readMachinePath, readVmsUrl, formatVmsUrl, vmHref } from '../vm-address.ts';
import { conditionsOf, waitingOf } from './conditions.ts';
import { mergedEvents } from './machine-events.ts';

const object = (status: unknown): LiveObject => ({ metadata: { name: 'web' }, status });

test('[VP6] conditions are read whatever is wrong with them', () => {
  const since = '2026-01-01T00:00:00Z';
  const conditions = [
    { type: 'Ready', status: 'False', reason: 'R', message: 'M', lastTransitionTime: since },
    null,
    'odd',
    { type: 7 },
  ];
  assert.deepEqual(conditionsOf('Instance', object({ conditions })), [
    { of: 'Instance', type: 'Ready', status: 'False', reason: 'R', message: 'M', since: Date.parse(since) },
    { of: 'Instance', type: '', status: '', reason: '', message: '', since: undefined },
  ]);
  assert.deepEqual(conditionsOf('Instance', object({ conditions: 'none' })), []);
  assert.deepEqual(conditionsOf('Instance', undefined), []);
});

test('[VP5, VP6] an image that cannot be fetched is told by the launcher pod’s containers', () => {
  const containerStatuses = [
    { name: 'compute', state: { waiting: { reason: 'ContainerCreating' } } },
    { name: 'volumeroot', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } },
    { name: 'guest', state: { running: {} } },
  ];
  const [one, ...rest] = waitingOf('Launcher pod', object({ containerStatuses }));
  assert.deepEqual(
    [one?.type, one?.reason, one?.message, rest.length],
    ['volumeroot', 'ImagePullBackOff', 'no such image', 0],
  );
});

test('[VP6] what was said more than once stands once, newest first', () => {
  const event = (reason: string, lastTimestamp: string, count: number): LiveObject => ({
    metadata: { name: reason },
    type: 'Warning',
    reason,
    message: reason,
    count,
    lastTimestamp,
    involvedObject: { kind: 'VirtualMachine' },
  });
  const events = [
    event('Old', '2026-01-01T00:00:00Z', 1),
    event('New', '2026-01-01T00:00:02Z', 2),
    event('New', '2026-01-01T00:00:01Z', 1),
    { metadata: {} },
  ];
  assert.deepEqual(
    mergedEvents(events).map(({ reason, count }) => [reason, count]),
    [
      ['New', 3],
      ['Old', 1],
      ['', 1],
    ],
  );
});

test('[VP3, VP6] addresses restore what they were made of', () => {
  const url = { namespaces: ['a', 'b'], filter: 'web label=app=x', sort: '-memory' };
  assert.deepEqual(readVmsUrl(new URL(formatVmsUrl(url), 'http://x').search), url);
  assert.equal(formatVmsUrl({ namespaces: [], filter: '', sort: undefined }), '/vms');
  assert.equal(vmHref('a', 'web', 'snapshots'), '/vms/a/web?tab=snapshots');
  assert.deepEqual(readMachinePath('/vms/a/web'), { namespace: 'a', name: 'web' });
  for (const path of ['/vms', '/vms/wall', '/vms/a/web/screen', '/vms/%/x', '/pods/a/web'])
    assert.equal(readMachinePath(path), undefined);
});
