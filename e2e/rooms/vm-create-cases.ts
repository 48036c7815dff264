import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { RoomFixture } from './room-fixture.ts';
import { BAD_BODIES } from './vm-bad-bodies.ts';
import { assertInvalid, fieldsOf, IMAGE, makerIn, seedBody, type Maker } from './vm-maker.ts';
import { WEBHOOK_REFUSALS } from './vm-webhook-refusals.ts';

const CASE_MS = 300_000;
const VMS = '/apis/kubevirt.io/v1';
const TYPES = '/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes';

/** Making and changing machines from outside, against any cluster that runs KubeVirt. */
export function vmCreateCases(fixture: RoomFixture): void {
  const { target, person } = fixture;
  const maker = (name: string): Promise<Maker> => makerIn(fixture, name);
  const objects = async (namespace: string, path: string): Promise<Wire[]> =>
    ((await target.admin.get(path.replace('NS', namespace))).body as { items: Wire[] }).items;
  const secretsOf = (namespace: string): Promise<Wire[]> =>
    objects(namespace, '/api/v1/namespaces/NS/secrets');
  const machineOf = async (namespace: string, name: string): Promise<Wire> =>
    (await target.admin.get(`${VMS}/namespaces/${namespace}/virtualmachines/${name}`)).body as Wire;

  cases('making machines', target, (it) => {
    it(
      '[VC1] the seed’s body makes a machine that runs, and answers as the seed says',
      async () => {
        const by = await maker('vc-seed');
        const reply = await by.create(seedBody('seed'));
        assert.equal(reply.status, 201, reply.text);
        const { success, id, name, message } = reply.body as Wire;
        assert.deepEqual([success, name, message], [true, 'seed', 'Virtual machine seed is made.']);
        const task = await by.taskEnds(reply.body.task.id as string);
        assert.equal(task.state, 'observed', JSON.stringify(task));
        const vm = await by.read('seed');
        assert.deepEqual(
          [vm.id, vm.status, vm.cpu, vm.memory, vm.osImage, vm.runStrategy],
          [id, 'Running', 1, '64Mi', IMAGE, 'Always'],
        );
        assert.deepEqual(
          (vm.networks as Wire[]).map((one) => one.mode as string),
          ['masquerade'],
        );
        const again = await by.create(seedBody('seed'));
        assert.deepEqual([again.status, again.body.reason], [409, 'AlreadyExists']);
      },
      { deadlineMs: CASE_MS },
    );

    it(
      '[VC2] what is chosen stands in the machine, which is off where its run strategy says so',
      async () => {
        const by = await maker('vc-rich');
        const type = target.unique('vc-tiny');
        await target.make(TYPES, {
          apiVersion: 'instancetype.kubevirt.io/v1beta1',
          kind: 'VirtualMachineClusterInstancetype',
          metadata: { name: type },
          spec: { cpu: { guest: 2 }, memory: { guest: '96Mi' } },
        });
        const reply = await by.create({
          name: 'rich',
          instancetype: { name: type },
          runStrategy: 'Manual',
          labels: { app: 'rich' },
          firmware: 'bios',
          disks: [
            { name: 'root', source: { type: 'containerDisk', image: IMAGE, pullPolicy: 'Never' } },
            { name: 'scratch', source: { type: 'empty' }, size: '32Mi', bus: 'sata' },
          ],
          networks: [{ name: 'net', model: 'e1000', macAddress: '02:00:00:00:00:0a' }],
          placement: {
            tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
            apartFrom: { labels: { app: 'rich' } },
          },
        });
        assert.equal(reply.status, 201, reply.text);
        assert.equal((await by.taskEnds(reply.body.task.id as string)).state, 'observed');
        const { spec } = await machineOf(by.namespace, 'rich');
        assert.deepEqual(
          [spec.instancetype.name, spec.runStrategy, spec.template.metadata.labels],
          [type, 'Manual', { app: 'rich' }],
        );
        const { domain, tolerations, affinity, volumes } = spec.template.spec;
        assert.deepEqual(domain.devices.disks, [
          { name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 },
          { name: 'scratch', disk: { bus: 'sata' } },
        ]);
        assert.deepEqual(domain.devices.interfaces, [
          { name: 'net', masquerade: {}, model: 'e1000', macAddress: '02:00:00:00:00:0a' },
        ]);
        assert.deepEqual(tolerations, [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }]);
        assert.equal(
          affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm
            .topologyKey,
          'kubernetes.io/hostname',
        );
        assert.equal(volumes[1].emptyDisk.capacity, '32Mi');
        const started = await by.who.api.post(
          '/api/vms/rich/action',
          { action: 'start' },
          { namespace: by.namespace },
        );
        assert.equal((await by.taskEnds(started.body.task.id as string)).state, 'observed', started.text);
        const { body: instance } = await target.admin.get(
          `${VMS}/namespaces/${by.namespace}/virtualmachineinstances/rich`,
        );
        assert.deepEqual([instance.spec.domain.cpu.sockets, instance.spec.domain.memory.guest], [2, '96Mi']);
      },
      { deadlineMs: CASE_MS },
    );

    it('[VC3] what is wrong is refused with every field that is', async () => {
      const by = await maker('vc-bad');
      for (const [body, ...fields] of BAD_BODIES) {
        const reply = await by.create({ ...seedBody('bad'), ...body });
        assertInvalid(reply, ...fields);
        assertInvalid(await by.create({ ...seedBody('bad'), ...body }, { dryRun: true }), ...fields);
      }
      assert.deepEqual((await by.who.api.get('/api/vms', { namespace: by.namespace })).body, []);
      const elsewhere = await by.who.api.post('/api/vms', seedBody('x'), { namespace: '*' });
      assert.deepEqual([elsewhere.status, elsewhere.body.reason], [400, 'BadRequest']);
    });

    it('[VC3] what KubeVirt itself refuses names the field of the request', async () => {
      const by = await maker('vc-webhook');
      // More than 256 KiB of annotations: only the API server counts them.
      const annotations = Object.fromEntries(
        Array.from({ length: 70 }, (_, index) => [`a-${index}`, 'x'.repeat(4096)]),
      );
      const fat = await by.create(seedBody('fat', { annotations }));
      assertInvalid(fat, 'annotations');
      assert.match(fat.body.message as string, /Too long/);
      const reply = await by.create(
        seedBody('typed', {
          disks: [{ name: 'root' }],
          instancetype: { name: 'there-is-none' },
          cpu: undefined,
          memory: undefined,
        }),
      );
      assertInvalid(reply, 'instancetype.name');
      assert.match(reply.body.message as string, /there is no cluster instance type "there-is-none"/);
    });

    it('[VC7] what a machine needs must be there, as far as the person may look', async () => {
      const by = await maker('vc-needs');
      const reply = await by.create(
        seedBody('needy', {
          preference: { name: 'nope', scope: 'namespace' },
          disks: [{ name: 'root', source: { type: 'claim', claim: 'nope' } }],
          cloudInit: { userDataSecret: 'nope', sshKeySecrets: ['nope'] },
        }),
      );
      assertInvalid(
        reply,
        'preference.name',
        'disks.0.source.claim',
        'cloudInit.userDataSecret',
        'cloudInit.sshKeySecrets.0',
      );
      const nothing = await person('vc-blind');
      const refused = await nothing.api.post('/api/vms', seedBody('x'), { namespace: by.namespace });
      assert.deepEqual([refused.status, refused.body.reason], [403, 'Forbidden'], refused.text);
    });

    it('[VC4] a dry run shows the objects, the verdict and what it takes of quotas, and makes nothing', async () => {
      const by = await maker('vc-dry');
      await target.make(`/api/v1/namespaces/${by.namespace}/resourcequotas`, {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'team' },
        spec: { hard: { 'requests.memory': '1Gi', pods: '0', secrets: '100', 'requests.cpu': '2' } },
      });
      await pollUntil('the quota to be counted', async () => {
        const { body } = await target.admin.get(`/api/v1/namespaces/${by.namespace}/resourcequotas/team`);
        return body.status?.used?.pods !== undefined;
      });
      const dry = await by.dryRun(
        seedBody('dry', { cloudInit: { users: [{ name: 'ada', password: 'open sesame' }] } }),
      );
      assert.equal(dry.accepted, true, JSON.stringify(dry));
      assert.deepEqual(
        (dry.objects as Wire[]).map(({ kind, accepted }) => [kind as string, accepted as boolean]),
        [
          ['Secret', true],
          ['VirtualMachine', true],
        ],
      );
      assert.doesNotMatch(JSON.stringify(dry), /sesame|b3BlbiBzZXNhbW/);
      const effects = Object.fromEntries((dry.quota as Wire[]).map((one) => [one.resource as string, one]));
      assert.deepEqual(
        [effects.pods.hard, effects.pods.adds, effects.pods.left, effects.pods.exceeded],
        ['0', '1', '-1', true],
      );
      assert.deepEqual([effects.secrets.adds, effects.secrets.exceeded], ['1', false]);
      assert.equal(effects['requests.memory'].hard, '1Gi');
      assert.ok(Number.parseInt(effects['requests.memory'].adds as string, 10) >= 300);
      assert.deepEqual((await by.who.api.get('/api/vms', { namespace: by.namespace })).body, []);
      const { yaml } = (dry.objects as Wire[])[1]!;
      assert.match(yaml as string, /^apiVersion: kubevirt\.io\/v1\nkind: VirtualMachine\n/);
      const taken = await by.create(seedBody('dry', { runStrategy: 'Halted' }));
      assert.equal(taken.status, 201, taken.text);
      const second = await by.dryRun(seedBody('dry'));
      assert.deepEqual([second.accepted, second.objects[0].status.reason], [false, 'AlreadyExists']);
    });

    it('[VC5] a machine that is refused leaves nothing behind', async () => {
      const by = await maker('vc-half');
      const first = await by.create(seedBody('taken', { runStrategy: 'Halted' }));
      assert.equal(first.status, 201, first.text);
      const before = (await secretsOf(by.namespace)).map(({ metadata }) => metadata.name as string);
      const secret = { cloudInit: { users: [{ name: 'ada', password: 'open sesame' }] } };
      const again = await by.create(seedBody('taken', secret));
      assert.deepEqual([again.status, again.body.reason], [409, 'AlreadyExists'], again.text);
      const clerk = await person('vc-clerk');
      await clerk.grant(
        await clerk.role([{ apiGroups: [''], resources: ['secrets'], verbs: ['create', 'patch', 'delete'] }]),
        by.namespace,
      );
      const refused = await pollUntil('the right to make Secrets', async () => {
        const reply = await clerk.api.post('/api/vms', seedBody('half', secret), { namespace: by.namespace });
        return /virtualmachines/.test(reply.text) && reply;
      });
      assert.deepEqual([refused.status, refused.body.reason], [403, 'Forbidden'], refused.text);
      const after = (await secretsOf(by.namespace)).map(({ metadata }) => metadata.name as string);
      assert.deepEqual(after, before);
      // Who could not clear up does not begin.
      const reckless = await person('vc-reckless');
      await reckless.grant(
        await reckless.role([{ apiGroups: [''], resources: ['secrets'], verbs: ['create'] }]),
        by.namespace,
      );
      const early = await reckless.api.post('/api/vms', seedBody('half', secret), {
        namespace: by.namespace,
      });
      assert.deepEqual([early.status, early.body.reason], [403, 'Forbidden'], early.text);
    });

    it('[VC6] cloud-init’s secrets are in a Secret that goes with the machine', async () => {
      const by = await maker('vc-cloud');
      const key = `ssh-ed25519 ${Buffer.alloc(68, 1).toString('base64')} ada@example`;
      const reply = await by.create(
        seedBody('cloud', {
          runStrategy: 'Halted',
          cloudInit: {
            hostname: 'cloud',
            users: [{ name: 'ada', sshKeys: [key], password: 'a: "b"\n- c', sudo: 'ALL=(ALL) NOPASSWD:ALL' }],
            commands: ['echo "$(date)" > /etc/motd # : {'],
          },
        }),
      );
      assert.equal(reply.status, 201, reply.text);
      const vm = await machineOf(by.namespace, 'cloud');
      const volume = (vm.spec.template.spec.volumes as Wire[]).find(({ name }) => name === 'cloud-init')!;
      const name = volume.cloudInitNoCloud.secretRef.name as string;
      assert.doesNotMatch(JSON.stringify(vm), /NOPASSWD/);
      const { body: secret } = await target.admin.get(`/api/v1/namespaces/${by.namespace}/secrets/${name}`);
      assert.equal(secret.metadata.ownerReferences[0].uid, reply.body.id);
      const text = Buffer.from(secret.data.userdata as string, 'base64').toString();
      assert.match(text, /^#cloud-config\n/);
      assert.deepEqual(load(text), {
        hostname: 'cloud',
        users: [
          {
            name: 'ada',
            sudo: 'ALL=(ALL) NOPASSWD:ALL',
            lock_passwd: false,
            plain_text_passwd: 'a: "b"\n- c',
            ssh_authorized_keys: [key],
          },
        ],
        runcmd: ['echo "$(date)" > /etc/motd # : {'],
      });
      const gone = await by.who.api.post(
        '/api/vms/cloud/action',
        { action: 'delete' },
        { namespace: by.namespace },
      );
      assert.equal((await by.taskEnds(gone.body.task.id as string)).state, 'observed');
      await pollUntil('the Secret to go', async () => {
        const { status } = await target.admin.get(`/api/v1/namespaces/${by.namespace}/secrets/${name}`);
        return status === 404;
      });
    });

    it('[VC6] short texts stand in the machine, long ones in a Secret, and too long ones nowhere', async () => {
      const by = await maker('vc-sizes');
      const dry = async (userData: string): Promise<string[]> =>
        ((await by.dryRun(seedBody('big', { cloudInit: { userData } }))).objects as Wire[]).map(
          ({ kind }) => kind as string,
        );
      const text = (bytes: number): string => `#!/bin/sh\n#${'x'.repeat(bytes - 11)}`;
      assert.deepEqual(await dry(text(2048)), ['VirtualMachine']);
      assert.deepEqual(await dry(text(2049)), ['Secret', 'VirtualMachine']);
      assert.deepEqual(await dry(text(512 * 1024)), ['Secret', 'VirtualMachine']);
      assertInvalid(
        await by.create(seedBody('big', { cloudInit: { userData: text(512 * 1024 + 1) } })),
        'cloudInit.userData',
      );
      assert.deepEqual(await dry('#cloud-config\npassword: x\n'), ['Secret', 'VirtualMachine']);
    });
  });

  cases('KubeVirt’s own webhook', target, (it) => {
    it('[SV13] refuses machines with the words and fields of virt-api', async () => {
      const namespace = await target.namespace('vc-admission');
      const path = `${VMS}/namespaces/${namespace}/virtualmachines`;
      for (const [name, spec, field, message] of WEBHOOK_REFUSALS) {
        const body = {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachine',
          metadata: { name: 'refused' },
          spec,
        };
        const reply = await target.admin.post(path, body, { dryRun: 'All' });
        const by = 'admission webhook "virtualmachine-validator.kubevirt.io" denied the request: ';
        assert.equal(reply.status, field === undefined ? 201 : 422, `${name}: ${reply.text}`);
        if (field === undefined) continue;
        assert.deepEqual(
          [reply.body.reason, reply.body.message, fieldsOf(reply)],
          ['Invalid', by + message, [field]],
          name,
        );
      }
    });
  });

  cases('changing machines', target, (it) => {
    it(
      '[VC9] cpu, memory, labels and run strategy, of the version that was seen; a restart is said to be needed',
      async () => {
        const by = await maker('vc-change');
        const made = await by.create(seedBody('web', { runStrategy: 'Halted' }));
        await by.taskEnds(made.body.task.id as string);
        const edit = (): Promise<Wire> =>
          by.who.api.get('/api/vms/web/edit', { namespace: by.namespace }).then(({ body }) => body as Wire);
        const seen = await edit();
        assert.deepEqual(
          [seen.cpu, seen.memory, seen.runStrategy, seen.running],
          [1, '64Mi', 'Halted', false],
        );
        // KubeVirt writes the status of a new machine for a while, and each write is a version.
        const off = await pollUntil('a version to stay', async () => {
          const { resourceVersion } = await edit();
          const change = { cpu: 2, memory: '96Mi', labels: { tier: 'db' }, resourceVersion };
          const reply = await by.change('web', change);
          return reply.status !== 409 && reply;
        });
        assert.equal(off.status, 200, off.text);
        assert.deepEqual(
          [off.body.restartRequired, off.body.vm.cpu, off.body.vm.memory, off.body.vm.labels],
          [false, 2, '96Mi', { tier: 'db' }],
        );
        const late = await by.change('web', { cpu: 3, resourceVersion: seen.resourceVersion });
        assert.deepEqual([late.status, late.body.reason], [409, 'Conflict'], late.text);
        assert.deepEqual(fieldsOf(late), ['resourceVersion']);

        const on = await by.change('web', { runStrategy: 'Always' });
        assert.equal(on.status, 202, on.text);
        assert.equal((await by.taskEnds(on.body.task.id as string)).state, 'observed');
        const more = await by.change('web', { memory: '128Mi', labels: { tier: null } });
        assert.equal(more.status, 200, more.text);
        assert.deepEqual([more.body.restartRequired, more.body.vm.labels], [true, {}], more.text);
        assert.match(more.body.reason as string, /memory updated in template spec/);
        await pollUntil('the machine to say so', async () => {
          const vm = await by.read('web');
          return /memory updated/.test((vm.restartRequired as string | undefined) ?? '');
        });
        const stopped = await by.change('web', { runStrategy: 'Halted' });
        assert.equal(stopped.status, 202, stopped.text);
        assert.equal((await by.taskEnds(stopped.body.task.id as string)).state, 'observed');
        const same = await by.change('web', { memory: '128Mi' });
        assert.deepEqual([same.status, same.body.restartRequired], [200, false], same.text);
      },
      { deadlineMs: CASE_MS },
    );

    it('[VC10] what cannot be changed so is refused with its field, and nothing changes', async () => {
      const by = await maker('vc-rigid');
      await by.create(seedBody('web', { runStrategy: 'Halted' }));
      for (const [body, ...fields] of [
        [{ memory: 'lots' }, 'memory'],
        [{ cpu: 0 }, 'cpu'],
        [{ runStrategy: 'Sometimes' }, 'runStrategy'],
        [{ labels: { 'not a key': 'x' } }, 'labels'],
      ] as const)
        assertInvalid(await by.change('web', body), ...fields);
      assert.equal((await by.change('web', {})).status, 422);
      assert.equal((await by.change('nobody', { cpu: 2 })).status, 404);
      const viewer = await person('vc-viewer');
      await viewer.grant('view', by.namespace);
      const refused = await pollUntil('the right to look', async () => {
        const reply = await viewer.api.patch(
          '/api/vms/web',
          'application/json',
          { cpu: 2 },
          { namespace: by.namespace },
        );
        return /patch/.test(reply.text) && reply;
      });
      assert.deepEqual([refused.status, refused.body.reason], [403, 'Forbidden'], refused.text);
      assert.equal((await by.read('web')).cpu, 1);
    });
  });

  cases('what new machines can be made of', target, (it) => {
    it('[VC8] is told as far as the person may list it', async () => {
      const by = await maker('vc-options');
      await by.create(seedBody('web', { runStrategy: 'Halted' }));
      const options = await pollUntil('the image to be known', async () => {
        const { body } = await by.who.api.get('/api/vm-options', { namespace: by.namespace });
        return (body.images as string[]).length > 0 && (body as Wire);
      });
      assert.deepEqual(options.images, [IMAGE]);
      assert.deepEqual([options.namespace, options.wukong, options.multus], [by.namespace, false, false]);
      // An editor of one namespace sees neither nodes nor storage classes.
      const missing = new Set((options.missing as Wire[]).map(({ part }) => part as string));
      assert.ok(missing.has('nodes') && missing.has('storageClasses'), JSON.stringify(options.missing));
      assert.deepEqual([options.nodes, options.devices], [[], []]);
      const nobody = await person('vc-nobody');
      const { body } = await nobody.api.get('/api/vm-options', { namespace: by.namespace });
      assert.deepEqual([body.secrets, body.claims, body.images], [[], [], []]);
      assert.equal((await nobody.api.get('/api/vm-options', { namespace: '*' })).status, 400);
    });
  });
}
