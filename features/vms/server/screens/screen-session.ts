import type { Principal } from '@krateyard/auth/principal';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import type { ScreenInput } from '@krateyard/rfb/input';
import type { Screen } from '@krateyard/rfb/screen';
import { SIZE_OUTCOME, type SizeWish } from '@krateyard/rfb/size-wish';
import { assertNever } from '@krateyard/status/assert-never';
import { REASONS } from '@krateyard/status/reasons';
import { isConflict, StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { ScreenBye, ScreenClientFrame, ScreenServerFrame } from '../../contract/screen-protocol.ts';
import type { VmInfo } from '../../contract/vm-api.ts';
import type { MachineBook } from '../machine-book.ts';
import { machineState, type MachineState, type ToldState } from './machine-state.ts';
import type { ScreenGrip } from './screen-dial.ts';
import { ScreenLine, type AttachedScreen } from './screen-line.ts';
import { ScreenPeople } from './screen-people.ts';
import { newViewer, type Newcomer, type Picture, type Viewer } from './screen-viewer.ts';
import type { SideChannel } from './side-channel.ts';

export interface ScreenBounds {
  readonly idleReleaseMs: number;
  /** How long the connection is kept after the last viewer. */
  readonly lingerMs: number;
  readonly maxViewers: number;
}

export interface SessionNeeds {
  readonly clock: Clock;
  readonly bounds: ScreenBounds;
  /** Disposed at the end. */
  readonly use: { readonly book: MachineBook } & Disposable;
  /** The picture that is kept over all connections; `attach` draws into it. */
  readonly screen: Screen;
  readonly attach: (who: Principal, grip: ScreenGrip, signal: AbortSignal) => Promise<AttachedScreen>;
  /** Whether they may take control from others. Rejects with Forbidden. */
  readonly requireTaking: (who: Principal) => Promise<void>;
  /** Whoever has this screen to themselves now; `look` is called when that changes. */
  readonly alone: () => string | undefined;
  readonly onControl: (who: Viewer) => void;
  readonly onLeft: (who: Viewer) => void;
  /** Nothing is left of it. */
  readonly onGone: () => void;
}

type EndReason = ScreenBye['reason'];

const END_CODES: Readonly<Record<EndReason, number>> = {
  'right-lost': CLOSE_CODES.forbidden.code,
  removed: CLOSE_CODES.forbidden.code,
  gone: REASONS.NotFound.closeCode,
  draining: CLOSE_CODES.draining.code,
  failed: CLOSE_CODES.internal.code,
};

/** One machine's screen and the people around it. Outlives connections, restarts and migrations; ends with the machine. */
export class ScreenSession {
  readonly namespace: string;
  readonly vm: string;
  readonly people: ScreenPeople<Viewer>;
  readonly line: ScreenLine;
  readonly screen: Screen;
  readonly #needs: SessionNeeds;
  readonly #uid: string;
  readonly #stopObserving: () => void;
  #told: ToldState & { readonly since: string };
  /** Where it was last: another instance or node, and a new try is worth it. */
  #place = '';
  /** Newcomers who wait for the connection. */
  #coming = 0;
  /** Of those who were here: their right is watched while the connection lingers. */
  #last: Viewer | undefined;
  #inControl: Viewer | undefined;
  #cancelLinger: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;
  #painted = false;
  #gone = false;

  constructor(machine: VmInfo, needs: SessionNeeds) {
    this.#needs = needs;
    this.namespace = machine.namespace;
    this.vm = machine.name;
    this.#uid = machine.id;
    this.screen = needs.screen;
    this.people = new ScreenPeople(needs.bounds.idleReleaseMs);
    this.#told = { state: 'connecting', message: 'Connecting to the screen.', since: this.#time() };
    this.line = new ScreenLine({
      clock: needs.clock,
      attach: needs.attach,
      next: () => this.#nextHolder()?.principal,
      onChange: () => this.look(),
    });
    const stopPainting = needs.screen.observe({ onDamage: () => (this.#painted = true) });
    const key = `${machine.namespace}/${machine.name}`;
    const stopFollowing = needs.use.book.observe((keys) => {
      if (keys.includes(key)) this.look();
    });
    this.#stopObserving = () => {
      stopPainting();
      stopFollowing();
    };
  }

  /** What is shown is the machine's screen of now. */
  get isLive(): boolean {
    return !this.#gone && this.#painted && this.line.state.is === 'up';
  }

  /**
   * Comes in, with the connection there. Who `waits` is let in as well while the machine is off: its screen comes when it runs.
   * Rejects with StatusError.
   */
  async enter(who: Newcomer, options: { readonly waits: boolean }): Promise<Viewer> {
    const { maxViewers } = this.#needs.bounds;
    this.#requireThere();
    if (this.people.count + this.#coming >= maxViewers) {
      throw new StatusError('TooManyRequests', `A screen has at most ${maxViewers} viewers.`, {
        details: { retryAfterSeconds: 5 },
      });
    }
    this.#coming += 1;
    this.#stopLingering();
    try {
      await this.#connect(who.principal, options.waits);
      this.#requireThere();
      const viewer = newViewer(who);
      this.people.add(viewer);
      this.#last?.right?.[Symbol.dispose]();
      this.#last = undefined;
      return viewer;
    } finally {
      this.#coming -= 1;
      this.look();
      this.#lingerWhenAlone();
    }
  }

  /** Ends their part when the right is lost; let go of when they leave. */
  guard(viewer: Viewer, right: Disposable): void {
    if (this.#gone || !this.people.has(viewer)) right[Symbol.dispose]();
    else viewer.right = right;
  }

  /** A session that ended while the client was upgraded says so. */
  connectSide(viewer: Viewer, side: SideChannel): void {
    if (!this.people.has(viewer)) {
      return side.bye('failed', REASON_TEXTS.failed, END_CODES.failed);
    }
    viewer.side = side;
    side.tell({
      type: 'hello',
      you: viewer.id,
      key: viewer.key,
      namespace: this.namespace,
      vm: this.vm,
      idleReleaseMs: this.#needs.bounds.idleReleaseMs,
    });
    side.tell({ type: 'state', ...this.#told });
    const isFirst = this.people.count === 1 && !viewer.viewOnly;
    if (isFirst) this.people.take(viewer, this.#needs.clock.monotonic());
    this.#controlChanged();
  }

  connectPicture(viewer: Viewer, picture: Picture): void {
    if (!this.people.has(viewer)) return picture.close(END_CODES.failed, REASON_TEXTS.failed);
    viewer.picture?.close(REASONS.AlreadyExists.closeCode, 'This viewer has come back on another socket.');
    viewer.picture = picture;
    viewer.watching = true;
    this.#tellPeople();
  }

  disconnectPicture(viewer: Viewer, picture: Picture): void {
    if (viewer.picture !== picture) return;
    viewer.picture = undefined;
    viewer.watching = false;
    if (viewer.side) this.#tellPeople();
    else this.leave(viewer);
  }

  /** They will not control any more. */
  lookOnly(viewer: Viewer): void {
    if (this.people.lookOnly(viewer)) this.#controlChanged();
  }

  /** Both sockets' end; idempotent. */
  leave(viewer: Viewer): void {
    if (!this.people.has(viewer)) return;
    this.people.leave(viewer);
    viewer.picture?.close(1000, '');
    viewer.picture = undefined;
    viewer.side = undefined;
    this.#needs.onLeft(viewer);
    // The connection may go on as this person for a little while: the right is watched as long.
    if (this.people.count > 0 || this.#gone) viewer.right?.[Symbol.dispose]();
    else this.#last = viewer;
    this.#settleHolder('smoothly');
    this.#controlChanged();
    this.#lingerWhenAlone();
  }

  remove(viewer: Viewer, reason: 'removed' | 'right-lost'): void {
    if (viewer === this.#last) return this.end('failed');
    if (!this.people.has(viewer)) return;
    this.#sayBye(viewer, reason);
    this.leave(viewer);
    if (reason === 'right-lost') this.#settleHolder('at-once', viewer.principal);
  }

  /** What they do at the screen; dropped unless they control it. */
  input(from: Viewer, input: ScreenInput): void {
    const { counts, changed } = this.people.input(from, this.#needs.clock.monotonic());
    if (changed) this.#controlChanged();
    if (counts) this.line.send(input);
  }

  /** Only who controls may have the machine another size. */
  resize(from: Viewer, wish: SizeWish): Promise<number> {
    if (this.people.controller !== from) return Promise.resolve(SIZE_OUTCOME.prohibited);
    return this.line.resize(wish);
  }

  /** All frames but `auth` and `ping`, which are the socket's own. Throws StatusError. */
  act(by: Viewer, frame: Exclude<ScreenClientFrame, { type: 'auth' | 'ping' }>): void | Promise<void> {
    const now = this.#needs.clock.monotonic();
    switch (frame.type) {
      case 'ask':
        return this.#changed(this.people.ask(by, now));
      case 'grant':
        return this.#changed(this.people.grant(by, frame.to, now));
      case 'release':
        return this.#changed(this.people.release(by));
      case 'take':
        return this.#take(by, now);
      case 'remove':
        return this.remove(this.people.toRemove(by, frame.viewer), 'removed');
      default:
        return assertNever(frame);
    }
  }

  beat(at: string): void {
    for (const { side } of this.people) side?.beat(at);
  }

  /** For everybody. Idempotent. */
  end(reason: EndReason): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const viewer of this.people) {
      this.#sayBye(viewer, reason);
      this.leave(viewer);
    }
    this.#last?.right?.[Symbol.dispose]();
    this.#stopLingering();
    this.#cancelIdle?.();
    this.#stopObserving();
    this.line.close();
    this.#needs.use[Symbol.dispose]();
    this.#needs.onGone();
  }

  #requireThere(): void {
    if (this.#gone)
      throw new StatusError('ServiceUnavailable', 'The screen has just been closed; try again.');
  }

  async #connect(who: Principal, waits: boolean): Promise<void> {
    const machine = this.#machine();
    if (!machine)
      throw new StatusError('NotFound', `The virtual machine ${this.namespace}/${this.vm} is gone.`);
    if (machine.is === 'off') {
      if (waits || this.people.count > 0) return;
      throw new StatusError(
        'Conflict',
        `${this.namespace}/${this.vm} has no screen now. ${machine.told.message}`,
        {
          details: { name: this.vm, kind: 'virtualmachines' },
        },
      );
    }
    await this.line.connect(who).catch((error: unknown) => {
      // It has gone off meanwhile, and that is not known here yet.
      if (!waits || !isConflict(error)) throw error;
    });
  }

  async #take(by: Viewer, now: number): Promise<void> {
    const taking = this.people.taking(by, now);
    if (taking.is === 'held') {
      const holder = this.people.controller?.username ?? '';
      const seconds = Math.ceil(taking.waitMs / 1000);
      await this.#needs.requireTaking(by.principal).catch((cause: unknown) => {
        throw new StatusError(
          'Forbidden',
          `${holder} controls this screen: ask for it, or take it when it was idle for ${seconds} s more`,
          { cause },
        );
      });
    }
    if (this.people.has(by)) this.#changed(this.people.take(by, this.#needs.clock.monotonic()));
  }

  #changed(changed: boolean): void {
    if (changed) this.#controlChanged();
  }

  /** What the one before had pressed is let go of. */
  #controlChanged(): void {
    const { controller } = this.people;
    if (controller !== this.#inControl) {
      this.#inControl = controller;
      this.line.releaseAll();
      if (controller) this.#needs.onControl(controller);
    }
    this.#tellPeople();
  }

  #sayBye(viewer: Viewer, reason: EndReason): void {
    const message = REASON_TEXTS[reason];
    viewer.side?.bye(reason, message, END_CODES[reason]);
    viewer.picture?.close(END_CODES[reason], message);
  }

  #nextHolder(): Viewer | undefined {
    const all = [...this.people];
    return all.find(({ watching }) => watching) ?? all[0] ?? this.#last;
  }

  /** The connection is somebody's who is there. */
  #settleHolder(how: 'at-once' | 'smoothly', lost?: Principal): void {
    const { holder } = this.line;
    if (this.#gone || !holder || this.people.count === 0) return;
    if (holder.id !== lost?.id && [...this.people].some(({ principal }) => principal.id === holder.id))
      return;
    if (this.#needs.alone() !== undefined) {
      // Whoever has the screen keeps it; nobody is connected whose right is lost.
      if (how === 'at-once') this.line.cut();
      return;
    }
    const next = this.#nextHolder();
    if (next) this.line.handOver(next.principal, how);
  }

  #machine(): MachineState | undefined {
    const key = `${this.namespace}/${this.vm}`;
    const { book } = this.#needs.use;
    const [vm, parts] = [book.get(key), book.parts(key)];
    if (!vm || !parts || vm.id !== this.#uid) return undefined;
    return machineState(vm, parts);
  }

  /** Compares what is with what was told, and says what is new. */
  look(): void {
    if (this.#gone) return;
    if (this.line.state.is !== 'up') this.#painted = false;
    const machine = this.#machine();
    if (!machine) return this.end('gone');
    const isLookedAt = this.people.count > 0 || this.#last !== undefined;
    this.line.want(machine.is === 'on' && isLookedAt && this.#needs.alone() === undefined);
    this.#retryAtNewPlace();
    if (this.line.state.is === 'up' && this.#coming === 0) this.#settleHolder('smoothly');
    const { state, message } = this.#stateOf(machine);
    if (state === this.#told.state && message === this.#told.message) return;
    this.#told = { state, message, since: this.#time() };
    this.#tellAll({ type: 'state', ...this.#told });
  }

  #retryAtNewPlace(): void {
    const { instance } = this.#needs.use.book.parts(`${this.namespace}/${this.vm}`) ?? {};
    const { phase = '', nodeName = '' } = instance?.status ?? {};
    const place = `${instance?.metadata.uid ?? ''} ${nodeName} ${phase}`;
    if (place === this.#place) return;
    this.#place = place;
    this.line.retryNow();
  }

  #stateOf(machine: MachineState): ToldState {
    if (machine.is === 'off') return machine.told;
    const line = this.line.state;
    if (line.is === 'up') return machine.told ?? { state: 'live', message: 'Live.' };
    if (machine.told?.state === 'migrating') return machine.told;
    const alone = this.#needs.alone();
    if (alone !== undefined)
      return {
        state: 'unavailable',
        message: `${alone} has this screen to themselves now. It comes back when they leave.`,
      };
    if (line.is === 'waiting' && line.error && line.error.reason !== 'Conflict')
      return { state: 'unavailable', message: `${line.error.message} It is tried again.` };
    return { state: 'connecting', message: 'Connecting to the screen.' };
  }

  #tellPeople(): void {
    const viewers = this.people.told();
    this.#tellAll({ type: 'people', viewers, controller: this.people.controller?.id ?? null });
    this.#watchIdle();
  }

  #tellAll(frame: ScreenServerFrame): void {
    for (const { side } of this.people) side?.tell(frame);
  }

  /** While somebody asks, control goes to them when it has been idle for long enough. */
  #watchIdle(): void {
    this.#cancelIdle?.();
    const { clock } = this.#needs;
    const at = this.people.idleAt();
    if (at === undefined || this.#gone) return;
    this.#cancelIdle = clock.after(Math.max(1, at - clock.monotonic()), () => {
      if (this.people.expire(clock.monotonic())) this.#controlChanged();
      else this.#watchIdle();
    });
  }

  #lingerWhenAlone(): void {
    if (this.#gone || this.people.count > 0 || this.#coming > 0) return;
    if (this.line.state.is !== 'up') return this.end('failed');
    this.#cancelLinger ??= this.#needs.clock.after(this.#needs.bounds.lingerMs, () => this.end('failed'));
  }

  #stopLingering(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
  }

  #time(): string {
    return new Date(this.#needs.clock.now()).toISOString();
  }
}

const REASON_TEXTS: Readonly<Record<EndReason, string>> = {
  removed: 'Who controls the screen has removed you.',
  'right-lost': 'The right to see this screen was lost.',
  gone: 'The machine has been deleted.',
  draining: CLOSE_CODES.draining.text,
  failed: 'The screen has been closed; reconnect.',
};
