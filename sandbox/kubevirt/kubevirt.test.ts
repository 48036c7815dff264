import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { RESOURCES } from '../life/resources.ts';
import type { Pod } from '../life/pod-types.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts';
import { ask } from '../test-request.ts';
import { kubevirtDefinitions } from './definitions.ts';
import { KUBEVIRT } from './kubevirt-resources.ts';
import { kubevirtRoles } from './roles.ts';
import { DEADLINE_MS, until, untilStatus, withDefinitions } from './test-sandbox.ts';
import type { Instance, Migration, Restore, Snapshot, VirtualMachine } from './vm-types.ts';

const NAMESPACE = 'team-a';
const SUBRESOURCES = `/apis/subresources.kubevirt.io/v1/namespaces/${NAMESPACE}`;

const withKubeVirt = (
  use: (sandbox: Sandbox) => Promise<void>,
  options: SandboxOptions = {},
): Promise<void> => {
  const begin = async (sandbox: Sandbox): Promise<void> => {
    for (const role of kubevirtRoles())
      await sandbox.client.create(
        { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' },
        role,
      );
    await use(sandbox);
  };
  return withDefinitions(kubevirtDefinitions(), begin, options);
};

function makeVm(
  sandbox: Sandbox,
  name: string,
  spec: Partial<VirtualMachine['spec']> = {},
): Promise<VirtualMachine> {
  const { template, ...rest } = spec;
  return sandbox.client.create<VirtualMachine>(KUBEVIRT.virtualMachines, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      runStrategy: 'Manual',
      ...rest,
      template: {
        spec: {
          domain: { memory: { guest: '64Mi' }, devices: {} },
          volumes: [{ name: 'root', containerDisk: { image: 'local/guest:1' } }],
          ...template?.spec,
        },
      },
    },
  });
}

const act = (sandbox: Sandbox, path: string, body?: object) =>
  ask(sandbox, 'admin', `${SUBRESOURCES}/${path}`, { method: 'PUT', ...(body && { body }) });

const wordsOf = (body: unknown): string => (body as { message: string }).message;

/** A socket to a guest, with what has come of it. */
async function openStream(sandbox: Sandbox, path: string, protocols = ['plain.kubevirt.io']) {
  const socket = new WebSocket(`${sandbox.url.replace('https', 'wss')}${SUBRESOURCES}/${path}`, protocols, {
    ca: sandbox.caPem,
    headers: { authorization: `Bearer ${sandbox.people.tokenOf('admin')}` },
  });
  let bytes: Buffer = Buffer.alloc(0);
  const waiting = new Set<() => void>();
  const closed = Promise.withResolvers<number>();
  socket.on('message', (message: Buffer) => {
    bytes = Buffer.concat([bytes, message]);
    for (const look of waiting) look();
  });
  socket.on('close', (code) => closed.resolve(code));
  const opened = Promise.withResolvers<void>();
  socket.on('open', () => opened.resolve());
  socket.on('error', (error) => opened.reject(error));
  await opened.promise;
  return {
    socket,
    closed: closed.promise,
    get bytes() {
      return bytes;
    },
    forget: () => {
      bytes = Buffer.alloc(0);
    },
    until: (wanted: (all: Buffer) => boolean): Promise<void> => {
      const done = Promise.withResolvers<void>();
      const look = (): void => {
        if (wanted(bytes)) done.resolve();
      };
      const timer = setTimeout(
        () => done.reject(new Error(`got only ${JSON.stringify(bytes.toString('latin1').slice(-400))}`)),
        DEADLINE_MS,
      );
      waiting.add(look);
      look();
      return done.promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(look);
      });
    },
  };
}

test('[SV1] KubeVirt is there when its definitions are, and not before', async () => {
  const sandbox = await createSandbox();
  try {
    const before = await ask(sandbox, 'admin', '/apis/subresources.kubevirt.io/v1');
    assert.equal(before.status, 404);
  } finally {
    await sandbox.stop();
  }
  await withKubeVirt(async (lit) => {
    const { body } = await ask(lit, 'admin', '/apis/subresources.kubevirt.io/v1');
    const names = new Set((body as { resources: { name: string }[] }).resources.map(({ name }) => name));
    assert.ok(names.has('virtualmachines/start') && names.has('virtualmachineinstances/vnc'));
    await makeVm(lit, 'first');
    await untilStatus(lit, 'first', 'Stopped');
  });
});

test('[SV2, SV3] start, pause, restart and stop, with the answers and refusals of KubeVirt', () =>
  withKubeVirt(async (sandbox) => {
    await makeVm(sandbox, 'web');
    await untilStatus(sandbox, 'web', 'Stopped');
    assert.equal((await act(sandbox, 'virtualmachines/none/start')).status, 404);
    const idle = await act(sandbox, 'virtualmachines/web/stop');
    assert.equal(idle.status, 409);
    assert.equal(
      wordsOf(idle.body),
      'Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VM is not running',
    );
    const started = await act(sandbox, 'virtualmachines/web/start');
    assert.deepEqual([started.status, started.text], [202, '']);
    const instance = await until<Instance>(
      sandbox,
      KUBEVIRT.instances,
      'web',
      (one) => one.status?.phase === 'Running',
    );
    assert.deepEqual(
      instance.status?.phaseTransitionTimestamps?.map(({ phase }) => phase),
      ['Pending', 'Scheduling', 'Scheduled', 'Running'],
    );
    const vm = await untilStatus(sandbox, 'web', 'Running');
    assert.equal(vm.status?.ready, true);
    const pods = await sandbox.client.list<Pod>(RESOURCES.pods, { namespace: NAMESPACE });
    assert.match(pods.items[0]?.metadata.name ?? '', /^virt-launcher-web-/);
    assert.equal(instance.status?.interfaces?.[0]?.ipAddress, pods.items[0]?.status?.podIP);

    assert.equal((await act(sandbox, 'virtualmachines/web/start')).status, 409);
    assert.equal((await act(sandbox, 'virtualmachineinstances/web/unpause')).status, 409);
    assert.equal((await act(sandbox, 'virtualmachineinstances/web/pause')).status, 200);
    await untilStatus(sandbox, 'web', 'Paused');
    assert.equal((await act(sandbox, 'virtualmachineinstances/web/unpause')).status, 200);
    await untilStatus(sandbox, 'web', 'Running');

    assert.equal((await act(sandbox, 'virtualmachines/web/restart', { gracePeriodSeconds: 5 })).status, 400);
    assert.equal((await act(sandbox, 'virtualmachines/web/stop', { dryRun: ['All'] })).status, 202);
    assert.equal((await act(sandbox, 'virtualmachines/web/restart')).status, 202);
    await until<Instance>(
      sandbox,
      KUBEVIRT.instances,
      'web',
      (one) => one.metadata.uid !== instance.metadata.uid && one.status?.phase === 'Running',
    );
    assert.equal((await act(sandbox, 'virtualmachines/web/stop')).status, 202);
    await untilStatus(sandbox, 'web', 'Stopped');
    assert.equal((await act(sandbox, 'virtualmachines/web/nonsense')).status, 404);
    const wrongVerb = await ask(sandbox, 'admin', `${SUBRESOURCES}/virtualmachines/web/start`, { body: {} });
    assert.equal(wrongVerb.status, 405);
  }));

test('[SV4] what becomes of a machine whose guest switches itself off is its run strategy’s', () =>
  withKubeVirt(async (sandbox) => {
    await makeVm(sandbox, 'always', { runStrategy: 'Always' });
    await makeVm(sandbox, 'once', { runStrategy: 'RerunOnFailure' });
    const running = async (name: string) =>
      until<Instance>(sandbox, KUBEVIRT.instances, name, (one) => one.status?.phase === 'Running');
    const before = await running('always');
    await running('once');
    for (const name of ['always', 'once']) {
      const serial = await openStream(sandbox, `virtualmachineinstances/${name}/console`);
      serial.socket.send(Buffer.from('\r'));
      await serial.until((all) => all.includes('# '));
      serial.socket.send(Buffer.from('poweroff\r'));
      await serial.closed;
    }
    await until<Instance>(
      sandbox,
      KUBEVIRT.instances,
      'always',
      (one) => one.metadata.uid !== before.metadata.uid && one.status?.phase === 'Running',
    );
    const off = await until<Instance>(
      sandbox,
      KUBEVIRT.instances,
      'once',
      (one) => one.status?.phase === 'Succeeded',
    );
    assert.equal(off.metadata.deletionTimestamp, undefined);
    await untilStatus(sandbox, 'once', 'Stopped');
  }));

test('[SV5] a machine that cannot start says why', () =>
  withKubeVirt(async (sandbox) => {
    const spec = { domain: { devices: {} } };
    await makeVm(sandbox, 'far', {
      runStrategy: 'Always',
      template: { spec: { ...spec, nodeSelector: { moon: 'yes' } } },
    });
    await makeVm(sandbox, 'diskless', {
      runStrategy: 'Always',
      template: {
        spec: { ...spec, volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'none' } }] },
      },
    });
    await untilStatus(sandbox, 'far', 'ErrorUnschedulable');
    await untilStatus(sandbox, 'diskless', 'ErrorPvcNotFound');
  }));

test('[SV6] a migration moves the running guest; its streams break and its shell goes on', () =>
  withKubeVirt(async (sandbox) => {
    await makeVm(sandbox, 'mover', { runStrategy: 'Always' });
    const before = await until<Instance>(
      sandbox,
      KUBEVIRT.instances,
      'mover',
      (one) => one.status?.phase === 'Running',
    );
    const serial = await openStream(sandbox, 'virtualmachineinstances/mover/console');
    serial.socket.send(Buffer.from('\r'));
    await serial.until((all) => all.includes('# '));
    serial.socket.send(Buffer.from('KEPT=yes\r'));
    assert.equal((await act(sandbox, 'virtualmachines/mover/migrate')).status, 202);
    await serial.closed;
    const after = await until<Instance>(
      sandbox,
      KUBEVIRT.instances,
      'mover',
      (one) => one.status?.migrationState?.completed === true,
    );
    assert.notEqual(after.status?.nodeName, before.status?.nodeName);
    assert.equal(after.metadata.uid, before.metadata.uid);
    const [migration] = (await sandbox.client.list<Migration>(KUBEVIRT.migrations, { namespace: NAMESPACE }))
      .items;
    await until<Migration>(
      sandbox,
      KUBEVIRT.migrations,
      migration!.metadata.name!,
      (one) => one.status?.phase === 'Succeeded',
    );
    const again = await openStream(sandbox, 'virtualmachineinstances/mover/console');
    again.socket.send(Buffer.from('echo kept=$KEPT\r'));
    await again.until((all) => all.includes('kept=yes'));
    again.socket.terminate();
  }));

test('[SV7, SV8] a snapshot and its restores, to the same machine and to a new one', () =>
  withKubeVirt(async (sandbox) => {
    const snapshot = (name: string, of: string) =>
      sandbox.client.create<Snapshot>(KUBEVIRT.snapshots, {
        apiVersion: 'snapshot.kubevirt.io/v1beta1',
        kind: 'VirtualMachineSnapshot',
        metadata: { name, namespace: NAMESPACE },
        spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: of } },
      });
    const restore = (name: string, to: string) =>
      sandbox.client.create<Restore>(KUBEVIRT.restores, {
        apiVersion: 'snapshot.kubevirt.io/v1beta1',
        kind: 'VirtualMachineRestore',
        metadata: { name, namespace: NAMESPACE },
        spec: {
          target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: to },
          virtualMachineSnapshotName: 'good',
        },
      });
    await makeVm(sandbox, 'db');
    await untilStatus(sandbox, 'db', 'Stopped');
    await act(sandbox, 'virtualmachines/db/start');
    await untilStatus(sandbox, 'db', 'Running');
    await snapshot('good', 'db');
    await snapshot('lost', 'nobody');
    const taken = await until<Snapshot>(
      sandbox,
      KUBEVIRT.snapshots,
      'good',
      (one) => one.status?.readyToUse === true,
    );
    assert.deepEqual(taken.status?.indications, ['NoGuestAgent', 'Online']);
    assert.deepEqual(taken.status?.snapshotVolumes, { excludedVolumes: ['root'] });
    const lost = await until<Snapshot>(
      sandbox,
      KUBEVIRT.snapshots,
      'lost',
      (one) => one.status?.conditions !== undefined,
    );
    assert.equal(lost.status?.phase, 'InProgress');
    assert.equal(lost.status?.conditions?.[0]?.reason, 'Source does not exist');

    await sandbox.client.patch(KUBEVIRT.virtualMachines, 'db', NAMESPACE, {
      spec: { template: { spec: { domain: { memory: { guest: '128Mi' } } } } },
    });
    await restore('back', 'db');
    await until<Restore>(sandbox, KUBEVIRT.restores, 'back', (one) =>
      /powered off/.test(one.status?.conditions?.[0]?.reason ?? ''),
    );
    await act(sandbox, 'virtualmachines/db/stop');
    await until<Restore>(sandbox, KUBEVIRT.restores, 'back', (one) => one.status?.complete === true);
    const vm = await sandbox.client.get<VirtualMachine>(KUBEVIRT.virtualMachines, 'db', NAMESPACE);
    assert.equal(vm.spec.template.spec.domain?.memory?.guest, '64Mi');

    await restore('copy', 'db-copy');
    await until<Restore>(sandbox, KUBEVIRT.restores, 'copy', (one) => one.status?.complete === true);
    await untilStatus(sandbox, 'db-copy', 'Stopped');
  }));

test('[SV9] the serial console has one viewer: a newcomer cuts the one before, or is refused', () =>
  withKubeVirt(async (sandbox) => {
    const path = 'virtualmachineinstances/tty/console';
    await makeVm(sandbox, 'tty', { runStrategy: 'Always' });
    await untilStatus(sandbox, 'tty', 'Running');
    const first = await openStream(sandbox, path);
    assert.equal(first.socket.protocol, 'plain.kubevirt.io');
    first.socket.send(Buffer.from('\r'));
    await first.until((all) => all.includes('# '));
    first.socket.send(Buffer.from('echo $((6*7))\r'));
    await first.until((all) => all.includes('42'));
    await assert.rejects(openStream(sandbox, `${path}?preserveSession=true`), /500/);
    const second = await openStream(sandbox, path, []);
    assert.equal(await first.closed, 1006);
    assert.equal(second.socket.protocol, '');
    second.socket.send(Buffer.from('echo second\r'));
    await second.until((all) => all.includes('\r\nsecond'));
    second.socket.terminate();
    await act(sandbox, 'virtualmachineinstances/tty/pause');
    const paused = await openStream(sandbox, path);
    paused.socket.send(Buffer.from('echo later\r'));
    await act(sandbox, 'virtualmachineinstances/tty/unpause');
    await paused.until((all) => all.includes('\r\nlater'));
    paused.socket.terminate();
  }));

const QEMU = 'qemu-system-x86_64';
const withoutQemu = spawnSync(QEMU, ['--version']).status === 0 ? false : `${QEMU} is not on PATH`;

test('[SV27] a machine in QEMU has a screen and a console, moves, and ends', { skip: withoutQemu }, () =>
  withKubeVirt(
    async (sandbox) => {
      await makeVm(sandbox, 'real', { runStrategy: 'Manual' });
      await act(sandbox, 'virtualmachines/real/start');
      await untilStatus(sandbox, 'real', 'Running');
      const console = await openStream(sandbox, 'virtualmachineinstances/real/console');
      // What is typed before the sector runs is lost, as on any machine.
      const typing = setInterval(() => console.socket.send(Buffer.from('typed\r')), 100);
      await console.until((all) => all.includes('typed\r\n')).finally(() => clearInterval(typing));
      const screen = await openStream(sandbox, 'virtualmachineinstances/real/vnc');
      await screen.until((all) => all.toString() === 'RFB 003.008\n');
      const shot = await openShot(sandbox, 'real');
      assert.equal(shot, 'image/png');
      await act(sandbox, 'virtualmachines/real/migrate');
      assert.equal(await console.closed, 1006);
      await until<Instance>(
        sandbox,
        KUBEVIRT.instances,
        'real',
        (one) => one.status?.migrationState?.completed === true,
      );
      const moved = await openStream(sandbox, 'virtualmachineinstances/real/console');
      moved.socket.send(Buffer.from('still here\r'));
      await moved.until((all) => all.includes('still here\r\n'));
      await act(sandbox, 'virtualmachines/real/stop');
      assert.equal(await moved.closed, 1006);
      await untilStatus(sandbox, 'real', 'Stopped');
    },
    { guest: 'qemu' },
  ),
);

async function openShot(sandbox: Sandbox, name: string): Promise<string | undefined> {
  const path = `${SUBRESOURCES}/virtualmachineinstances/${name}/vnc/screenshot`;
  const { headers } = await ask(sandbox, 'admin', path);
  return headers['content-type'];
}

test('[SV12] a viewer sees machines, and neither their screens nor their consoles', () =>
  withKubeVirt(async (sandbox) => {
    const team = '/namespaces/team-b';
    const list = await ask(sandbox, 'bob', `/apis/kubevirt.io/v1${team}/virtualmachines`);
    assert.equal(list.status, 200);
    const of = `/apis/subresources.kubevirt.io/v1${team}`;
    assert.equal((await ask(sandbox, 'bob', `${of}/virtualmachineinstances/x/vnc`)).status, 403);
    const picture = await ask(sandbox, 'bob', `${of}/virtualmachineinstances/x/vnc/screenshot`);
    assert.match(wordsOf(picture.body), /cannot get resource "virtualmachineinstances\/vnc" in API group/);
    assert.equal((await ask(sandbox, 'bob', `${of}/virtualmachines/x/start`, { method: 'PUT' })).status, 403);
    const own = `/apis/subresources.kubevirt.io/v1/namespaces/team-a/virtualmachines/x/start`;
    assert.equal((await ask(sandbox, 'alice', own, { method: 'PUT' })).status, 404);
  }));

test('[SV12, SV17] a screen is its right, and somebody’s; an instance without graphics has none', () =>
  withKubeVirt(async (sandbox) => {
    const devices = { autoattachGraphicsDevice: false };
    await makeVm(sandbox, 'seen', { runStrategy: 'Always' });
    await makeVm(sandbox, 'blind', {
      runStrategy: 'Always',
      template: { spec: { domain: { memory: { guest: '64Mi' }, devices } } },
    });
    for (const name of ['seen', 'blind'])
      await until<Instance>(sandbox, KUBEVIRT.instances, name, ({ status }) => status?.phase === 'Running');
    const of = `${SUBRESOURCES}/virtualmachineinstances`;
    const rbac = (resource: string) => ({ group: 'rbac.authorization.k8s.io', version: 'v1', resource });
    const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'look' };
    await sandbox.client.create(rbac('roles'), {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'look', namespace: NAMESPACE },
      rules: [
        {
          apiGroups: ['subresources.kubevirt.io'],
          resources: ['virtualmachineinstances/vnc'],
          verbs: ['get'],
        },
      ],
    });
    assert.equal((await ask(sandbox, 'carol', `${of}/seen/vnc/screenshot`)).status, 403);
    await sandbox.client.create(rbac('rolebindings'), {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'look', namespace: NAMESPACE },
      roleRef: role,
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'carol' }],
    });
    assert.equal((await ask(sandbox, 'carol', `${of}/seen/vnc/screenshot`)).status, 200);
    assert.equal((await ask(sandbox, 'carol', `${of}/blind/vnc/screenshot`)).status, 500);
    const absent = await ask(sandbox, 'carol', `${of}/nobody/vnc/screenshot`);
    assert.deepEqual(
      [absent.status, absent.text],
      [500, 'virtualmachineinstance.kubevirt.io "nobody" not found'],
    );
    await assert.rejects(openStream(sandbox, 'virtualmachineinstances/blind/vnc'), /400/);
    const held = await openStream(sandbox, 'virtualmachineinstances/seen/vnc');
    const second = openStream(sandbox, 'virtualmachineinstances/seen/vnc?preserveSession=true');
    await assert.rejects(second, /500/);
    held.socket.terminate();
  }));
