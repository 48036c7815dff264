import type { Principal } from '@krateyard/auth/principal';
import type { ScreenInput } from '@krateyard/rfb/input';
import { SIZE_OUTCOME, type SizeWish } from '@krateyard/rfb/size-wish';
import { isStatusError, StatusError } from '@krateyard/status/status-error';
import { backoffMs, type Clock } from '@krateyard/telemetry/clock';
import type { ScreenGrip } from './screen-dial.ts';

/** A connection to the machine's screen that is being drawn. */
export interface AttachedScreen {
  send(input: ScreenInput): void;
  /** Resolves with what became of it; never rejects. */
  resize(wish: SizeWish): Promise<number>;
  /** Lets go of every key and button that is pressed. */
  releaseAll(): void;
  close(): void;
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<unknown>;
}

export interface LineNeeds {
  readonly clock: Clock;
  /** Rejects with what the API server refuses. */
  readonly attach: (who: Principal, grip: ScreenGrip, signal: AbortSignal) => Promise<AttachedScreen>;
  /** As whom to come back by itself; undefined: nobody is there. */
  readonly next: () => Principal | undefined;
  readonly onChange: () => void;
}

/** `error`: why the last attempt failed; absent after a connection that ended. */
export type LineState =
  | { readonly is: 'down' }
  | { readonly is: 'dialling' }
  | { readonly is: 'up' }
  | { readonly is: 'waiting'; readonly error?: StatusError };

const ATTEMPT_MS = 10_000;
const BACKOFF = { baseMs: 250, maxMs: 10_000 };
/** A connection that lasted so long was none that fails again and again. */
const STEADY_MS = 5_000;

/**
 * The one connection to a machine's screen. Whoever opens it takes the screen from others; when it breaks off it comes back by
 * itself, as somebody who looks, without taking the screen from those who took it meanwhile.
 */
export class ScreenLine {
  readonly #needs: LineNeeds;
  readonly #over = new AbortController();
  #state: LineState = { is: 'down' };
  #attached: AttachedScreen | undefined;
  #holder: Principal | undefined;
  #dialling: Promise<void> | undefined;
  #wanted = false;
  #attempt = 0;
  #upSince = 0;
  #grip: ScreenGrip = 'if-free';
  #cancelWait: (() => void) | undefined;

  constructor(needs: LineNeeds) {
    this.#needs = needs;
  }

  get state(): LineState {
    return this.#state;
  }

  /** As whom it is, or was last, connected. */
  get holder(): Principal | undefined {
    return this.#holder;
  }

  /** Whether it is to come back by itself. What is connected stays so. */
  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) this.retryNow();
    else this.#stopWaiting();
  }

  /** Connected when it resolves, as this person unless somebody was before. Rejects with StatusError. */
  async connect(who: Principal): Promise<void> {
    // Asked in the same turn in which the attempt begins: of two who come at once one dials.
    while (this.#dialling) await this.#dialling.catch(() => {});
    if (!this.#attached) await this.#dial(who, 'take');
  }

  /** Resolves when no attempt is on its way: what was begun before is decided. */
  async quiet(): Promise<void> {
    while (this.#dialling) await this.#dialling.catch(() => {});
  }

  /** What kept it from connecting may be over. */
  retryNow(): void {
    this.#attempt = 0;
    if (this.#attached || this.#dialling || !this.#wanted) return;
    const who = this.#needs.next();
    if (who) void this.#dial(who, this.#grip).catch(() => {});
  }

  /** Goes on as somebody else. `at-once`: the one before may not be there any more; else they stay until the other is. */
  handOver(to: Principal, how: 'at-once' | 'smoothly'): void {
    if (how === 'at-once') this.cut();
    if (this.#dialling || (how === 'smoothly' && !this.#attached)) return;
    void this.#dial(to, 'take').catch(() => this.cut());
  }

  /** Ends the connection; it comes back while it is wanted. Ours may count as another's yet: it is taken back. */
  cut(): void {
    const attached = this.#attached;
    if (!attached) return;
    this.#grip = 'take';
    this.#ended(attached);
    attached.close();
  }

  send(input: ScreenInput): void {
    this.#attached?.send(input);
  }

  resize(wish: SizeWish): Promise<number> {
    return this.#attached?.resize(wish) ?? Promise.resolve(SIZE_OUTCOME.prohibited);
  }

  releaseAll(): void {
    this.#attached?.releaseAll();
  }

  close(): void {
    this.#wanted = false;
    this.#over.abort();
    this.#stopWaiting();
    this.#attached?.close();
    this.#attached = undefined;
  }

  #dial(who: Principal, grip: ScreenGrip): Promise<void> {
    this.#stopWaiting();
    const dialling = this.#try(who, grip).finally(() => {
      this.#dialling = undefined;
      this.#settle();
    });
    this.#dialling = dialling;
    if (!this.#attached) this.#become({ is: 'dialling' });
    return dialling;
  }

  async #try(who: Principal, grip: ScreenGrip): Promise<void> {
    const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(ATTEMPT_MS)]);
    let attached: AttachedScreen;
    try {
      attached = await this.#needs.attach(who, grip, signal);
    } catch (cause) {
      const error = asStatusError(cause);
      if (!this.#attached) this.#state = { is: 'waiting', error };
      throw error;
    }
    if (this.#over.signal.aborted) {
      attached.close();
      throw new StatusError('ServiceUnavailable', 'The screen has been closed.');
    }
    const before = this.#attached;
    this.#attached = attached;
    this.#holder = who;
    this.#grip = 'if-free';
    this.#upSince = this.#needs.clock.monotonic();
    this.#state = { is: 'up' };
    before?.close();
    void attached.ended.then(() => this.#ended(attached));
  }

  #ended(attached: AttachedScreen): void {
    if (this.#attached !== attached) return;
    this.#attached = undefined;
    if (this.#needs.clock.monotonic() - this.#upSince > STEADY_MS) this.#attempt = 0;
    this.#state = this.#dialling ? { is: 'dialling' } : { is: 'waiting' };
    this.#settle();
  }

  /** Tells, and tries again later where it is to. */
  #settle(): void {
    if (this.#over.signal.aborted) return;
    this.#needs.onChange();
    if (this.#attached || this.#dialling || !this.#wanted || this.#cancelWait) return;
    const { clock } = this.#needs;
    this.#cancelWait = clock.after(backoffMs(clock, this.#attempt++, BACKOFF), () => {
      this.#cancelWait = undefined;
      const who = this.#needs.next();
      if (who) void this.#dial(who, this.#grip).catch(() => {});
    });
  }

  #stopWaiting(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }

  #become(state: LineState): void {
    this.#state = state;
    this.#needs.onChange();
  }
}

function asStatusError(error: unknown): StatusError {
  if (isStatusError(error)) return error;
  return new StatusError('ServiceUnavailable', 'The machine’s screen did not answer in time, or broke off.', {
    cause: error,
  });
}
