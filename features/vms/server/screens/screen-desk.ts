import type { Authentication } from '@krateyard/auth/authenticator';
import type { Principal } from '@krateyard/auth/principal';
import { watchRights } from '@krateyard/auth/watch-rights';
import type { UpstreamSocket } from '@krateyard/kube/client/upstream-socket';
import { PaintedScreen } from '@krateyard/rfb/painted-screen';
import { StatusError } from '@krateyard/status/status-error';
import type { VmInfo } from '../../contract/vm-api.ts';
import { account, type Asker } from '../account.ts';
import type { Books } from '../books.ts';
import type { VmAction, VmsDeps } from '../deps.ts';
import { attachScreen } from './attach-screen.ts';
import { dialScreen } from './screen-dial.ts';
import { machineToLookAt, type MachineAddress } from './screen-machine.ts';
import { lookQuestion, takeQuestion } from './screen-rights.ts';
import { ScreenSession, type ScreenBounds } from './screen-session.ts';
import type { Newcomer, Viewer } from './screen-viewer.ts';

export type DeskDeps = Pick<
  VmsDeps,
  | 'access'
  | 'actingAs'
  | 'audit'
  | 'clock'
  | 'credentials'
  | 'authenticateToken'
  | 'logger'
  | 'metrics'
  | 'screens'
>;

export interface Seat {
  readonly session: ScreenSession;
  readonly viewer: Viewer;
}

/** A screen that is one person's alone: KubeVirt's stream as it is. */
export interface AloneScreen extends Disposable {
  readonly socket: UpstreamSocket;
  readonly machine: MachineAddress;
}

const LINGER_MS = 10_000;
const MAX_VIEWERS = 32;
/** Below the 30 s after which the impatient among proxies cut. */
const BEAT_MS = 15_000;
/** Of all shared pictures, above which no further one is begun: 64 of 2048 × 2048. */
const MAX_PICTURE_BYTES = 1024 * 1024 * 1024;
const LIMIT = 'screens';
const DIAL_MS = 10_000;

/** All screens that are looked at through this gateway. */
export class ScreenDesk {
  readonly #deps: DeskDeps;
  readonly #books: Books;
  readonly #bounds: ScreenBounds;
  readonly #sessions = new Map<string, ScreenSession>();
  readonly #seats = new Map<string, Seat>();
  /** Who has a screen for themselves, by machine. */
  readonly #alone = new Map<string, Set<Principal>>();
  readonly #bytes: { add(labels: { from: string }, by: number): void };
  #cancelBeat: (() => void) | undefined;
  #draining = false;

  constructor(deps: DeskDeps, books: Books) {
    const { metrics, screens } = deps;
    this.#deps = deps;
    this.#books = books;
    this.#bounds = { idleReleaseMs: screens.idleReleaseMs, lingerMs: LINGER_MS, maxViewers: MAX_VIEWERS };
    metrics.gauge('krateyard_screens', 'Screens of machines that are shared now.', [], (gauge) =>
      gauge.set(this.#sessions.size),
    );
    metrics.gauge('krateyard_screen_viewers', 'Viewers of shared screens.', [], (gauge) =>
      gauge.set(this.#seats.size),
    );
    metrics.gauge('krateyard_screen_picture_bytes', 'Memory of shared pictures.', [], (gauge) =>
      gauge.set(this.#pictureBytes()),
    );
    metrics.gauge('krateyard_screens_alone', 'Screens that one person has to themselves.', [], (gauge) =>
      gauge.set([...this.#alone.values()].reduce((sum, { size }) => sum + size, 0)),
    );
    this.#bytes = metrics.counter('krateyard_screen_bytes_total', 'Bytes of screens.', ['from']);
  }

  /** The machine, for who may see its screen. Throws Forbidden, NotFound. */
  async machine(who: Principal, at: MachineAddress, signal: AbortSignal): Promise<VmInfo> {
    using use = await this.#books.use();
    return machineToLookAt(this.#deps.access, use.book, who, at, signal);
  }

  session({ namespace, name }: Pick<VmInfo, 'namespace' | 'name'>): ScreenSession | undefined {
    return this.#sessions.get(`${namespace}/${name}`);
  }

  /** A place before a machine's screen, which is connected then. Who `waits` gets one while it is off, too. Throws StatusError. */
  async sit(
    who: Newcomer,
    at: MachineAddress,
    options: { readonly waits: boolean; readonly signal: AbortSignal },
  ): Promise<Seat> {
    this.#requireOpen();
    const machine = await this.machine(who.principal, at, options.signal);
    const session = await this.#sessionOf(machine, who.principal);
    const viewer = await session.enter(who, options);
    const seat = { session, viewer };
    this.#seats.set(viewer.key, seat);
    try {
      await this.#guard(seat, options.signal);
      options.signal.throwIfAborted();
    } catch (error) {
      session.leave(viewer);
      throw error;
    }
    this.account('screen.open', who, machine, viewer.id);
    return seat;
  }

  /** The place that `hello` told the key of. Throws NotFound, Forbidden for another's. */
  seat(key: string, who: Principal): Seat {
    const seat = this.#seats.get(key);
    if (!seat) throw new StatusError('NotFound', 'There is no such viewer (any more); open /screen again.');
    if (seat.viewer.principal.id !== who.id)
      throw new StatusError('Forbidden', 'The key is another person’s.');
    return seat;
  }

  /** KubeVirt's own stream. Whoever shares the screen meanwhile waits. Throws StatusError. */
  async takeAlone(who: Asker, at: MachineAddress, signal: AbortSignal): Promise<AloneScreen> {
    this.#requireOpen();
    const { principal } = who;
    const machine = await this.machine(principal, at, signal);
    const place = this.#deps.screens.limits.acquire(LIMIT, {
      user: principal.id,
      namespace: machine.namespace,
    });
    const standBack = this.#standBack(machine, principal);
    try {
      // An attempt that is on its way would take the screen back at once.
      await this.session(machine)?.line.quiet();
      const socket = await dialScreen(this.#deps.actingAs(principal), machine, {
        grip: 'take',
        signal: AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)]),
      });
      this.account('screen.alone', who, machine, '');
      return {
        socket,
        machine,
        [Symbol.dispose]: () => {
          standBack();
          place[Symbol.dispose]();
        },
      };
    } catch (error) {
      standBack();
      place[Symbol.dispose]();
      throw error;
    }
  }

  /** Calls back when the right to see the screen is lost. */
  watchRight(
    who: Principal,
    { namespace, name }: MachineAddress,
    onLost: () => void,
    signal: AbortSignal,
  ): Promise<Disposable> {
    return watchRights(this.#deps.access, who, [lookQuestion(namespace, name)], onLost, signal);
  }

  /** A secret that opens this machine's screen once, as the person. */
  ticket(who: Authentication, address: string, lifetimeMs: number): string {
    // What rests on a ticket is not sent by the browser by itself.
    return this.#deps.screens.issueTicket({ ...who, ambient: false }, address, lifetimeMs);
  }

  count(from: 'machine' | 'gateway', bytes: number): void {
    this.#bytes.add({ from }, bytes);
  }

  account(action: VmAction, asker: Asker, at: MachineAddress, key: string): void {
    account(this.#deps, action, asker, at, key);
  }

  /** The gateway stops: everybody is told. */
  drain(): void {
    this.#draining = true;
    for (const session of this.#sessions.values()) session.end('draining');
  }

  #requireOpen(): void {
    if (this.#draining) throw new StatusError('ServiceUnavailable', 'The gateway is stopping.');
  }

  async #sessionOf(machine: VmInfo, who: Principal): Promise<ScreenSession> {
    const key = `${machine.namespace}/${machine.name}`;
    const known = this.#sessions.get(key);
    if (known) return known;
    const use = await this.#books.use();
    const meanwhile = this.#sessions.get(key);
    if (meanwhile) {
      use[Symbol.dispose]();
      return meanwhile;
    }
    try {
      return this.#open(machine, who, use);
    } catch (error) {
      use[Symbol.dispose]();
      throw error;
    }
  }

  #open(machine: VmInfo, who: Principal, use: Awaited<ReturnType<Books['use']>>): ScreenSession {
    const { access, actingAs, clock, logger, screens } = this.#deps;
    const { namespace, name } = machine;
    const key = `${namespace}/${name}`;
    if (this.#pictureBytes() > MAX_PICTURE_BYTES) throw full();
    const place = screens.limits.acquire(LIMIT, { user: who.id, namespace });
    const screen = new PaintedScreen();
    const onBytes = (count: number): void => this.count('machine', count);
    const session = new ScreenSession(machine, {
      clock,
      bounds: this.#bounds,
      use,
      screen,
      attach: (as, grip, signal) =>
        attachScreen(actingAs(as), machine, screen, { grip, signal }, { clock, logger, onBytes }),
      requireTaking: (person) => access.require(person, takeQuestion(namespace, name)),
      alone: () => this.#alone.get(key)?.values().next().value?.username,
      onControl: (viewer) => this.account('screen.control', viewer, machine, viewer.id),
      onLeft: (viewer) => this.#seats.delete(viewer.key),
      onGone: () => {
        place[Symbol.dispose]();
        this.#forget(key, session);
      },
    });
    this.#sessions.set(key, session);
    this.#cancelBeat ??= clock.every(BEAT_MS, () => this.#beat());
    return session;
  }

  #pictureBytes(): number {
    return [...this.#sessions.values()].reduce((sum, { screen }) => sum + screen.pixels.length, 0);
  }

  async #guard({ session, viewer }: Seat, signal: AbortSignal): Promise<void> {
    const at = { namespace: session.namespace, name: session.vm };
    const right = await this.watchRight(
      viewer.principal,
      at,
      () => session.remove(viewer, 'right-lost'),
      signal,
    );
    session.guard(viewer, right);
  }

  /** Whoever shares the screen waits until the disposer is called. */
  #standBack({ namespace, name }: VmInfo, who: Principal): () => void {
    const key = `${namespace}/${name}`;
    const all = this.#alone.get(key) ?? new Set();
    const one = { ...who };
    this.#alone.set(key, all.add(one));
    this.#sessions.get(key)?.look();
    return () => {
      all.delete(one);
      if (all.size === 0 && this.#alone.get(key) === all) this.#alone.delete(key);
      this.#sessions.get(key)?.look();
    };
  }

  #beat(): void {
    const at = new Date(this.#deps.clock.now()).toISOString();
    for (const session of this.#sessions.values()) session.beat(at);
  }

  #forget(key: string, session: ScreenSession): void {
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    if (this.#sessions.size > 0) return;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
  }
}

function full(): StatusError {
  return new StatusError(
    'TooManyRequests',
    'The screens that are open take all the memory there is for them.',
    {
      details: { retryAfterSeconds: 10 },
    },
  );
}
