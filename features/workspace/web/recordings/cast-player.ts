import type { Clock } from '@krateyard/ui/live/browser-clock';
import { Store } from '@krateyard/ui/live/store';
import { readCastSize, type Cast } from '@krateyard/terminals/recordings/cast';
import { firstAfter, sameMoment, timelineOf, type TimedEvent } from './timeline.ts';

/** Where a recording is played. */
export interface PlayScreen {
  write(text: string): void;
  /** Everything is gone, as in a terminal just opened, with this size. */
  reset(size: { readonly rows: number; readonly cols: number }): void;
  resize(size: { readonly rows: number; readonly cols: number }): void;
}

export interface PlayState {
  readonly playing: boolean;
  /** Where it is, in the time that is played; with idle times skipped less than what has passed. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly speed: number;
  readonly skipIdle: boolean;
}

export const SPEEDS: readonly number[] = [0.5, 1, 1.5, 2, 4, 8];
/** The bar moves this often while nothing happens. */
const TICK_MS = 100;

/** Plays a cast on a screen. One timer while it plays, none else; `stop` ends it. */
export class CastPlayer {
  readonly state: Store<PlayState>;
  readonly #cast: Cast;
  readonly #screen: PlayScreen;
  readonly #clock: Clock;
  #events: readonly TimedEvent[];
  /** Index of the next event to be played. */
  #next = 0;
  #cancelTick: (() => void) | undefined;
  /** Where it was, and when, as it began to play at this speed. */
  #since = { atMs: 0, now: 0 };

  constructor(cast: Cast, screen: PlayScreen, clock: Clock) {
    this.#cast = cast;
    this.#screen = screen;
    this.#clock = clock;
    this.#events = timelineOf(cast.events, true);
    this.state = new Store<PlayState>({
      playing: false,
      atMs: 0,
      durationMs: this.#events.at(-1)?.playMs ?? 0,
      speed: 1,
      skipIdle: true,
    });
    screen.reset(cast);
  }

  /** The events with the times at which they are played now. */
  get events(): readonly TimedEvent[] {
    return this.#events;
  }

  play(): void {
    const { playing, atMs, durationMs } = this.state.get();
    if (playing) return;
    if (atMs >= durationMs) this.seek(0);
    this.#set({ playing: true });
    this.#begin();
  }

  pause(): void {
    if (!this.state.get().playing) return;
    this.#advance();
    this.stop();
  }

  toggle(): void {
    if (this.state.get().playing) this.pause();
    else this.play();
  }

  /** Goes to a moment of the played time. What was before it is drawn at once. */
  seek(atMs: number): void {
    const { durationMs, playing } = this.state.get();
    const to = Math.max(0, Math.min(durationMs, atMs));
    const next = firstAfter(this.#events, to);
    if (next < this.#next) {
      this.#screen.reset(this.#cast);
      this.#next = 0;
    }
    this.#drawUntil(next);
    this.#set({ atMs: to });
    if (playing) this.#begin();
  }

  setSpeed(speed: number): void {
    if (this.state.get().playing) this.#advance();
    this.#set({ speed });
    if (this.state.get().playing) this.#begin();
  }

  /** Stays where it is; only the time until the next event changes. */
  setSkipIdle(skipIdle: boolean): void {
    const before = this.#events;
    const { playing, atMs } = this.state.get();
    this.#events = timelineOf(this.#cast.events, skipIdle);
    const to = sameMoment(before, this.#events, atMs);
    this.#set({ skipIdle, atMs: to, durationMs: this.#events.at(-1)?.playMs ?? 0 });
    if (playing) this.#begin();
  }

  /** Leaves no timer. */
  stop(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    this.#set({ playing: false });
  }

  #begin(): void {
    this.#since = { atMs: this.state.get().atMs, now: this.#clock.now() };
    this.#schedule();
  }

  #schedule(): void {
    this.#cancelTick?.();
    const { speed, atMs } = this.state.get();
    const wait = ((this.#events[this.#next]?.playMs ?? atMs) - atMs) / speed;
    this.#cancelTick = this.#clock.after(Math.max(0, Math.min(TICK_MS, wait)), () => {
      this.#advance();
      const { atMs, durationMs } = this.state.get();
      if (atMs >= durationMs) this.stop();
      else this.#schedule();
    });
  }

  /** Draws what is due by now. */
  #advance(): void {
    const { speed, durationMs } = this.state.get();
    const passed = (this.#clock.now() - this.#since.now) * speed;
    const atMs = Math.min(durationMs, this.#since.atMs + passed);
    this.#drawUntil(firstAfter(this.#events, atMs));
    this.#set({ atMs });
  }

  /** Output that follows output is written in one piece: seeking far is fast. */
  #drawUntil(end: number): void {
    let text = '';
    for (; this.#next < end; this.#next += 1) {
      const { code, data } = this.#events[this.#next]!;
      if (code === 'o') text += data;
      const size = code === 'r' ? readCastSize(data) : undefined;
      if (!size) continue;
      if (text !== '') this.#screen.write(text);
      text = '';
      this.#screen.resize(size);
    }
    if (text !== '') this.#screen.write(text);
  }

  #set(change: Partial<PlayState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}
