import assert from 'node:assert/strict';
import type { Reply } from '../harness/api.ts';
import { cases } from '../harness/cases.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from './room-fixture.ts';

/** A guest under emulation takes its time to start. */
const RUN_MS = 120_000;
const CASE_MS = 300_000;
const IMAGE = 'local/guest:1';

/** A machine that starts from the container disk that both clusters can run. */
export const seedBody = (name: string, more: Wire = {}): Wire => ({
  name,
  cpu: 1,
  memory: '64Mi',
  osImage: IMAGE,
  networks: [],
  disks: [],
  ...more,
});

/** The fields that a refusal is about. */
export function fieldsOf(reply: Reply): string[] {
  const { causes = [] } = (reply.body?.details ?? {}) as { causes?: { field?: string }[] };
  return causes.map(({ field = '' }) => field);
}

export function assertInvalid(reply: Reply, ...fields: readonly string[]): void {
  assert.equal(reply.status, 422, reply.text);
  assert.deepEqual([reply.body.kind, reply.body.reason], ['Status', 'Invalid']);
  assert.deepEqual(fieldsOf(reply).toSorted(), fields.toSorted(), reply.text);
}

/** What the cases share: requests as a person, and how they end. */
export class Maker {
  readonly who: Person;
  readonly namespace: string;

  constructor(who: Person, namespace: string) {
    this.who = who;
    this.namespace = namespace;
  }

  create(body: Wire, query: Wire = {}): Promise<Reply> {
    return this.who.api.post('/api/vms', body, { namespace: this.namespace, ...query });
  }

  async dryRun(body: Wire): Promise<Wire> {
    const reply = await this.create(body, { dryRun: true });
    assert.equal(reply.status, 200, reply.text);
    return reply.body as Wire;
  }

  change(name: string, body: Wire): Promise<Reply> {
    return this.who.api.patch(`/api/vms/${name}`, body, { namespace: this.namespace });
  }

  read(name: string): Promise<Wire> {
    return this.who.api
      .get(`/api/vms/${name}`, { namespace: this.namespace })
      .then(({ body }) => body as Wire);
  }

  async taskEnds(id: string): Promise<Wire> {
    return pollUntil(
      'the task to end',
      async () => {
        const { body } = await this.who.api.get(`/api/tasks/${id}`);
        return !['requested', 'accepted'].includes(body.state as string) && (body as Wire);
      },
      { deadlineMs: RUN_MS },
    );
  }
}

/** Making and changing machines from outside, against any cluster that runs KubeVirt. */
export function vmCreateCases({ target, person }: RoomFixture): void {
  const maker = async (name: string): Promise<Maker> => {
    const namespace = await target.namespace(name);
    const who = await person(name);
    await who.grant('edit', namespace);
    await pollUntil('the right', async () => (await who.api.get('/api/vms', { namespace })).status === 200);
    return new Maker(who, namespace);
  };
  const inCluster = (namespace: string, name: string): Promise<Reply> =>
    target.admin.get(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}`);

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
      },
      { deadlineMs: CASE_MS },
    );
  });
  void inCluster;
}
