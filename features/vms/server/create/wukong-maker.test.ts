import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStatusError } from '@krateyard/status/status-error';
import type { VmCreateRequest } from '../../contract/vm-create.ts';
import type { Plan, Surroundings } from './machine-maker.ts';
import { usageOf } from './quota-effect.ts';
import { wukongMaker } from './wukong-maker.ts';

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  namespace: 'team-a',
  cdi: true,
  wukong: true,
  randomHex: (digits) => '0123456789'.slice(0, digits),
  ...more,
});

const plan = (more: object = {}, surroundings = around()): Plan =>
  wukongMaker.plan(
    { name: 'web', cpu: 2, memory: '2Gi', owner: 'wukong', ...more } as VmCreateRequest,
    surroundings,
  );

const specOf = (more: object = {}): Record<string, unknown> =>
  plan(more).machine.object['spec'] as Record<string, unknown>;

function fieldsOf(more: object, surroundings?: Surroundings): string[] {
  try {
    plan(more, surroundings);
  } catch (error) {
    if (isStatusError(error)) return (error.details?.causes ?? []).map(({ field = '' }) => field);
    throw error;
  }
  return [];
}

const KEY = 'ssh-ed25519 AAAAC3Nz ada';

test('[VC14] the seed’s body becomes a Wukong, whose machine has its own name', () => {
  const made = plan({
    osImage: 'docker://images.example/os:1',
    disks: [],
    networks: [
      { name: 'default' },
      { name: 'lan', nadName: 'nets/lan', ipConfig: { address: '192.0.2.7/24' } },
    ],
    gpus: [{ name: 'g', deviceName: 'vendor.example/A1' }],
    placement: { nodeSelector: { zone: 'a' } },
    labels: { app: 'web' },
  });
  assert.deepEqual([made.name, made.machineName, made.needs], ['web', 'web-vm', []]);
  const { apiVersion, kind, metadata, spec } = made.machine.object;
  assert.deepEqual([apiVersion, kind], ['vm.novasphere.dev/v1alpha1', 'Wukong']);
  assert.deepEqual(metadata, { name: 'web', namespace: 'team-a', labels: { app: 'web' } });
  assert.deepEqual(spec, {
    cpu: 2,
    memory: '2Gi',
    osImage: 'images.example/os:1',
    networks: [
      {
        name: 'lan',
        type: 'bridge',
        nadName: 'nets/lan',
        ipConfig: { mode: 'static', address: '192.0.2.7/24' },
      },
    ],
    gpus: [{ name: 'g', deviceName: 'vendor.example/A1' }],
    highAvailability: { nodeSelector: { zone: 'a' } },
    startStrategy: { runStrategy: 'Always', autoStart: true },
  });
  assert.deepEqual(
    made.premises.map(({ field, name, must }) => [field, name, must]),
    [
      ['name', 'web-vm', 'be-new'],
      ['networks.1.nadName', 'lan', 'exist'],
    ],
  );
  assert.equal(made.fieldOf('spec.networks[0].nadName'), 'networks.1.nadName');
});

test('[VC14] disks are claims of a class; a container disk is its image; off is off', () => {
  const boot = { name: 'root', size: '10Gi', storageClassName: 'fast', boot: true };
  assert.deepEqual(specOf({ osImage: 'a.example/os:1', disks: [boot], runStrategy: 'Halted' }), {
    cpu: 2,
    memory: '2Gi',
    osImage: 'a.example/os:1',
    disks: [{ name: 'root', size: '10Gi', storageClassName: 'fast', boot: true, image: 'a.example/os:1' }],
    startStrategy: { autoStart: false },
  });
  const two = plan({
    disks: [
      { name: 'root', source: { type: 'containerDisk', image: 'a.example/os:1' } },
      { name: 'data', size: '5Gi', storageClassName: 'fast', source: { type: 'blank' } },
    ],
  });
  assert.deepEqual((two.machine.object['spec'] as { disks: object }).disks, [
    { name: 'data', size: '5Gi', storageClassName: 'fast', boot: false },
  ]);
  assert.equal(two.fieldOf('spec.disks[0].size'), 'disks.1.size');
  const usage = usageOf({ name: 'web', cpu: 2, memory: '2Gi' }, two, { cpu: 2, memory: '2Gi' });
  assert.deepEqual(
    ['persistentvolumeclaims', 'requests.storage', 'count/wukongs.vm.novasphere.dev'].map((key) =>
      usage.get(key),
    ),
    [1, 5 * 2 ** 30, 1],
  );
});

test('[VC14] a user brings keys or a hash: keys are in a Secret of the Wukong, a password is refused', () => {
  const { needs, machine } = plan({
    osImage: 'a:1',
    cloudInit: { users: [{ name: 'ada', sshKeys: [KEY], passwordHash: '$6$a$b' }] },
  });
  const [secret] = needs;
  assert.deepEqual(
    [secret?.object.metadata.name, Object.keys(secret?.object['data'] as object)],
    ['web-ssh-keys-01234', ['ssh-publickey']],
  );
  const { sshKeySecret, cloudInitUser } = machine.object['spec'] as Record<string, unknown>;
  assert.equal(sshKeySecret, 'web-ssh-keys-01234');
  assert.deepEqual(cloudInitUser, {
    name: 'ada',
    sudo: 'ALL=!ALL',
    passwordHash: '$6$a$b',
    lockPasswd: false,
  });
  const told = { osImage: 'a:1', cloudInit: { users: [{ name: 'ada', password: 'open sesame' }] } };
  assert.deepEqual(fieldsOf(told), ['cloudInit.users.0.password']);
});

test('[VC14] what a Wukong cannot say is refused by its field', () => {
  const image = { osImage: 'a:1' };
  for (const [more, ...fields] of [
    [{ ...image, cpu: undefined }, 'cpu'],
    [{ ...image, memory: 'lots' }, 'memory'],
    [{ ...image, name: 'a'.repeat(61) }, 'name'],
    [{ ...image, instancetype: { name: 'x' }, cpu: undefined, memory: undefined }, 'instancetype'],
    [{ ...image, preference: { name: 'x' } }, 'preference'],
    [{ ...image, firmware: 'efi' }, 'firmware'],
    [{ ...image, hostDevices: [{ name: 'd', deviceName: 'a.example/b' }] }, 'hostDevices'],
    [{ ...image, runStrategy: 'Once' }, 'runStrategy'],
    [{ ...image, cloudInit: { userData: '#!/bin/sh' } }, 'cloudInit.userData'],
    [{ ...image, cloudInit: { users: [{ name: 'a' }, { name: 'b' }] } }, 'cloudInit.users.1'],
    [{ ...image, placement: { nodes: ['n1'] } }, 'placement.nodes'],
    [{ ...image, placement: { apartFrom: { labels: { a: 'b' } } } }, 'placement.apartFrom'],
    [{ ...image, networks: [{ name: 'a', macAddress: '02:00:00:00:00:01' }] }, 'networks.0.macAddress'],
    [{ ...image, networks: [{ name: 'a' }, { name: 'b' }] }, 'networks.0.nadName', 'networks.1.nadName'],
    [
      { disks: [{ name: 'a', source: { type: 'claim', claim: 'c' } }] },
      'disks.0.source.type',
      'disks.0.storageClassName',
    ],
    [{ disks: [{ name: 'a', size: '1Gi', source: { type: 'blank' } }] }, 'disks.0.storageClassName'],
    [{}, 'disks'],
  ] as const)
    assert.deepEqual(fieldsOf(more), fields, JSON.stringify(more));
  assert.deepEqual(fieldsOf(image, around({ wukong: false })), ['owner']);
});
