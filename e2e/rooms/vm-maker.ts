import assert from 'node:assert/strict';
import type { Reply } from '../harness/api.ts';
import { pollUntil } from '../harness/poll-until.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { untilTaskEnded } from './until-task-ended.ts';

export const IMAGE = 'local/guest:1';

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
    return this.who.api.patch(`/api/vms/${name}`, 'application/json', body, { namespace: this.namespace });
  }

  read(name: string): Promise<Wire> {
    return this.who.api
      .get(`/api/vms/${name}`, { namespace: this.namespace })
      .then(({ body }) => body as Wire);
  }

  taskEnds(id: string): Promise<Wire> {
    return untilTaskEnded(this.who, id);
  }
}

/** An editor of a namespace of its own, both named like this. */
export async function makerIn({ target, person }: RoomFixture, name: string): Promise<Maker> {
  const namespace = await target.namespace(name);
  const who = await person(name);
  await who.grant('edit', namespace);
  await pollUntil('the right', async () => (await who.api.get('/api/vms', { namespace })).status === 200);
  return new Maker(who, namespace);
}
