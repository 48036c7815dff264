import assert from 'node:assert/strict';
import type { VncInfo } from '@krateyard/vms/contract/screen-protocol';
import type { Reply } from '../harness/api.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { RefusedUpgrade } from '../harness/when-open.ts';
import type { Wire } from '../harness/wire.ts';
import type { Person, RoomFixture } from './room-fixture.ts';
import { ScreenClient, VncClient, type Query, type ScreenAddress } from './screen-client.ts';
import { untilGuestListens } from './until-guest-listens.ts';
import { machine } from './vms-cases.ts';

const VMS = '/apis/kubevirt.io/v1';
/** A guest under emulation takes its time to start. */
export const RUN_MS = 120_000;

const LOOK: Wire = {
  apiGroups: ['subresources.kubevirt.io'],
  resources: ['virtualmachineinstances/vnc'],
  verbs: ['get'],
};
const READ: Wire = { apiGroups: ['kubevirt.io'], resources: ['virtualmachines'], verbs: ['get'] };

/** A machine and those who may come to its screen. */
export class ScreenStage {
  readonly #fixture: RoomFixture;
  readonly #name: string;
  readonly #open = new Set<ScreenClient | VncClient>();
  #namespace: string | undefined;

  constructor(fixture: RoomFixture, name: string) {
    this.#fixture = fixture;
    this.#name = name;
  }

  get namespace(): string {
    assert.ok(this.#namespace, 'the machine has been made');
    return this.#namespace;
  }

  get at(): ScreenAddress {
    return { origin: this.#fixture.gateway.origin, namespace: this.namespace, vm: this.#name };
  }

  /** Makes it, once, and waits until it runs where it is to, and its guest has started. */
  async make(runStrategy = 'Always', spec: Wire = {}): Promise<void> {
    const { target } = this.#fixture;
    if (this.#namespace !== undefined) return;
    this.#namespace = await target.namespace('screens');
    const machines = `${VMS}/namespaces/${this.#namespace}/virtualmachines`;
    await target.make(machines, machine(this.#name, { runStrategy, ...spec }));
    if (runStrategy === 'Always') {
      await this.until('Running');
      return untilGuestListens(this.at, await this.operator('starter'), RUN_MS);
    }
    await pollUntil(`${this.#name} to be known as off`, async () => {
      const { body } = await target.admin.get(`${machines}/${this.#name}`);
      return body.status?.printableStatus === 'Stopped';
    });
  }

  /** Takes a machine that somebody else makes. */
  async adopt(namespace: string): Promise<void> {
    this.#namespace = namespace;
    await this.until('Running');
  }

  async until(phase: string): Promise<void> {
    const path = `${VMS}/namespaces/${this.namespace}/virtualmachineinstances/${this.#name}`;
    await pollUntil(
      `${this.#name} to be ${phase || 'off'}`,
      async () => {
        const { status, body } = await this.#fixture.target.admin.get(path);
        return status === 404 ? phase === '' : body?.status?.phase === phase;
      },
      { deadlineMs: RUN_MS },
    );
  }

  /** Who may look, and nothing else. */
  async looker(name: string): Promise<Person & { readonly lose: () => Promise<void> }> {
    const who = await this.#fixture.person(name);
    const lose = await who.grant(await who.role([LOOK, READ]), this.namespace);
    await this.#mayLook(who);
    return Object.assign(who, { lose });
  }

  /** Who may do everything with the machine. */
  async operator(name: string): Promise<Person> {
    const who = await this.#fixture.person(name);
    await who.grant('edit', this.namespace);
    await this.#mayLook(who);
    return who;
  }

  async screen(who: Person, query: Query = {}): Promise<ScreenClient> {
    const client = await ScreenClient.open(this.at, who, query);
    this.#keep(client);
    return client;
  }

  async vnc(who: Person | undefined, query: Query = {}, protocols?: readonly string[]): Promise<VncClient> {
    const client = await VncClient.open(this.at, who, query, protocols);
    this.#keep(client);
    return client;
  }

  /** A viewer of the console: both sockets. */
  async viewer(who: Person): Promise<{ side: ScreenClient; vnc: VncClient; close: () => void }> {
    const side = await this.screen(who);
    const vnc = await this.vnc(who, { viewer: side.hello.key });
    await vnc.shows();
    const close = (): void => {
      side.close();
      vnc.close();
    };
    return { side, vnc, close };
  }

  /** Sends away whoever is left of a case before; resolves when the gateway knows of nobody any more. */
  async empty(who: Person): Promise<void> {
    for (const client of this.#open) client.close();
    this.#open.clear();
    await pollUntil('everybody to leave', async () => (await this.info(who)).viewers.length === 0);
  }

  async info(who: Person): Promise<VncInfo> {
    const { body } = await who.api.get(`/api/vms/${this.#name}/vnc/info`, { namespace: this.namespace });
    return body as unknown as VncInfo;
  }

  act(who: Person, action: string): Promise<Reply> {
    return who.api.post(`/api/vms/${this.#name}/action`, { action }, { namespace: this.namespace });
  }

  #keep(client: ScreenClient | VncClient): void {
    if (this.#open.size === 0)
      this.#fixture.target.undo(async () => {
        for (const one of this.#open) one.close();
      });
    this.#open.add(client);
  }

  async #mayLook(who: Person): Promise<void> {
    await pollUntil('the right to look', async () => {
      const info = await this.info(who);
      return info.vmName === this.#name && info.reason !== 'You may not see this screen.';
    });
  }
}

/** Rejects with this status and reason. */
export async function refused(
  open: Promise<unknown>,
  status: number,
  reason: string,
): Promise<RefusedUpgrade> {
  const error = await open.then(
    () => assert.fail(`opened, where ${status} was expected`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof RefusedUpgrade, String(error));
  assert.deepEqual(
    [error.status, error.body.kind, error.body.reason],
    [status, 'Status', reason],
    error.message,
  );
  return error;
}
