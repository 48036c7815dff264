import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import * as fc from 'fast-check';
import { createLogger } from '@krateyard/telemetry/logger';
import { ManualClock } from '@krateyard/telemetry/manual-clock';
import { noMetrics } from '@krateyard/telemetry/metrics';
import { readCast } from './cast.ts';
import type { RecordingSummary } from './recording-summary.ts';
import type { TappedTerminal } from '../terminal-tap.ts';
import { CastWriter } from './cast-writer.ts';
import { FolderRecordingStore } from './folder-recording-store.ts';
import { LiveRecording } from './live-recording.ts';
import type { RecordingSink } from './recording-store.ts';
import { Recordings } from './recordings.ts';

const logger = createLogger({ level: 'silent' });
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'krateyard-recordings-'));
  folders.push(made);
  return join(made, 'below');
}

const ALICE = { participant: 'p1', username: 'alice' };
const BOB = { participant: 'p2', username: 'bob' };
const PLACE = { namespace: 'shop', pod: 'web-0', container: 'web', command: ['bash'] };
const TERMINAL: TappedTerminal = {
  session: 's1',
  rows: 24,
  cols: 80,
  owner: ALICE,
  startedAt: '2026-01-01T00:00:00.000Z',
  offset: 0,
};
const SUMMARY: RecordingSummary = {
  id: 'r1',
  namespace: 'shop',
  pod: 'web-0',
  container: 'web',
  command: ['bash'],
  owner: 'alice',
  participants: ['alice'],
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 0,
  bytes: 0,
  truncated: false,
};

async function recorder(
  options: { maxBytes?: number; totalBytes?: number; namespaces?: string[]; dir?: string } = {},
) {
  const clock = new ManualClock();
  const dir = options.dir ?? (await folder());
  const store = new FolderRecordingStore({
    dir,
    totalBytes: options.totalBytes ?? 1 << 30,
    maxAgeMs: 86_400_000,
    clock,
    logger,
  });
  const recordings = new Recordings({
    store,
    maxBytes: options.maxBytes ?? 1 << 20,
    namespaces: options.namespaces ?? [],
    clock,
    logger,
    metrics: noMetrics,
  });
  const text = async (id: string): Promise<string> => readFile(join(dir, `${id}.cast`), 'utf8');
  return { clock, dir, store, recordings, text };
}

test('[RC1] what is recorded is read again: output, sizes, exit, each at its time', async () => {
  const { clock, recordings, text, store } = await recorder();
  const { tap, id, stop } = await recordings
    .portFor(PLACE)
    .start(TERMINAL, ALICE)
    .then((one) => ({
      tap: one.tap,
      id: one.id,
      stop: () => one.stop(),
    }));
  tap.onPeople([ALICE], ALICE);
  await clock.advance(1500);
  tap.onOutput(Buffer.from('$ '), 0, 'stdout');
  await clock.advance(250);
  tap.onResize(40, 120);
  await clock.advance(250);
  tap.onEnd({ code: 3, reason: 'exited' });
  await stop();
  const cast = readCast(await text(id));
  assert.equal(cast.version, 3);
  assert.equal(cast.title, 'shop/web-0 web');
  assert.deepEqual(cast.events, [
    { atMs: 0, code: 'm', data: 'alice joined' },
    { atMs: 1500, code: 'o', data: '$ ' },
    { atMs: 1750, code: 'r', data: '120x40' },
    { atMs: 2000, code: 'x', data: '3' },
  ]);
  const summary = await store.find(id);
  assert.equal(summary?.seconds, 2);
  assert.equal(summary?.bytes, Buffer.byteLength(await text(id)));
  assert.ok(summary?.endedAt !== undefined && !summary.truncated);
  assert.equal(clock.pending, 0);
});

test('[RC3] every key is attributed: a marker says who types whenever that changes', async () => {
  const { clock, recordings, text, store } = await recorder();
  const recording = await recordings.portFor(PLACE).start(TERMINAL, ALICE);
  const { tap } = recording;
  tap.onPeople([ALICE], ALICE);
  tap.onInput(Buffer.from('l'), ALICE);
  tap.onInput(Buffer.from('s'), ALICE);
  tap.onPeople([ALICE, BOB], ALICE);
  tap.onInput(Buffer.from('x'), BOB);
  tap.onPeople([ALICE], ALICE);
  await clock.advance(200);
  await recording.stop();
  assert.deepEqual(
    readCast(await text(recording.id)).events.map(({ code, data }) => `${code} ${data}`),
    ['m alice joined', 'm alice types', 'i l', 'i s', 'm bob joined', 'm bob types', 'i x', 'm bob left'],
  );
  assert.deepEqual((await store.find(recording.id))?.participants, ['alice', 'bob']);
});

test('[RC1] characters cut between two pieces are put together, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.array(fc.nat(20)), (text, cuts) => {
      const bytes = Buffer.from(text);
      const writer = new CastWriter({ cols: 80, rows: 24, startedAt: 0, command: '', title: '' }, () => 0);
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        writer.output(bytes.subarray(at, at + cut), 'stdout');
        at = Math.min(bytes.length, at + cut);
      }
      const { events } = readCast(writer.header + writer.take());
      assert.equal(events.map(({ data }) => data).join(''), text);
    }),
  );
});

test('[RC1] intervals add up exactly to when things happened', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 40 }), (waits) => {
      let now = 1000.4;
      const writer = new CastWriter({ cols: 80, rows: 24, startedAt: 0, command: '', title: '' }, () => now);
      const at: number[] = [];
      for (const wait of waits) {
        now += wait;
        writer.marker('x');
        at.push(Math.round(now - 1000.4));
      }
      assert.deepEqual(
        readCast(writer.header + writer.take()).events.map(({ atMs }) => atMs),
        at,
      );
    }),
  );
});

test('[RC2] what happened until the process was killed is there, and finished at the next start', async () => {
  const first = await recorder();
  const { tap, id } = await first.recordings.portFor(PLACE).start(TERMINAL, ALICE);
  tap.onOutput(Buffer.from('before the crash'), 0, 'stdout');
  await first.clock.advance(200);
  while (!(await first.text(id)).includes('crash')) await new Promise((resolve) => setImmediate(resolve));
  const whole = await first.store.size(id);
  await truncate(join(first.dir, `${id}.cast`), whole - 5);

  const second = await recorder({ dir: first.dir });
  const [summary] = await second.store.list();
  assert.equal(summary?.id, id);
  assert.ok(summary?.endedAt !== undefined);
  assert.equal(summary?.bytes, whole - 5);
  assert.equal(readCast(await second.text(id)).skipped, 1);
});

test('[RC4] a recording ends at its bound with whole lines, and says so', async () => {
  const { clock, recordings, text, store } = await recorder({ maxBytes: 64 * 1024 });
  const recording = await recordings.portFor(PLACE).start(TERMINAL, ALICE);
  const ended: string[] = [];
  recording.onEnded((why) => ended.push(why));
  for (let round = 0; round < 200 && ended.length === 0; round += 1) {
    recording.tap.onOutput(Buffer.alloc(1000, 'x'), round * 1000, 'stdout');
    await clock.advance(100);
  }
  recording.tap.onOutput(Buffer.from('after'), 0, 'stdout');
  await recording.stop();
  const written = await text(recording.id);
  assert.deepEqual(ended, ['full']);
  assert.ok(Buffer.byteLength(written) <= 64 * 1024);
  const cast = readCast(written);
  assert.equal(cast.skipped, 0);
  assert.equal(cast.events.at(-1)?.data, 'The recording has reached its bound.');
  assert.equal((await store.find(recording.id))?.truncated, true);
  assert.equal(clock.pending, 0);
});

test('[RC4] the oldest finished recordings go when there is too much, or when they are too old', async () => {
  const { clock, recordings, store } = await recorder({ totalBytes: 700 });
  const ids: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const recording = await recordings.portFor(PLACE).start(TERMINAL, ALICE);
    recording.tap.onOutput(Buffer.alloc(150, 'x'), 0, 'stdout');
    await clock.advance(1000);
    await recording.stop();
    ids.push(recording.id);
  }
  const live = await recordings.portFor(PLACE).start(TERMINAL, ALICE);
  await store.sweep();
  assert.deepEqual(
    (await store.list()).map(({ id }) => id),
    [live.id, ids[2], ids[1]],
  );
  await clock.advance(2 * 86_400_000);
  await store.sweep();
  assert.deepEqual(
    (await store.list()).map(({ id }) => id),
    [live.id],
  );
  await live.stop();
});

test('[RC4] storage that fails ends the recording, not the session', async () => {
  const clock = new ManualClock();
  const sink: RecordingSink = {
    append: async () => {
      throw new Error('disk full');
    },
    describe: async () => {},
    finish: async () => {},
  };
  const outcomes: string[] = [];
  const recording = new LiveRecording({
    terminal: TERMINAL,
    summary: SUMMARY,
    sink,
    maxBytes: 1 << 20,
    clock,
    logger,
    onClosed: (outcome) => outcomes.push(outcome),
  });
  const ended = new Promise<string>((resolve) => recording.onEnded(resolve));
  assert.equal(await ended, 'failed');
  recording.tap.onOutput(Buffer.from('goes on'), 0, 'stdout');
  await recording.stop();
  assert.deepEqual(outcomes, ['failed']);
  assert.equal(clock.pending, 0);
});

test('[RC4] what waits for a slow storage is bounded', async () => {
  const clock = new ManualClock();
  const release = Promise.withResolvers<void>();
  const sink: RecordingSink = {
    append: () => release.promise,
    describe: async () => {},
    finish: async () => {},
  };
  const recording = new LiveRecording({
    terminal: TERMINAL,
    summary: SUMMARY,
    sink,
    maxBytes: 1 << 30,
    clock,
    logger,
    onClosed: () => {},
  });
  const ended: string[] = [];
  recording.onEnded((why) => ended.push(why));
  for (let round = 0; round < 20 && ended.length === 0; round += 1) {
    recording.tap.onOutput(Buffer.alloc(1 << 20, 'x'), 0, 'stdout');
    await clock.advance(200);
  }
  assert.deepEqual(ended, ['failed']);
  release.resolve();
  await recording.stop();
});

test('[RC4] files are for the gateway alone, and ids are no paths', async () => {
  const { recordings, dir, store } = await recorder();
  const recording = await recordings.portFor(PLACE).start(TERMINAL, ALICE);
  await recording.stop();
  for (const name of await readdir(dir)) assert.equal((await stat(join(dir, name))).mode & 0o077, 0);
  await writeFile(join(dir, '..', 'outside.cast'), 'secret');
  await assert.rejects(store.size('../outside'), { reason: 'NotFound' });
});

test('[RC4] a description that makes no sense is left out and does no harm', async () => {
  const { dir, store, recordings } = await recorder();
  await (await recordings.portFor(PLACE).start(TERMINAL, ALICE)).stop();
  await writeFile(join(dir, 'bad.json'), '{');
  await writeFile(join(dir, 'other.json'), '{"id":"x"}');
  const again = new FolderRecordingStore({
    dir,
    totalBytes: 1,
    maxAgeMs: 1,
    clock: new ManualClock(),
    logger,
  });
  assert.equal((await again.list()).length, 1);
  assert.equal((await store.list()).length, 1);
});

test('[RC5] a rule names the namespaces in which every shell is recorded', async () => {
  const some = await recorder({ namespaces: ['prod'] });
  assert.equal(some.recordings.portFor({ ...PLACE, namespace: 'prod' }).mode(), 'always');
  assert.equal(some.recordings.portFor({ ...PLACE, namespace: 'dev' }).mode(), 'on-request');
  const all = await recorder({ namespaces: ['*'] });
  assert.equal(all.recordings.portFor({ ...PLACE, namespace: 'dev' }).mode(), 'always');
  const recording = await all.recordings.portFor(PLACE).start(TERMINAL, BOB);
  await recording.stop();
  const [summary] = await all.store.list();
  assert.equal(summary?.policy, true);
  assert.equal(summary?.by, undefined);
});

test('[RC5] when the gateway stops every recording is finished', async () => {
  const { recordings, store } = await recorder();
  const stop = new AbortController();
  const kept = recordings.keeper.start(stop.signal);
  await recordings.portFor(PLACE).start(TERMINAL, ALICE);
  stop.abort();
  await kept;
  assert.ok((await store.list()).every(({ endedAt }) => endedAt !== undefined));
});

test('[RC5] a console that is nobody’s own is told by its machine and by who had it recorded', async () => {
  const { recordings, store, text } = await recorder({ namespaces: ['prod'] });
  const terminal = { ...TERMINAL, owner: undefined };
  const asked = await recordings.portFor({ namespace: 'shop', vm: 'web' }).start(terminal, BOB);
  await asked.stop();
  const ruled = await recordings.portFor({ namespace: 'prod', vm: 'web' }).start(terminal, BOB);
  await ruled.stop();
  assert.equal(readCast(await text(asked.id)).title, 'shop/web');
  const { owner, pod, vm, by, policy, participants } = (await store.find(asked.id))!;
  assert.deepEqual(
    [owner, pod, vm, by, policy, participants],
    [undefined, undefined, 'web', 'bob', undefined, ['bob']],
  );
  assert.deepEqual(
    [(await store.find(ruled.id))?.policy, (await store.find(ruled.id))?.by],
    [true, undefined],
  );
});
