import { after, afterEach } from 'node:test';
import type { BrowserContextOptions } from 'playwright-core';
import type { OpenPage } from '../harness/browser.ts';
import { Cable } from '../harness/cable.ts';
import { pollUntil } from '../harness/poll-until.ts';
import { machine } from '../rooms/vms-cases.ts';
import type { ConsoleFixture } from './console-fixture.ts';
import { machines, untilLit } from './vms-cases.ts';

/** A guest under emulation takes its time. */
const RUN = { deadlineMs: 120_000 };

interface Token {
  readonly token: string;
}

/** The machines `web`, which runs, and `idle`, which is off, and three people before them. */
export interface MachineStage {
  readonly namespace: string;
  /** Both may edit. */
  readonly owner: Token;
  readonly guest: Token;
  readonly viewer: Token;
  /** To the gateway. */
  readonly cable: Cable;
  /** As the owner, unless a token is given. Closed by the test itself, which then looks at the console; or else after it. */
  readonly open: (
    at: string,
    options?: { token?: string; browser?: BrowserContextOptions },
  ) => Promise<OpenPage>;
}

/** Called at the top level of a test file. */
export async function machineStage(fixture: ConsoleFixture, name: string): Promise<MachineStage> {
  const { target, gateway } = fixture;
  const namespace = await target.namespace(name);
  const path = machines(namespace);
  await target.make(path, machine('web', { runStrategy: 'Always' }));
  await target.make(path, machine('idle', { runStrategy: 'Halted' }));
  await pollUntil(
    'the machine to run',
    async () => (await target.admin.get(`${path}/web`)).body.status?.printableStatus === 'Running',
    RUN,
  );
  const owner = await fixture.person(namespace, 'owner', 'edit');
  const guest = await fixture.person(namespace, 'guest', 'edit');
  const viewer = await fixture.person(namespace, 'viewer', 'view');
  await untilLit(fixture, namespace, owner.token);
  const cable = await Cable.to(gateway.origin);
  after(() => cable.close());
  const left = new Set<OpenPage>();
  afterEach(async () => {
    for (const { context } of left) await context.close();
    left.clear();
  });
  const open: MachineStage['open'] = async (at, { token = owner.token, browser } = {}) => {
    const opened = await fixture.open(at, { token, ...(browser && { browser }) });
    opened.page.setDefaultTimeout(30_000);
    left.add(opened);
    return opened;
  };
  return { namespace, owner, guest, viewer, cable, open };
}
