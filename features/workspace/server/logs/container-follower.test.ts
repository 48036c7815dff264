import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { createClient } from '@krateyard/kube/client/create-client';
import type { LineBlock } from '@krateyard/kube/stream/line-block';
import { ScriptedApiServer } from '@krateyard/kube/test-servers/scripted-api-server';
import { turn } from '@krateyard/kube/test-servers/until';
import type { StatusError } from '@krateyard/status/status-error';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { ContainerFollower, type FollowerAim, type FollowerSink } from './container-follower.ts';
import { ScriptedContainer } from './testing/scripted-container.ts';

const server = await ScriptedApiServer.start();
after(() => server.stop());

const DEADLINE_MS = 5_000;

/** As `until` of the kernel, but a property's case that never holds has to fail to be shown. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${holds.toString()}`);
    await turn();
  }
}

const PLACE = { namespace: 'ns', pod: 'p', container: 'c' };
const AIM: FollowerAim = {
  follow: true,
  tail: undefined,
  since: undefined,
  until: undefined,
  previous: false,
};

/** Retries at once: what is tested is what is read, not when. */
const hasty: Clock = { ...systemClock, sleep: (_ms, signal) => turn().then(() => signal?.throwIfAborted()) };

class Reading implements FollowerSink {
  readonly texts: string[] = [];
  readonly told: string[] = [];
  readonly gaps: { from: string; to?: string | undefined; why: string }[] = [];
  readonly problems: StatusError[] = [];
  caught = false;
  over = false;
  readonly container: ScriptedContainer;
  readonly #stop = new AbortController();
  readonly #client = createClient({ config: server.config() });
  readonly #done: Promise<void>;

  constructor(container: ScriptedContainer, aim: Partial<FollowerAim> = {}, clock: Clock = hasty) {
    this.container = container;
    server.answer((call) => container.answer(call));
    const deps = { client: () => this.#client, clock, pod: container.view };
    const follower = new ContainerFollower(deps, PLACE, { ...AIM, ...aim }, this);
    this.#done = follower.follow(this.#stop.signal).then(() => void (this.over = true));
  }

  begun = ({ restarts }: { readonly restarts: number }): void => void this.told.push(`begun ${restarts}`);
  lines = (block: LineBlock): undefined => {
    for (const { text } of block.lines()) this.texts.push(text);
  };
  known = (): void => {};
  gap = (gap: { from: string; to?: string | undefined; why: string }): void => void this.gaps.push(gap);
  ended = ({ reason, exitCode }: { readonly reason: string; readonly exitCode?: number }): void =>
    void this.told.push(`ended ${reason} ${exitCode ?? ''}`.trim());
  problem = (error: unknown): void => void this.problems.push(error as StatusError);
  caughtUp = (): void => void (this.caught = true);

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await this.#client.close();
  }
}

function reading(
  t: TestContext,
  container: ScriptedContainer,
  aim?: Partial<FollowerAim>,
  clock?: Clock,
): Reading {
  const opened = new Reading(container, aim, clock);
  t.after(() => opened.close());
  return opened;
}

test(
  '[LG18] cut at random, among lines that are equal and share times: nothing lost, nothing doubled',
  { timeout: 120_000 },
  async () => {
    const step = fc.record({
      texts: fc.array(fc.constantFrom('a', 'b', 'same'), { minLength: 1, maxLength: 6 }),
      ms: fc.constantFrom(0, 0, 1, 300, 999, 2500),
      next: fc.constantFrom('go on', 'cut', 'cut', 'restart'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const container = new ScriptedContainer();
        const read = new Reading(container);
        const written: string[] = [];
        try {
          for (const [index, { texts, ms, next }] of steps.entries()) {
            container.ms += ms;
            container.write(...texts);
            written.push(...texts);
            if (next === 'cut' && index % 2 === 0) await until(() => read.texts.length > 0);
            if (next === 'cut') container.cut();
            if (next === 'restart') {
              container.exit(1, true);
              // One run back is kept; two restarts before anybody looks are another test.
              await until(() => read.told.at(-1) === `begun ${container.runs.length - 1}`);
            }
          }
          await until(() => read.texts.length >= written.length);
          container.write('end');
          await until(() => read.texts.includes('end'));
          assert.deepEqual(read.texts, [...written, 'end']);
          assert.deepEqual(read.gaps, []);
        } finally {
          await read.close();
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  },
);

test('[LG20] rotated away between two connections: a gap from the last line to the next one', async (t) => {
  const container = new ScriptedContainer();
  container.write('one', 'two');
  const read = reading(t, container);
  await until(() => read.texts.length === 2 && container.follows === 1);
  container.refuse = (call) => call.reset();
  container.cut();
  container.ms = 1500;
  container.write('lost');
  container.rotate();
  container.ms = 2500;
  container.write('three');
  container.refuse = undefined;
  await until(() => read.texts.length === 3);
  assert.deepEqual(read.texts, ['one', 'two', 'three']);
  assert.deepEqual(read.gaps, [
    { from: '2026-11-21T14:00:00.000000000Z', to: '2026-11-21T14:00:02.500000000Z', why: 'rotated' },
  ]);
});

test('[LG8] restarted twice while nobody could look: what is left is told, and a gap', async (t) => {
  const container = new ScriptedContainer();
  container.write('one');
  const read = reading(t, container);
  await until(() => read.texts.length === 1 && container.follows === 1);
  container.refuse = (call) => call.reset();
  container.cut();
  container.write('lost');
  container.exit(1, true);
  container.write('lost, too');
  container.exit(1, true);
  container.write('three');
  container.refuse = undefined;
  await until(() => read.texts.length === 2);
  assert.deepEqual(read.texts, ['one', 'three']);
  assert.deepEqual(
    read.gaps.map(({ why }) => why),
    ['restarted'],
  );
  assert.equal(read.told.at(-1), 'begun 2');
});

test('[LG22] a stream that has gone silent while the container writes is opened anew, without a gap', async (t) => {
  const clock = new ManualClock();
  const container = new ScriptedContainer();
  container.write('one');
  const read = reading(t, container, {}, clock);
  await until(() => read.texts.length === 1 && container.follows === 1);
  container.deafen();
  container.ms = 100;
  container.write('unheard');
  let probes = container.reads;
  while (container.follows < 2) {
    await clock.advance(1000);
    for (let turns = 0; turns < 20; turns += 1) await turn();
  }
  await until(() => read.texts.length === 2);
  assert.deepEqual(read.texts, ['one', 'unheard']);
  assert.deepEqual(read.gaps, []);
  probes = container.reads - probes;
  assert.equal(probes, 1);
});

test('[LG22] a container that is just quiet is asked more and more rarely', async (t) => {
  const clock = new ManualClock();
  const container = new ScriptedContainer();
  container.write('one');
  const read = reading(t, container, {}, clock);
  await until(() => read.texts.length === 1 && container.follows === 1);
  const before = container.reads;
  for (let second = 0; second < 600; second += 1) {
    await clock.advance(1000);
    await turn();
  }
  const probes = container.reads - before;
  assert.ok(probes >= 3 && probes <= 10, `${probes} probes in ten minutes`);
  assert.equal(container.follows, 1);
});

test('[LG3] tail=0 tells nothing of the past, and knows where to go on', async (t) => {
  const container = new ScriptedContainer();
  container.write('one', 'two');
  const read = reading(t, container, { tail: 0 });
  await until(() => container.follows === 1);
  container.write('three');
  await until(() => read.texts.length === 1);
  assert.deepEqual(read.texts, ['three']);
});

test('[LG4] a refusal at first is final; one after it could be read is waited out', async (t) => {
  const forbidden = new ScriptedContainer();
  forbidden.refuse = (call) => call.status(403, 'Forbidden', 'no');
  const refused = reading(t, forbidden);
  await until(() => refused.over);
  assert.equal(refused.problems[0]?.message, 'no');
  const container = new ScriptedContainer();
  container.write('one');
  const read = reading(t, container);
  await until(() => container.follows === 1);
  container.refuse = (call) => call.status(403, 'Forbidden', 'not yet');
  container.cut();
  await turn();
  container.refuse = undefined;
  container.write('two');
  await until(() => read.texts.length === 2);
  assert.deepEqual(read.problems, []);
});

test('[LG9] words of the kubelet are a problem, not a line', async (t) => {
  const container = new ScriptedContainer();
  container.refuse = (call) => {
    call.response.writeHead(200);
    call.response.end('unable to retrieve container logs for containerd://x\n');
  };
  const read = reading(t, container, { follow: false });
  await until(() => read.over);
  assert.deepEqual(read.texts, []);
  assert.match(read.problems[0]?.message ?? '', /unable to retrieve/);
});
