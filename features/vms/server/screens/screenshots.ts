import { createHash } from 'node:crypto';
import { ConcurrencyGate } from '@krateyard/auth/concurrency-gate';
import type { Principal } from '@krateyard/auth/principal';
import { readPng } from '@krateyard/rfb/read-png';
import type { Screen } from '@krateyard/rfb/screen';
import { pngOf } from '@krateyard/rfb/screen-png';
import { isStatusError, StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { SCREENSHOT_EVERY_MS, SCREENSHOTS_AT_ONCE } from '../../contract/screen-protocol.ts';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { VmsDeps } from '../deps.ts';

import { instancePath, screenRefusal } from './screen-dial.ts';

export interface Screenshot {
  readonly png: Buffer;
  /** Strong: of the bytes. */
  readonly etag: string;
}

interface Kept {
  readonly shot: Promise<Screenshot>;
  readonly until: number;
}

const MAX_BYTES = 16 * 1024 * 1024;
const ASK_MS = 10_000;
/** Pictures that are kept, the oldest going first: of a wall of thumbnails. */
const MAX_KEPT = 256;
const MAX_WAITING = 256;

/** Pictures of screens, each machine's at most once in five seconds, whoever asks. */
export class Screenshots {
  readonly #deps: Pick<VmsDeps, 'actingAs' | 'clock'>;
  readonly #clock: Clock;
  readonly #line = new ConcurrencyGate(SCREENSHOTS_AT_ONCE, MAX_WAITING);
  readonly #kept = new Map<string, Kept>();

  constructor(deps: Pick<VmsDeps, 'actingAs' | 'clock'>) {
    this.#deps = deps;
    this.#clock = deps.clock;
  }

  /** `screen`: the shared picture, where there is one now; else what KubeVirt paints. No wider than `width`. Throws StatusError. */
  async take(
    who: Principal,
    machine: VmInfo,
    screen: Screen | undefined,
    width: number | undefined,
  ): Promise<Screenshot> {
    if (machine.phase !== 'Running') throw notRunning(machine);
    const { id } = machine;
    if (screen) return this.#once([id, width ?? 0], async () => labelled(await pngOf(screen, width)));
    const whole = await this.#once([id, 'kubevirt'], () => this.#ask(who, machine));
    if (width === undefined) return whole;
    return this.#once([id, 'kubevirt', width, whole.etag], () => narrowed(whole, width));
  }

  async #once(of: readonly (string | number)[], make: () => Promise<Screenshot>): Promise<Screenshot> {
    const key = JSON.stringify(of);
    const now = this.#clock.monotonic();
    const kept = this.#kept.get(key);
    if (kept && kept.until > now) {
      // What was refused to somebody else says nothing about this person.
      const shot = await kept.shot.catch(() => undefined);
      if (shot) return shot;
    }
    const shot = this.#line.run(make);
    this.#keep(key, { shot, until: now + SCREENSHOT_EVERY_MS });
    return shot;
  }

  #keep(key: string, kept: Kept): void {
    const now = this.#clock.monotonic();
    this.#kept.delete(key);
    for (const [other, { until }] of this.#kept) if (until <= now) this.#kept.delete(other);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, kept);
    kept.shot.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
  }

  async #ask(who: Principal, machine: VmInfo): Promise<Screenshot> {
    const signal = AbortSignal.timeout(ASK_MS);
    const parts: Buffer[] = [];
    let size = 0;
    try {
      const path = `${instancePath(machine)}/vnc/screenshot`;
      const bytes = await this.#deps
        .actingAs(who)
        .bytes({ path, resource: 'virtualmachineinstances/vnc', signal });
      for await (const chunks of bytes) {
        for (const { length } of chunks) size += length;
        if (size > MAX_BYTES)
          throw new StatusError('RequestEntityTooLarge', 'The screen’s picture is too large.');
        parts.push(...chunks);
      }
    } catch (error) {
      if (isStatusError(error)) throw screenRefusal(error, machine, 'take');
      throw new StatusError('ServerTimeout', 'KubeVirt did not send a picture of the screen in time.', {
        cause: error,
      });
    }
    return labelled(Buffer.concat(parts));
  }
}

/** KubeVirt tells the reason as text that is no Status. */
function notRunning({ namespace, name, status }: VmInfo): StatusError {
  return new StatusError(
    'Conflict',
    `${namespace}/${name} shows nothing: it is ${status}. Start it to see its screen.`,
    { details: { name, kind: 'virtualmachines' } },
  );
}

/** A picture that cannot be read is sent as it came. */
async function narrowed(whole: Screenshot, width: number): Promise<Screenshot> {
  const picture = await readPng(whole.png);
  if (!picture || picture.width <= width) return whole;
  return labelled(await pngOf(picture, width));
}

function labelled(png: Buffer): Screenshot {
  return { png, etag: `"${createHash('sha256').update(png).digest('base64url').slice(0, 32)}"` };
}
