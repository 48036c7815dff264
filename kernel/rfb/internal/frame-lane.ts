import type { Duplex } from 'node:stream';
import { FrameCount, FrameError, type FrameBounds } from './frame-count.ts';

/**
 * Frames that go one way, unread, as fast as they are taken. What is put in between goes out where a frame has ended; in memory is what
 * one read brings and what `to` holds.
 */
export class FrameLane {
  readonly #from: Duplex;
  readonly #to: Duplex;
  readonly #count: FrameCount;
  readonly #onBroken: (error: FrameError) => void;
  #waiting: Buffer | undefined;
  #isLast = false;
  #isMute = false;
  /** How far frames had gone when one came that is none. */
  #broke: 'between' | 'within' | undefined;

  constructor(from: Duplex, to: Duplex, bounds: FrameBounds, onBroken: (error: FrameError) => void) {
    this.#from = from;
    this.#to = to;
    this.#count = new FrameCount(bounds);
    this.#onBroken = onBroken;
    to.on('drain', () => from.resume());
  }

  /** What has gone out are whole frames. */
  get isBetween(): boolean {
    return this.#broke ? this.#broke === 'between' : this.#count.isBetween;
  }

  /** A close frame has come. */
  get hasClosed(): boolean {
    return this.#count.hasClosed;
  }

  /** A close frame has gone out, theirs or our own. */
  get isOver(): boolean {
    return this.#count.hasClosed || (this.#isLast && this.#waiting === undefined);
  }

  pass(bytes: Buffer): void {
    if (this.#broke) return;
    let [at, passed, isBetween] = [0, 0, true];
    try {
      while (at < bytes.length) {
        isBetween = this.#count.isBetween;
        at = this.#count.pass(bytes, at);
        if (!this.#waiting || !this.#count.isBetween) continue;
        this.#write(bytes.subarray(passed, at));
        passed = at;
        this.#putIn();
      }
      this.#write(passed === 0 ? bytes : bytes.subarray(passed));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#broke = isBetween ? 'between' : 'within';
      this.#write(bytes.subarray(passed, at));
      this.#onBroken(error);
    }
  }

  /** A frame of our own, when the one that is on its way has passed. The `last` one: nothing passes after it. */
  put(frame: Buffer, how: { readonly last: boolean } = { last: false }): void {
    if (this.#isMute || this.#isLast || this.#count.hasClosed) return;
    this.#waiting = frame;
    this.#isLast = how.last;
    if (this.isBetween) this.#putIn();
  }

  /** Frames are counted from now on, and go nowhere. */
  mute(): void {
    this.#isMute = true;
    this.#waiting = undefined;
    this.#from.resume();
  }

  #putIn(): void {
    this.#write(this.#waiting!);
    this.#waiting = undefined;
    if (this.#isLast) this.mute();
  }

  #write(bytes: Buffer): void {
    if (this.#isMute || bytes.length === 0 || this.#to.destroyed) return;
    // What the system has taken at once, however much it was, is no reason to wait.
    if (!this.#to.write(bytes) && this.#to.writableLength > 0) this.#from.pause();
  }
}
