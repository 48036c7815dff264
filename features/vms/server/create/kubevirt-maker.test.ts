import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { Value } from 'typebox/value';
import { isStatusError } from '@krateyard/status/status-error';
import { VmCreateRequest } from '../../contract/vm-create.ts';
import { kubevirtMaker } from './kubevirt-maker.ts';
import type { Plan, Surroundings } from './machine-maker.ts';

const around = (cdi = true): Surroundings => ({
  namespace: 'team-a',
  cdi,
  wukong: true,
  randomHex: (digits) => '0123456789abcdef'.repeat(4).slice(0, digits),
});

const seed = (more: object = {}): VmCreateRequest =>
  ({
    name: 'web',
    cpu: 2,
    memory: '2Gi',
    osImage: 'images.example/os:1',
    disks: [],
    ...more,
  }) as VmCreateRequest;

const plan = (more: object = {}, cdi = true): Plan => kubevirtMaker.plan(seed(more), around(cdi));

interface Spec {
  readonly dataVolumeTemplates?: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: object;
  }[];
  readonly template: {
    readonly spec: {
      readonly domain: { readonly devices: { readonly disks: readonly object[] } };
      readonly volumes: readonly Readonly<Record<string, unknown>>[];
    };
  };
}
const specOf = ({ machine }: Plan): Spec => machine.object['spec'] as Spec;

function fieldsOf(make: () => unknown): string[] {
  try {
    make();
    return [];
  } catch (error) {
    if (!isStatusError(error)) throw error;
    assert.equal(error.reason, 'Invalid');
    return (error.details?.causes ?? []).map(({ field = '' }) => field);
  }
}

test('[VC1] the seed’s disks: the boot disk gets the image, others are blank', () => {
  const disks = [
    { name: 'data', size: '5Gi', storageClassName: 'fast' },
    { name: 'root', size: '20Gi', storageClassName: 'fast', boot: true },
  ];
  const spec = specOf(plan({ disks }));
  assert.deepEqual(spec.dataVolumeTemplates, [
    {
      metadata: { name: 'web-data' },
      spec: {
        source: { blank: {} },
        storage: { storageClassName: 'fast', resources: { requests: { storage: '5Gi' } } },
      },
    },
    {
      metadata: { name: 'web-root' },
      spec: {
        source: { registry: { url: 'docker://images.example/os:1' } },
        storage: { storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } },
      },
    },
  ]);
  assert.deepEqual(spec.template.spec.domain.devices.disks, [
    { name: 'data', disk: { bus: 'virtio' } },
    { name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 },
  ]);
  assert.deepEqual(specOf(plan()).template.spec.volumes, [
    { name: 'root', containerDisk: { image: 'images.example/os:1' } },
  ]);
});

test('[VC2] each way to fill a disk is one source; an installer’s CD goes before its blank disk', () => {
  const disks = [
    {
      name: 'cd',
      device: 'cdrom',
      boot: true,
      source: { type: 'http', url: 'https://a.example/x.iso' },
      size: '1Gi',
    },
    { name: 'root', boot: true, source: { type: 'blank' }, size: '20Gi' },
    { name: 'gold', source: { type: 'dataSource', name: 'fedora', namespace: 'images' } },
    { name: 'copy', source: { type: 'clone', claim: 'old' } },
    { name: 'kept', source: { type: 'claim', claim: 'old' } },
    { name: 'tmp', source: { type: 'empty' }, size: '1Gi' },
  ];
  const spec = specOf(plan({ disks }));
  assert.deepEqual(
    (spec.dataVolumeTemplates ?? []).map(
      ({ spec: { source, sourceRef } }: { spec: { source?: object; sourceRef?: object } }) =>
        source ?? sourceRef,
    ),
    [
      { http: { url: 'https://a.example/x.iso' } },
      { blank: {} },
      { kind: 'DataSource', name: 'fedora', namespace: 'images' },
      { pvc: { name: 'old', namespace: 'team-a' } },
    ],
  );
  assert.deepEqual(spec.template.spec.domain.devices.disks.slice(0, 2), [
    { name: 'cd', cdrom: { bus: 'sata' }, bootOrder: 1 },
    { name: 'root', disk: { bus: 'virtio' }, bootOrder: 2 },
  ]);
  assert.deepEqual(spec.template.spec.volumes.slice(4), [
    { name: 'kept', persistentVolumeClaim: { claimName: 'old' } },
    { name: 'tmp', emptyDisk: { capacity: '1Gi' } },
  ]);
});

test('[VC3] without CDI an image with a size is no silent container disk; a blank disk is a claim of its own', () => {
  assert.deepEqual(
    fieldsOf(() => plan({ disks: [{ name: 'root', size: '20Gi' }] }, false)),
    ['disks.0.size'],
  );
  const made = plan({ disks: [{ name: 'root' }, { name: 'data', size: '5Gi' }] }, false);
  assert.deepEqual(
    made.needs.map(({ object }) => [object.kind, object.metadata.name]),
    [['PersistentVolumeClaim', 'web-data']],
  );
  assert.deepEqual(specOf(made).template.spec.volumes[1], {
    name: 'data',
    persistentVolumeClaim: { claimName: 'web-data' },
  });
});

test('[VC6] whatever stands in the values, the guest reads them as they were given', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 4 }), (password, sudo, commands) => {
      const { needs } = plan({ cloudInit: { users: [{ name: 'ada', password, sudo }], commands } });
      const data = needs[0]!.object['data'] as { userdata: string };
      const written = Buffer.from(data.userdata, 'base64').toString();
      assert.ok(written.startsWith('#cloud-config\n'));
      const read = load(written) as { users: object[]; runcmd?: string[] };
      assert.deepEqual(read.users, [{ name: 'ada', sudo, lock_passwd: false, plain_text_passwd: password }]);
      assert.deepEqual(read.runcmd ?? [], commands);
    }),
    { numRuns: 500 },
  );
});

test('[VC6] fixed addresses are network data, for interfaces found by their MAC', () => {
  const made = plan({
    networks: [
      { name: 'default' },
      {
        name: 'lan',
        nadName: 'lan',
        ipConfig: {
          mode: 'static',
          address: '192.0.2.7/24',
          gateway: '192.0.2.1',
          dnsServers: ['192.0.2.53'],
        },
      },
    ],
  });
  const volume = specOf(made).template.spec.volumes.find(({ name }) => name === 'cloud-init');
  const { userData, networkData } = volume!['cloudInitNoCloud'] as { userData: string; networkData: string };
  assert.equal(userData, '#cloud-config\n{}\n');
  const match = { macaddress: '02:01:23:45:67:89' };
  assert.deepEqual(load(networkData), {
    version: 2,
    ethernets: {
      default: { match, dhcp4: true },
      lan: {
        match,
        addresses: ['192.0.2.7/24'],
        routes: [{ to: '0.0.0.0/0', via: '192.0.2.1' }],
        nameservers: { addresses: ['192.0.2.53'] },
      },
    },
  });
});

test('[VC6] no secret value stands in a refusal', () => {
  const key = 'AAAA-a-private-thing';
  const body = {
    cloudInit: {
      users: [{ name: 'Bad', password: key, sshKeys: [key] }],
      userData: `#cloud-config\n${key}: [`,
    },
  };
  try {
    plan(body);
    assert.fail('it was taken');
  } catch (error) {
    assert.ok(isStatusError(error));
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error.details)}`, /private-thing/);
  }
});

test('[VC3] any request that has the shape is a plan, or Invalid with fields of the request', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('a', 'web', '1Gi', '2', 'docker://a', 'https://a/b', '-', '..', ''),
  );
  const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...KEYS), tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  let shaped = 0;
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...KEYS), value, { maxKeys: 6 }),
      word,
      fc.boolean(),
      (more, name, cdi) => {
        const clean = Value.Clean(VmCreateRequest, { ...seed(), ...more, name: name === '' ? 'x' : name });
        const body = Value.Check(VmCreateRequest, clean)
          ? clean
          : { ...seed(), name: name === '' ? 'x' : name };
        shaped += 1;
        const fields = fieldsOf(() => kubevirtMaker.plan(body, around(cdi)));
        for (const field of fields) assert.match(field, /^[a-zA-Z]+(\.|$)/);
      },
    ),
    { numRuns: 3000 },
  );
  assert.equal(shaped, 3000);
});

const KEYS = [
  'disks',
  'networks',
  'cloudInit',
  'placement',
  'labels',
  'gpus',
  'memory',
  'cpu',
  'osImage',
  'source',
  'type',
  'size',
  'image',
  'users',
  'name',
  'sshKeys',
  'userData',
  'networkData',
  'nodes',
  'tolerations',
  'key',
  'ipConfig',
  'address',
  'boot',
  'instancetype',
] as const;
