import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { VmCreateRequest } from '../../contract/vm-create.ts';
import {
  bodyOf,
  emptyForm,
  newDisk,
  newNetwork,
  nextId,
  tolerationOf,
  type CreateForm,
} from './create-form.ts';
import { asWukong } from './as-wukong.ts';
import { errorAt, errorsOf } from './field-errors.ts';
import { readForm } from './form-draft.ts';
import { missingFields } from './missing-fields.ts';
import { unfitFields } from './unfit-fields.ts';
import { formOfMachine } from './form-of-machine.ts';
import { differenceOf, rebased } from './machine-difference.ts';

const form = (more: Partial<CreateForm> = {}): CreateForm => ({
  ...emptyForm('team-a'),
  name: ' web ',
  ...more,
});

test('[VC11] the request has what stands in the form, in its order', () => {
  const first = newDisk(1, []);
  const disks = [
    { ...first, from: 'a.example/x:1' },
    { ...newDisk(5, [first]), source: 'dataSource' as const, from: 'images/fedora', size: '' },
    { ...newDisk(6, [first]), source: 'blank' as const, size: '5Gi', storageClassName: 'fast' },
  ];
  const body = bodyOf(
    form({
      disks,
      networks: [
        newNetwork(2, []),
        {
          ...newNetwork(7, [newNetwork(2, [])]),
          nadName: 'lan',
          fixed: true,
          address: '192.0.2.7/24',
          dnsServers: '192.0.2.1, 192.0.2.2',
        },
      ],
      labels: 'app=web, lone',
      start: 'parts',
      users: [
        { id: 3, name: 'ada', sshKeys: 'ssh-ed25519 AAAA a\n\nssh-ed25519 BBBB b', password: '', sudo: true },
      ],
      tolerations: 'gpu=yes:NoSchedule\ndown',
      nodes: 'n1 n2',
      apartFrom: 'app=web',
    }),
  );
  assert.ok(Value.Check(VmCreateRequest, body));
  assert.equal(body.name, 'web');
  assert.deepEqual(body.disks, [
    { name: 'root', source: { type: 'containerDisk', image: 'a.example/x:1' }, boot: true },
    { name: 'disk', source: { type: 'dataSource', namespace: 'images', name: 'fedora' } },
    { name: 'disk', source: { type: 'blank' }, size: '5Gi', storageClassName: 'fast' },
  ]);
  assert.deepEqual(body.networks?.[1]?.ipConfig, {
    mode: 'static',
    address: '192.0.2.7/24',
    dnsServers: ['192.0.2.1', '192.0.2.2'],
  });
  assert.deepEqual(body.labels, { app: 'web', lone: '' });
  assert.deepEqual(body.cloudInit?.users, [
    { name: 'ada', sshKeys: ['ssh-ed25519 AAAA a', 'ssh-ed25519 BBBB b'], sudo: 'ALL=(ALL) ALL' },
  ]);
  assert.deepEqual(body.placement, {
    nodes: ['n1', 'n2'],
    tolerations: [
      { key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' },
      { key: 'down', operator: 'Exists' },
    ],
    apartFrom: { labels: { app: 'web' }, required: false },
  });
  assert.deepEqual(tolerationOf(':NoExecute'), { operator: 'Exists', effect: 'NoExecute' });
  assert.equal(nextId(form({ disks })), 7);
});

test('[VC11] an instance type takes the place of cpus and memory', () => {
  const body = bodyOf(
    form({ sizing: 'type', instancetype: 'cluster/u1.small', preference: 'namespace/own' }),
  );
  assert.deepEqual(
    [body.cpu, body.memory, body.instancetype, body.preference],
    [undefined, undefined, { name: 'u1.small', scope: 'cluster' }, { name: 'own', scope: 'namespace' }],
  );
});

test('[VC11] what is wrong is told at its field, what is inside of it too', () => {
  const errors = errorsOf({
    message: '',
    reason: 'Invalid',
    code: 422,
    details: {
      causes: [
        { field: 'disks.0', message: 'odd' },
        { field: 'disks.0.size', message: 'small' },
        { field: 'cloudInit.users.0.sshKeys.1', message: 'no key' },
      ],
    },
  });
  assert.equal(errorAt(errors, 'disks.0='), 'odd');
  assert.equal(errorAt(errors, 'disks.0.size'), 'small');
  assert.equal(errorAt(errors, 'cloudInit.users.0.sshKeys'), 'no key');
  assert.equal(errorAt(errors, 'disks.1'), undefined);
});

test('[VC12] a draft that another version wrote keeps what is of its kind', () => {
  const read = readForm(JSON.stringify({ name: 'kept', cpu: 'two', disks: 'none', strange: 1 }));
  assert.deepEqual(
    [read?.name, read?.cpu, read?.disks.length, Object.hasOwn(read ?? {}, 'strange')],
    ['kept', 1, 1, false],
  );
  const { gateway: _gateway, ...older } = { ...newNetwork(7, []), fixed: true, address: '10.0.0.9/24' };
  const lists = readForm(JSON.stringify({ networks: [older, null, 'net'], disks: [{ name: 'data' }] }));
  assert.deepEqual(lists?.networks, [{ ...older, gateway: '' }]);
  assert.deepEqual(
    missingFields(lists).map(({ field }) => field),
    ['name', 'namespace', 'disks.0.source.image'],
  );
  assert.doesNotThrow(() => bodyOf(lists));
  assert.equal(readForm('{'), undefined);
  assert.equal(readForm('null'), undefined);
});

test('[VC12] a form begun as another machine has its disks and sizes, not its addresses and secrets', () => {
  const began = formOfMachine({
    metadata: { name: 'web', namespace: 'team-a', labels: { app: 'web' } },
    spec: {
      runStrategy: 'Manual',
      template: {
        spec: {
          domain: {
            cpu: { sockets: 2, cores: 2 },
            memory: { guest: '4Gi' },
            devices: {
              disks: [
                { name: 'root', bootOrder: 1 },
                { name: 'cd', cdrom: {} },
              ],
              interfaces: [],
            },
          },
          networks: [{ name: 'default' }, { name: 'lan', multus: { networkName: 'lan' } }],
          volumes: [
            { name: 'root', dataVolume: { name: 'web-root' } },
            { name: 'cd', persistentVolumeClaim: { claimName: 'iso' } },
            { name: 'cloud-init' },
          ],
        },
      },
    },
  });
  assert.deepEqual(
    [began.name, began.cpu, began.memory, began.runStrategy, began.start],
    ['web-copy', 4, '4Gi', 'Manual', 'none'],
  );
  assert.deepEqual(
    began.disks.map(({ name, source, from, device, boot }) => [name, source, from, device, boot]),
    [
      ['root', 'clone', 'web-root', 'disk', true],
      ['cd', 'clone', 'iso', 'cdrom', false],
    ],
  );
  assert.deepEqual(
    began.networks.map(({ nadName, macAddress }) => [nadName, macAddress]),
    [
      ['', ''],
      ['lan', ''],
    ],
  );
  assert.ok(Value.Check(VmCreateRequest, bodyOf(began)));
});

test('[VC13] a change is what differs, of the version that was shown', () => {
  const before = {
    name: 'web',
    namespace: 'a',
    resourceVersion: '7',
    cpu: 1,
    memory: '1Gi',
    runStrategy: 'Always' as const,
    labels: {},
    running: true,
  };
  assert.equal(differenceOf(before, before), undefined);
  assert.deepEqual(differenceOf(before, { ...before, memory: ' 2Gi ' }), {
    memory: '2Gi',
    resourceVersion: '7',
  });
  // Somebody else has given it two CPUs meanwhile: they stay.
  const now = { ...before, cpu: 2, resourceVersion: '8' };
  const wanted = rebased(before, now, { ...before, memory: '2Gi' });
  assert.deepEqual(differenceOf(now, wanted), { memory: '2Gi', resourceVersion: '8' });
});

test('[VC11] what is required and empty is told by its field, in the form’s order', () => {
  const missing = (more: Partial<CreateForm>): string[] =>
    missingFields({ ...form(), disks: [{ ...newDisk(1, []), from: 'a/b:1' }], ...more }).map(
      ({ field }) => field,
    );
  assert.deepEqual(missing({}), []);
  assert.deepEqual(missing({ name: ' ', namespace: '', memory: '' }), ['name', 'namespace', 'memory']);
  assert.deepEqual(missing({ sizing: 'type', memory: '' }), ['instancetype.name']);
  const first = newDisk(1, []);
  assert.deepEqual(
    missing({
      disks: [
        first,
        { ...newDisk(4, [first]), size: '' },
        { ...newDisk(5, [first]), source: 'clone', from: '', size: '' },
        { ...newDisk(6, [first]), name: '', source: 'http', from: 'https://a.example/b', size: '' },
      ],
    }),
    ['disks.0.source.image', 'disks.1.size', 'disks.2.source.claim', 'disks.3.name', 'disks.3.size'],
  );
  const network = { ...newNetwork(2, []), nadName: 'lan', fixed: true };
  assert.deepEqual(missing({ networks: [network] }), ['networks.0.ipConfig.address']);
  assert.deepEqual(missing({ start: 'parts' }), ['cloudInit.users.0.name']);
  assert.deepEqual(missing({ start: 'secret' }), ['cloudInit.userDataSecret']);
  assert.deepEqual(missing({ gpus: [{ id: 9, name: 'dev', deviceName: '' }] }), ['gpus.0.deviceName']);
});

test('[VC14] a form that is to be a Wukong’s has nothing that a Wukong cannot say', () => {
  const first = newDisk(1, []);
  const full = form({
    sizing: 'type',
    instancetype: 'cluster/small',
    firmware: 'efi',
    runStrategy: 'Once',
    disks: [
      { ...first, from: 'a/b:1', device: 'cdrom', bus: 'sata' },
      { ...newDisk(4, [first]), source: 'clone', from: 'other', secret: 'key' },
    ],
    networks: [{ ...newNetwork(2, []), model: 'e1000', macAddress: '02:00:00:00:00:01' }],
    start: 'parts',
    users: [{ id: 3, name: 'ann', password: 'word', sshKeys: '', sudo: false }],
    sshKeySecrets: 'keys',
    hostDevices: [{ id: 9, name: 'd', deviceName: 'a.example/b' }],
    nodes: 'n1',
    apartFrom: 'app=web',
  });
  const wukong = { ...full, ...asWukong(full) };
  assert.deepEqual(bodyOf(wukong), {
    name: 'web',
    owner: 'wukong',
    cpu: 1,
    memory: '2Gi',
    runStrategy: 'Always',
    disks: [
      { name: 'root', source: { type: 'containerDisk', image: 'a/b:1' }, boot: true },
      { name: 'disk', source: { type: 'blank' }, size: '10Gi' },
    ],
    networks: [{ name: 'default' }],
    cloudInit: { users: [{ name: 'ann' }] },
  });
  const text = { ...full, start: 'text' as const, userData: '#!/bin/sh' };
  assert.equal(bodyOf({ ...text, ...asWukong(text) }).cloudInit, undefined);
  assert.deepEqual(
    missingFields(wukong).map(({ field }) => field),
    ['disks.1.storageClassName'],
  );
});

test('[VC11] what cannot be right is found while something else is still missing', () => {
  const unfit = (more: Partial<CreateForm>): string[] => [...unfitFields({ ...form(), ...more }).keys()];
  assert.deepEqual(unfit({}), []);
  assert.deepEqual(unfit({ name: ' ', memory: '' }), []);
  assert.deepEqual(unfit({ name: 'Not A Name', namespace: 'Other', memory: 'lots' }), [
    'name',
    'namespace',
    'memory',
  ]);
  assert.deepEqual(unfit({ sizing: 'type', memory: 'lots' }), []);
  const disk = { ...newDisk(1, []), size: '2 pounds' };
  assert.deepEqual(unfit({ disks: [{ ...disk, source: 'blank' }] }), ['disks.0.size']);
  assert.deepEqual(unfit({ disks: [disk] }), []);
});
