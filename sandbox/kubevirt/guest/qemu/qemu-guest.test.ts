import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { test, type TestContext } from 'node:test';
import { systemClock } from '@krateyard/telemetry/clock';
import type { Computer } from '../computer.ts';
import { QEMU, QemuYard } from './qemu-yard.ts';

const skip = (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(`${folder}/${QEMU}`))
  ? false
  : `${QEMU} is not on PATH`;
const CASE = { skip, timeout: 120_000 };

interface Stage {
  readonly yard: QemuYard;
  readonly guest: Computer;
  readonly said: () => string;
  /** Resolves when that stands in what the serial port has said. */
  readonly says: (words: string | RegExp) => Promise<void>;
}

function stage(t: TestContext): Stage {
  const yard = new QemuYard();
  t.after(() => yard[Symbol.dispose]());
  const guest = yard.make({
    name: 'box',
    clock: systemClock,
    after: (ms, run) => systemClock.after(ms, run),
  });
  let all = '';
  let heard = (): void => {};
  guest.onSerial((bytes) => {
    all += Buffer.from(bytes).toString('latin1');
    heard();
  });
  const says = async (words: string | RegExp): Promise<void> => {
    while (!(typeof words === 'string' ? all.includes(words) : words.test(all)))
      await new Promise<void>((resolve) => (heard = resolve));
  };
  return { yard, guest, said: () => all, says };
}

/** RFB as far as this needs it: raw pixels of the whole screen, and keys. */
class Viewer {
  bytes = Buffer.alloc(0);
  ended = false;
  readonly #port;
  #wake = (): void => {};

  constructor(guest: Computer) {
    this.#port = guest.openScreen({
      send: (bytes) => {
        this.bytes = Buffer.concat([this.bytes, bytes]);
        this.#wake();
        return Promise.resolve();
      },
      end: () => {
        this.ended = true;
        this.#wake();
      },
    });
  }

  async shake(): Promise<{ width: number; height: number; name: string }> {
    assert.match((await this.take(12)).toString(), /^RFB 003\.008\n$/);
    this.say(Buffer.from('RFB 003.008\n'));
    await this.take(2);
    this.say([1]);
    await this.take(4);
    this.say([1]);
    const init = await this.take(24);
    const name = (await this.take(init.readUInt32BE(20))).toString();
    return { width: init.readUInt16BE(0), height: init.readUInt16BE(2), name };
  }

  type(text: string): void {
    for (const letter of text)
      for (const down of [1, 0]) this.say([4, down, 0, 0, 0, 0, 0, letter.charCodeAt(0)]);
  }

  say(bytes: Buffer | number[]): void {
    this.#port.received(Buffer.from(bytes));
  }

  async take(count: number): Promise<Buffer> {
    while (this.bytes.length < count && !this.ended) await this.come();
    const taken = this.bytes.subarray(0, count);
    this.bytes = this.bytes.subarray(count);
    return taken;
  }

  come(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}

test(
  '[SV27] QEMU greets, echoes what is typed on screen and serial port, and is photographed',
  CASE,
  async (t) => {
    const { guest, says } = stage(t);
    guest.powerOn();
    await says('Krateyard guest in QEMU');
    guest.typeSerial(Buffer.from('by serial\r'));
    await says('by serial\r\n');
    const viewer = new Viewer(guest);
    const { width, height, name } = await viewer.shake();
    assert.deepEqual([width, height, name], [720, 400, 'QEMU (box)']);
    viewer.type('keys');
    await says('keys');
    const png = await guest.screenshot();
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [720, 400]);
  },
);

test(
  '[SV27] who says too much before QEMU is there is let go, and nothing of it is kept',
  CASE,
  async (t) => {
    const { guest } = stage(t);
    guest.powerOn();
    const [loud, other] = [new Viewer(guest), new Viewer(guest)];
    loud.say(Buffer.alloc(4 << 20));
    assert.equal(loud.ended, false);
    loud.say([1]);
    assert.equal(loud.ended, true);
    await other.shake();
    assert.equal(loud.bytes.length, 0, 'QEMU has greeted it');
  },
);

test('[SV27] QEMU pauses and starts again', CASE, async (t) => {
  const { guest, says, said } = stage(t);
  guest.powerOn();
  await says('> ');
  guest.pause(true);
  guest.typeSerial(Buffer.from('held'));
  await guest.screenshot();
  assert.ok(!said().includes('held'));
  guest.pause(false);
  await says('held');
  guest.reset();
  await says(/guest in QEMU.*guest in QEMU/s);
  guest.powerButton('reboot');
  await says(/guest in QEMU.*guest in QEMU.*guest in QEMU/s);
});

test('[SV27] QEMU obeys the power button, and leaves nothing', CASE, async (t) => {
  const { guest, says, yard } = stage(t);
  const folder = mkdtempSync(`${tmpdir()}/qemu-test-`);
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = folder;
  t.after(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    rmSync(folder, { recursive: true });
  });
  const off = new Promise<string | undefined>((resolve) => (guest.onOff = resolve));
  guest.powerOn();
  await says('> ');
  assert.equal(readdirSync(folder).length, 1);
  const viewer = new Viewer(guest);
  await viewer.shake();
  guest.powerButton();
  assert.equal(await off, undefined);
  while (!viewer.ended) await viewer.come();
  assert.deepEqual([yard.count, readdirSync(folder).length], [0, 0]);
});

test(
  '[SV27] a ninth machine in QEMU breaks down with the reason; what is cut makes room',
  CASE,
  async (t) => {
    const { guest, yard } = stage(t);
    const options = {
      name: 'one of many',
      clock: systemClock,
      after: (ms: number, run: () => void) => systemClock.after(ms, run),
    };
    const others = Array.from({ length: 8 }, () => yard.make(options));
    for (const other of others) other.powerOn();
    const why = new Promise<string | undefined>((resolve) => (guest.onOff = resolve));
    guest.powerOn();
    assert.match((await why)!, /room for 8 machines/);
    others[0]!.cut();
    assert.equal(yard.count, 7);
    await assert.rejects(others[0]!.screenshot());
  },
);
