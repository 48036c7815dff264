import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MERGE_PATCH, type Reply } from '../harness/api.ts';
import { cases, suiteTarget } from '../harness/cases.ts';
import { bringKubeVirt } from '../harness/kubevirt.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import { machine } from '../rooms/vms-cases.ts';

const target = await suiteTarget();
const { admin } = target;
await bringKubeVirt(target);
const RUN_MS = 120_000;
const CASE_MS = 240_000;

const VERBS: Readonly<Record<string, string>> = {
  start: 'virtualmachines',
  stop: 'virtualmachines',
  restart: 'virtualmachines',
  migrate: 'virtualmachines',
  pause: 'virtualmachineinstances',
  unpause: 'virtualmachineinstances',
  reset: 'virtualmachineinstances',
  softreboot: 'virtualmachineinstances',
};

const vm = (name: string, why: string) =>
  `409 Conflict Operation cannot be fulfilled on virtualmachine.kubevirt.io "${name}": ${why}`;
const vmi = (name: string, why: string) =>
  `409 Conflict Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${name}": ${why}`;
const noVmi = (name: string) => `404 NotFound virtualmachineinstance.kubevirt.io "${name}" not found`;
const noReset = (phase: string) =>
  `400 BadRequest Failed to reset non-running VMI with phase ${phase}: Unable to connect to VirtualMachineInstance because phase is ${phase} instead of Running or Scheduled`;

/** A Status in one line; of what is none its text. */
function said({ status, text, body }: Reply): string {
  if (body?.kind === 'Status') return `${status} ${body.reason} ${body.message}`;
  return [String(status), text.trim()].filter(Boolean).join(' ');
}

class Yard {
  readonly namespace: string;
  readonly vms: string;
  readonly #parts: string;

  constructor(namespace: string) {
    this.namespace = namespace;
    this.vms = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
    this.#parts = `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}`;
  }

  static async open(prefix: string): Promise<Yard> {
    return new Yard(await target.namespace(prefix));
  }

  ask(verb: string, name: string, body: unknown = {}): Promise<Reply> {
    return admin.ask('PUT', `${this.#parts}/${VERBS[verb] ?? 'virtualmachines'}/${name}/${verb}`, {
      body,
      headers: { accept: '*/*' },
    });
  }

  /** What each verb would be answered now. */
  async answers(name: string): Promise<Record<string, string>> {
    const told: Record<string, string> = {};
    for (const verb of Object.keys(VERBS)) told[verb] = said(await this.ask(verb, name, { dryRun: ['All'] }));
    return told;
  }

  get(path: string, accept = 'application/json'): Promise<Reply> {
    return admin.ask('GET', `${this.#parts}/${path}`, { headers: { accept } });
  }

  async make(name: string, runStrategy: string, status: string): Promise<void> {
    const wanted = machine(name, { runStrategy });
    if (status === 'ErrorUnschedulable') wanted.spec.template.spec.nodeSelector = { moon: 'yes' };
    await target.make(this.vms, wanted);
    await this.until(name, status);
  }

  until(name: string, status: string): Promise<unknown> {
    return pollUntil(
      `${name} to be ${status}`,
      async () => (await admin.get(`${this.vms}/${name}`)).body.status?.printableStatus === status,
      { deadlineMs: RUN_MS },
    );
  }
}

const served = await pollUntil('an answer about KubeVirt', async () => {
  const { status } = await admin.get('/apis/kubevirt.io/v1');
  return target.kind === 'cluster' || status === 200 ? { status } : undefined;
});
if (served.status !== 200) test('KubeVirt', { skip: 'KubeVirt is not served by this cluster' }, () => {});
else kubevirtCases();

function kubevirtCases(): void {
  cases(
    'KubeVirt: what is asked of machines',
    target,
    (it) => {
      it('[SV26] of one that there is not', async () => {
        const yard = await Yard.open('kv-none');
        const none = (kind: string): string => `404 NotFound ${kind}.kubevirt.io "none" not found`;
        assert.deepEqual(
          await yard.answers('none'),
          Object.fromEntries(
            Object.entries(VERBS).map(([verb, kind]) => [verb, none(kind.replace(/s$/, ''))]),
          ),
        );
      });

      it('of one that is off, by each run strategy', async () => {
        const yard = await Yard.open('kv-off');
        await yard.make('off', 'Halted', 'Stopped');
        const ofInstance = Object.fromEntries(
          ['migrate', 'pause', 'unpause', 'reset', 'softreboot'].map((verb) => [verb, noVmi('off')]),
        );
        assert.deepEqual(await yard.answers('off'), {
          start: '202',
          stop: vm('off', 'VM is not running'),
          restart: vm('off', 'RunStategy Halted does not support manual restart requests'),
          ...ofInstance,
        });
        await admin.patch(`${yard.vms}/off`, MERGE_PATCH, { spec: { runStrategy: 'Manual' } });
        assert.deepEqual(await yard.answers('off'), {
          start: '202',
          stop: vm('off', 'VM is not running'),
          restart: vm('off', 'VM is not running: Halted'),
          ...ofInstance,
        });
      });

      it('of one that fits nowhere', async () => {
        const yard = await Yard.open('kv-far');
        await yard.make('far', 'RerunOnFailure', 'ErrorUnschedulable');
        const answers = await yard.answers('far');
        assert.deepEqual(
          [answers.start, answers.migrate, answers.pause, answers.unpause, answers.reset, answers.softreboot],
          [
            vm('far', 'VM is already running'),
            vm('far', 'VM is not running'),
            vmi('far', 'VM is not running'),
            vmi('far', 'VMI is not running'),
            noReset('Scheduling'),
            vmi('far', 'VM is not running'),
          ],
        );
      });

      it('of one whose pod a quota forbids, which says so and tries again', async () => {
        const yard = await Yard.open('kv-quota');
        await target.make(`/api/v1/namespaces/${yard.namespace}/resourcequotas`, {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'tight' },
          spec: { hard: { 'requests.memory': '1Mi' } },
        });
        await target.make(yard.vms, machine('big', { runStrategy: 'Always' }));
        const forbidden =
          /pods "virt-launcher-big-\w+" is forbidden: exceeded quota: tight, requested: requests.memory=\w+, used: requests.memory=0, limited: requests.memory=1Mi$/;
        const conditions: Wire[] = await pollUntil('it to be refused', async () => {
          const { body } = await admin.get(`${yard.vms}/big`);
          return (
            body.status?.conditions?.some((one: Wire) => one.type === 'Synchronized') &&
            body.status.conditions
          );
        });
        const told = (type: string) => conditions.find((one) => one.type === type);
        assert.deepEqual(
          [told('Synchronized')?.reason, told('Ready')?.reason],
          ['FailedCreate', 'PodNotExists'],
        );
        assert.match(told('Synchronized')?.message, /^failed to create virtual machine pod: /);
        assert.match(told('Synchronized')?.message, forbidden);
        await yard.until('big', 'Starting');
        const events = await pollUntil('an event', async () => {
          const { body } = await admin.get(`/api/v1/namespaces/${yard.namespace}/events`, {
            fieldSelector: 'reason=FailedCreate',
          });
          return body.items.length > 0 && body.items;
        });
        assert.equal(events[0].involvedObject.kind, 'VirtualMachineInstance');
        assert.match(events[0].message, /^Error creating pod: /);
        await admin.delete(`/api/v1/namespaces/${yard.namespace}/resourcequotas/tight`);
        await yard.until('big', 'Running');
      });

      it(
        'of one that runs, by each run strategy; of one that is paused',
        async () => {
          const yard = await Yard.open('kv-on');
          await yard.make('on', 'Always', 'Running');
          const runs = {
            start: vm('on', 'VM is already running'),
            stop: '202',
            restart: '202',
            migrate: '202',
            pause: '200',
            unpause: vmi('on', 'VMI is not paused'),
            reset: '200',
            softreboot: '200',
          };
          for (const runStrategy of ['Always', 'RerunOnFailure', 'Manual']) {
            await admin.patch(`${yard.vms}/on`, MERGE_PATCH, { spec: { runStrategy } });
            assert.deepEqual(await yard.answers('on'), runs, runStrategy);
          }
          assert.equal(
            said(await yard.ask('restart', 'on', { gracePeriodSeconds: 5 })).slice(0, 14),
            '400 BadRequest',
          );
          assert.equal((await yard.ask('pause', 'on')).status, 200);
          await yard.until('on', 'Paused');
          assert.deepEqual(await yard.answers('on'), {
            ...runs,
            pause: vmi('on', 'VMI is already paused'),
            unpause: '200',
            softreboot: vmi('on', 'VMI is paused'),
          });
          assert.equal((await yard.ask('unpause', 'on')).status, 200);
          await yard.until('on', 'Running');
          for (const part of ['guestosinfo', 'userlist', 'filesystemlist'])
            assert.equal(
              said(await yard.get(`virtualmachineinstances/on/${part}`)),
              '500 Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "on": VMI does not have guest agent connected',
            );
          assert.equal((await yard.ask('migrate', 'on')).status, 202);
          const again = said(await yard.ask('migrate', 'on', { dryRun: ['All'] }));
          assert.match(again, /^500 InternalError .*in-flight migration detected\. .* for VMI on\.$/);
        },
        { deadlineMs: CASE_MS },
      );

      it('in ways that there are not', async () => {
        const yard = await Yard.open('kv-odd');
        await yard.make('odd', 'Halted', 'Stopped');
        const path = `/apis/subresources.kubevirt.io/v1/namespaces/${yard.namespace}/virtualmachines/odd`;
        const any = { accept: '*/*' };
        for (const [reply, line] of [
          [await admin.ask('PUT', `${path}/nonsense`, { body: {}, headers: any }), '404: Page Not Found'],
          [await admin.ask('POST', `${path}/start`, { body: {}, headers: any }), '405: Method Not Allowed'],
          [
            await admin.ask('PUT', `${path}/start`, { body: {}, headers: { accept: 'application/json' } }),
            '406: Not Acceptable\n\nAvailable representations:',
          ],
        ] as const)
          assert.equal(reply.text.trim(), line);
        assert.equal(said(await yard.get('virtualmachineinstances/odd/vnc', '*/*')), noVmi('odd'));
      });

      it('is told by discovery', async () => {
        const { body } = await admin.get('/apis/subresources.kubevirt.io/v1');
        const names = new Set((body.resources as Wire[]).map(({ name }) => name as string));
        const due = [
          ...Object.entries(VERBS).map(([verb, kind]) => `${kind}/${verb}`),
          ...['console', 'vnc', 'vnc/screenshot', 'guestosinfo', 'userlist', 'filesystemlist'].map(
            (part) => `virtualmachineinstances/${part}`,
          ),
        ];
        assert.deepEqual(
          due.filter((name) => !names.has(name)),
          [],
        );
      });
    },
    { concurrency: 2 },
  );

  cases(
    'KubeVirt: snapshots and restores',
    target,
    (it) => {
      it(
        '[SV26] tell how they stand, and are refused where they cannot be',
        async () => {
          const yard = await Yard.open('kv-snap');
          const root = `/apis/snapshot.kubevirt.io/v1beta1/namespaces/${yard.namespace}`;
          await yard.make('db', 'Halted', 'Stopped');
          await yard.make('other', 'Halted', 'Stopped');
          const take = (name: string, source: Wire): Promise<Reply> =>
            admin.post(`${root}/virtualmachinesnapshots`, {
              apiVersion: 'snapshot.kubevirt.io/v1beta1',
              kind: 'VirtualMachineSnapshot',
              metadata: { name },
              spec: { source },
            });
          const restore = (name: string, to: string, of: string, more: Wire = {}): Promise<Reply> =>
            admin.post(`${root}/virtualmachinerestores`, {
              apiVersion: 'snapshot.kubevirt.io/v1beta1',
              kind: 'VirtualMachineRestore',
              metadata: { name },
              spec: {
                target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: to },
                virtualMachineSnapshotName: of,
                ...more,
              },
            });
          /** The conditions as soon as one has this reason. */
          const conditions = (kind: string, name: string, reason: RegExp): Promise<string[]> =>
            pollUntil(
              `${name} to say ${String(reason)}`,
              async () => {
                const { body } = await admin.get(`${root}/${kind}/${name}`);
                const all = (body.status?.conditions ?? []) as Wire[];
                return (
                  all.some((one) => reason.test(one.reason as string)) &&
                  all.map((one) => `${one.type} ${one.status} ${one.reason}`).toSorted()
                );
              },
              { deadlineMs: 60_000 },
            );
          const of = (name: string): Wire => ({ apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name });
          const refused = (kind: string, why: string): string =>
            `422 Invalid admission webhook "${kind}-validator.snapshot.kubevirt.io" denied the request: ${why}`;

          assert.equal(
            said(await take('w', { ...of('db'), kind: 'Pod' })),
            refused('virtualmachinesnapshot', 'invalid kind'),
          );
          assert.equal(
            said(await take('w', { kind: 'VirtualMachine', name: 'db' })),
            refused('virtualmachinesnapshot', 'missing apiGroup'),
          );
          for (const [name, source] of [
            ['lost', 'nobody'],
            ['good', 'db'],
          ] as const)
            assert.equal((await take(name, of(source))).status, 201);
          assert.deepEqual(await conditions('virtualmachinesnapshots', 'lost', /exist/), [
            'Progressing False Source does not exist',
            'Ready False Not ready',
          ]);
          assert.deepEqual(await conditions('virtualmachinesnapshots', 'good', /complete/), [
            'Progressing False Operation complete',
            'Ready True Ready',
          ]);

          assert.equal(
            said(await restore('w', 'db', 'good', { target: { ...of('db'), kind: 'Pod' } })),
            refused('virtualmachinerestore', 'invalid kind'),
          );
          assert.match(
            said(await restore('w', 'new', 'good', { patches: ['nonsense'] })),
            /^422 Invalid .*patch format is not valid .*: nonsense$/,
          );
          const waits = (why: string): string[] => [`Progressing False ${why}`, `Ready False ${why}`];
          for (const [name, to, from, why] of [
            ['absent', 'nowhere', 'nosuch', `VMSnapshot ${yard.namespace}/nosuch does not exist`],
            [
              'elsewhere',
              'other',
              'good',
              'restore source and restore target are different but restore target already exists',
            ],
          ] as const) {
            assert.equal((await restore(name, to, from)).status, 201);
            assert.deepEqual(await conditions('virtualmachinerestores', name, /exist/), waits(why));
          }
          assert.equal((await yard.ask('start', 'db')).status, 202);
          await yard.until('db', 'Running');
          assert.equal((await restore('back', 'db', 'good')).status, 201);
          assert.deepEqual(
            await conditions('virtualmachinerestores', 'back', /powered off/),
            waits(
              'Waiting for target VM to be powered off. Please stop the restore target to proceed with restore, or the operation will fail after 5m0s',
            ),
          );
          assert.equal(
            said(await restore('twice', 'db', 'good')),
            refused('virtualmachinerestore', 'VirtualMachineRestore "back" in progress'),
          );
          assert.equal((await yard.ask('stop', 'db')).status, 202);
          assert.deepEqual(await conditions('virtualmachinerestores', 'back', /complete/), [
            'Progressing False Operation complete',
            'Ready True Operation complete',
          ]);
          const { body } = await admin.get(`${yard.vms}/db`);
          assert.equal(body.spec.runStrategy, 'Halted');

          const patch = { op: 'replace', path: '/spec/template/spec/domain/memory/guest', value: '96Mi' };
          const copied = await restore('copy', 'fresh', 'good', { patches: [JSON.stringify(patch)] });
          assert.equal(copied.status, 201, copied.text);
          await conditions('virtualmachinerestores', 'copy', /complete/);
          const fresh = (await admin.get(`${yard.vms}/fresh`)).body;
          assert.deepEqual(
            [fresh.spec.runStrategy, fresh.spec.template.spec.domain.memory.guest],
            ['Halted', '96Mi'],
          );
        },
        { deadlineMs: CASE_MS },
      );
    },
    { concurrency: 1 },
  );
}
