import { randomBytes } from 'node:crypto';
import type { Principal } from '@krateyard/auth/principal';
import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import { assertNever } from '@krateyard/status/assert-never';
import { REASONS } from '@krateyard/status/reasons';
import { StatusError } from '@krateyard/status/status-error';
import { Audience } from './audience.ts';
import { KeptAlone } from './kept-alone.ts';
import { tappedPerson, type Member } from './member.ts';
import type { People, Size } from './people.ts';
import { Patience } from './patience.ts';
import { Scrollback, type OutputStream } from './scrollback.ts';
import type { Notice, TerminalClientFrame, TerminalExit, TerminalHello } from './terminal-protocol.ts';
import type { EndReason, TerminalNeeds, TerminalSummary } from './terminal-needs.ts';
import { TerminalRecorder } from './terminal-recorder.ts';
import type { TappedTerminal } from './terminal-tap.ts';
import type { TerminalUpstream, ToldExit } from './terminal-upstream.ts';
import type { TerminalViewer } from './terminal-viewer.ts';

/** Input that waits to be taken upstream; above it the one who types is not read. */
const MAX_INPUT_BYTES = 1024 * 1024;

const NORMAL = 1000;
const { forbidden: FORBIDDEN, draining: DRAINING } = CLOSE_CODES;

/** One upstream and the people around it. Outlives sockets: what it says is kept for who comes back. */
export class Terminal<Place extends object = object> {
  readonly id = randomBytes(16).toString('base64url');
  readonly place: Place;
  readonly owner: Member | undefined;
  readonly startedAt: string;
  readonly scrollback: Scrollback;
  readonly recorder: TerminalRecorder;
  readonly #needs: TerminalNeeds<Place>;
  readonly #audience: Audience;
  readonly #people: People<Member>;
  readonly #alone: KeptAlone;
  readonly #patience: Patience;
  #upstream: TerminalUpstream | undefined;
  #size: Size;
  #exit: TerminalExit | undefined;
  #ending = false;
  #gone = false;
  #paused = false;
  #inputHeld = false;
  #flowing = false;
  #typist: Member | undefined;
  /** When they typed last, or got the keyboard. */
  #typedAt: number;
  #heldUntil: number | undefined;
  #notice: Notice | undefined;
  #onFirst: (() => void) | undefined;

  constructor(needs: TerminalNeeds<Place>) {
    this.#needs = needs;
    this.place = needs.place;
    this.scrollback = new Scrollback(needs.bounds.scrollbackBytes);
    this.startedAt = new Date(needs.clock.now()).toISOString();
    this.#audience = new Audience(needs.owner, needs.size);
    this.#people = this.#audience.people;
    this.owner = this.#people.owner;
    this.#alone = new KeptAlone(needs.clock);
    this.#patience = new Patience(needs.clock, this.scrollback, this.#audience, () => this.#regulate());
    this.#size = needs.size ?? { rows: 24, cols: 80 };
    this.#typedAt = needs.clock.monotonic();
    this.recorder = new TerminalRecorder({
      port: needs.recordings,
      terminal: () => this.#tapped(),
      people: () => this.#audience.tapped(),
      tellAll: (frame) => {
        this.#audience.tell(frame);
        if (this.#alone.member && frame.type === 'recording' && !frame.on) this.stop('hold-expired');
      },
    });
    if (this.owner) this.#holdFor(this.owner);
  }

  get over(): boolean {
    return this.#exit !== undefined || this.#ending;
  }

  /** How it ended, once that is known. */
  get exit(): TerminalExit | undefined {
    return this.#exit;
  }

  get size(): Size {
    return this.#size;
  }

  /** Who types, else somebody who is connected, else somebody who may come back, else the last there was. */
  get foremost(): Member | undefined {
    return this.#audience.foremost ?? this.#alone.member;
  }

  /** Takes the upstream over, and starts to read it. */
  run(upstream: TerminalUpstream): void {
    if (this.over) return upstream.abort();
    this.#upstream = upstream;
    upstream.start({
      onOutput: (bytes, channel) => this.#output(bytes, channel),
      onWritable: () => this.#holdInput(false),
      onNotice: (state, message) => this.#noticed(state, message),
      onEnd: (explain) => void this.#ended(explain),
    });
  }

  /** Calls back, once, at the first output or the end. */
  onFirst(listener: () => void): void {
    if (this.#ending || this.scrollback.end > 0) listener();
    else this.#onFirst = listener;
  }

  /** Somebody new. Throws StatusError. */
  admit(who: Principal): Member {
    if (this.over) throw new StatusError('NotFound', 'This session has ended.');
    const guest = this.#audience.admit(who);
    this.#alone.end();
    this.#holdFor(guest);
    return guest;
  }

  /** Who was to come in did not: ends what nobody is in. */
  endUnused(): void {
    if (this.#people.count === 0 && !this.#alone.member) this.stop('hold-expired');
  }

  /** Who has this key. Throws Forbidden when it is another person's. */
  returning(who: Principal, key: string): Member | undefined {
    return this.#audience.returning(who, key);
  }

  /** Ends their part when the right is lost; let go of when they leave. */
  guard(member: Member, right: Disposable): void {
    member.right?.[Symbol.dispose]();
    const here = this.#people.find(member.id) ?? this.#alone.member;
    if (this.#gone || here !== member) right[Symbol.dispose]();
    else member.right = right;
  }

  /** The member's socket is here. Output goes from the viewer's offset on. */
  connect(member: Member, viewer: TerminalViewer, from: number): void {
    member.viewer?.end(undefined, REASONS.AlreadyExists.closeCode, 'You came back on another socket.');
    member.cancelHold();
    member.viewer = viewer;
    this.#people.connected(member);
    this.#lookWhoTypes();
    this.#heldUntil = undefined;
    viewer.tell(this.#hello(member, Math.max(from, this.scrollback.start)));
    this.#tellPeople();
    if (this.#notice?.state === 'waiting') viewer.tell(this.#notice);
    if (from < this.scrollback.start) viewer.tell({ type: 'gap', from, to: this.scrollback.start });
    viewer.pauseInput(this.#inputHeld && this.#people.keyboard === member);
    if (this.#exit) viewer.finish(this.#exit, NORMAL);
    else viewer.flow();
    this.#regulate();
  }

  /** The socket is gone; the member may come back. */
  disconnect(member: Member, viewer: TerminalViewer, code: number): void {
    if (member.viewer !== viewer) return;
    member.viewer = undefined;
    // Who has answered our close has had all that came before it.
    member.drawn = this.#exit && code === NORMAL ? this.scrollback.end : viewer.floor;
    this.#people.disconnected(member);
    this.#applySize();
    // Clients that acknowledge nothing do not know how to come back.
    if (viewer.dialect.acknowledges) this.#holdFor(member);
    else this.#left(member);
    this.#tellPeople();
    this.#regulate();
  }

  input(from: Member, bytes: Uint8Array): void {
    this.#requireKeyboard(from);
    if (this.over || !this.#upstream) return;
    this.#typedAt = this.#needs.clock.monotonic();
    const unsent = this.#upstream.write(bytes) ? 0 : this.#upstream.unsentBytes;
    this.recorder.input(bytes, tappedPerson(from));
    if (unsent > MAX_INPUT_BYTES) this.#holdInput(true);
  }

  /** All frames but `auth` and `ping`, which are the socket's own. Throws StatusError. */
  act(by: Member, frame: Exclude<TerminalClientFrame, { type: 'auth' | 'ping' }>): void | Promise<void> {
    switch (frame.type) {
      case 'resize':
        return this.#resize(by, frame);
      case 'eof':
        return this.#endInput(by);
      case 'ack':
        return this.#acknowledged(by, frame.offset);
      case 'ask':
        return this.#changed(this.#people.ask(by));
      case 'grant':
        return this.#changed(this.#people.grant(by, frame.to));
      case 'release':
        return this.#changed(this.#people.release(by));
      case 'take':
        return this.#changed(this.#people.take(by, this.#idle()));
      case 'remove':
        return this.remove(this.#people.toRemove(by, frame.participant), 'removed');
      case 'record':
        return this.#record(by, frame.on);
      case 'end':
        return this.#endBy(by);
      default:
        return assertNever(frame);
    }
  }

  /** A guest goes at once; with the owner the session does. */
  remove(member: Member, reason: 'removed' | 'right-lost'): void {
    if (member === this.owner) return this.stop(reason === 'removed' ? 'owner-ended' : reason);
    if (member === this.#alone.member) return this.stop('right-lost');
    member.viewer?.end(this.#exitOf(reason), FORBIDDEN.code);
    member.viewer = undefined;
    this.#letGo(member);
    if (this.#people.count === 0) return this.stop('hold-expired');
    this.#applySize();
    this.#tellPeople();
    this.#regulate();
  }

  /** Ends the upstream, and the session for all, at once. */
  stop(reason: EndReason): void {
    if (this.#exit) return this.#leave();
    this.#exit = this.#exitOf(reason);
    this.recorder.ended(this.#exit);
    const code = { 'right-lost': FORBIDDEN.code, draining: DRAINING.code }[reason as string] ?? NORMAL;
    this.#audience.end(this.#exit, code);
    this.#upstream?.abort();
    this.#needs.onEnded();
    this.#leave();
  }

  /** From time to time: sockets are kept from being cut as idle; who is not there, or takes nothing, is cut off. */
  beat(now: number, at: string | undefined): void {
    this.#audience.beat(now, at, this.#needs.bounds.stallMs);
  }

  summary(): TerminalSummary {
    return {
      session: this.id,
      participants: this.#people.told(),
      recording: this.recorder.on,
      startedAt: this.startedAt,
      ...(this.#heldUntil !== undefined && { heldUntil: new Date(this.#heldUntil).toISOString() }),
    };
  }

  #hello(member: Member, offset: number): TerminalHello {
    const { holdMs, scrollbackBytes, windowBytes } = this.#needs.bounds;
    return {
      type: 'hello',
      session: this.id,
      you: member.id,
      key: member.key,
      ...this.place,
      ...this.#size,
      offset,
      holdMs,
      scrollbackBytes,
      windowBytes,
      recording: this.recorder.on,
      startedAt: this.startedAt,
    };
  }

  #output(bytes: Buffer, channel: OutputStream): void {
    this.recorder.output(bytes, this.scrollback.end, channel);
    this.scrollback.append(bytes, channel, this.#audience.floor(this.scrollback.end));
    this.#first();
    this.#flowSoon();
    this.#regulate();
  }

  /** Holds the upstream back while more output would push out what the owner, or a client that is waited for, has not drawn. */
  #regulate(): void {
    if (!this.#upstream || this.#exit) return this.#patience.stop();
    this.#patience.look();
    const full = this.scrollback.isFull(this.#audience.floor(this.scrollback.end));
    if (full === this.#paused) return;
    this.#paused = full;
    if (full) this.#upstream.pause();
    else this.#upstream.resume();
  }

  /** What one turn of the loop brings, of output and of acknowledgements, goes out together: fewer, larger frames and writes. */
  #flowSoon(): void {
    if (this.#flowing) return;
    this.#flowing = true;
    setImmediate(() => {
      this.#flowing = false;
      this.#audience.flow();
      this.#regulate();
    });
  }

  #acknowledged(by: Member, offset: number): void {
    by.viewer?.acknowledge(offset);
    this.#flowSoon();
  }

  /** The socket took more. */
  progressed(member: Member): void {
    member.viewer?.flow();
    this.#regulate();
  }

  #resize(by: Member, { rows, cols }: Size): void {
    by.size = { rows, cols };
    by.viewer?.hold(false);
    this.#applySize();
  }

  /** The terminal is as large as that of who has the keyboard. */
  #applySize(): void {
    const size = this.#people.keyboard?.size;
    if (!size || (size.rows === this.#size.rows && size.cols === this.#size.cols)) return;
    this.#size = size;
    this.#upstream?.resize(size.rows, size.cols);
    this.recorder.resized(size.rows, size.cols);
    this.#audience.tell({ type: 'resized', ...size });
  }

  #endInput(by: Member): void {
    this.#requireKeyboard(by);
    this.#upstream?.endInput();
  }

  #requireKeyboard(from: Member): void {
    if (this.#people.keyboard === from) return;
    throw new StatusError('Forbidden', 'you are watching; ask for the keyboard to type');
  }

  #endBy(by: Member): void {
    if (by !== this.owner) throw new StatusError('Forbidden', 'only the owner may end the session');
    this.stop('owner-ended');
  }

  #record(by: Member, on: boolean): Promise<void> {
    if (by === this.owner || by === this.#people.keyboard) return this.recorder.set(on, tappedPerson(by));
    throw new StatusError(
      'Forbidden',
      'only the owner, and who has the keyboard, may have the session recorded',
    );
  }

  #tapped(): TappedTerminal {
    return {
      session: this.id,
      ...this.#size,
      owner: this.owner && tappedPerson(this.owner),
      startedAt: this.startedAt,
      offset: this.scrollback.end,
    };
  }

  #noticed(state: Notice['state'], message: string): void {
    const { clock } = this.#needs;
    const at = new Date(clock.now()).toISOString();
    this.#notice = { type: 'notice', state, message, offset: this.scrollback.end, at };
    this.#audience.tell(this.#notice);
  }

  #idle(): boolean {
    const { idleMs } = this.#needs.bounds;
    return idleMs !== undefined && this.#needs.clock.monotonic() - this.#typedAt >= idleMs;
  }

  #lookWhoTypes(): void {
    if (this.#typist === this.#people.keyboard) return;
    this.#typist = this.#people.keyboard;
    this.#typedAt = this.#needs.clock.monotonic();
  }

  #holdInput(held: boolean): void {
    if (held === this.#inputHeld) return;
    this.#inputHeld = held;
    this.#audience.pauseInput(held);
  }

  #changed(changed: boolean): void {
    if (!changed) return;
    this.#lookWhoTypes();
    this.#applySize();
    this.#tellPeople();
  }

  #tellPeople(): void {
    this.recorder.people();
    this.#audience.tellPeople();
  }

  #first(): void {
    this.#onFirst?.();
    this.#onFirst = undefined;
  }

  async #ended(explain: () => Promise<ToldExit>): Promise<void> {
    const over = this.over;
    this.#ending = true;
    this.#first();
    if (over) return;
    this.#needs.onEnded();
    const told = await explain();
    if (this.#exit) return;
    this.#exit = { type: 'exit', ...told };
    this.recorder.ended(this.#exit);
    this.#audience.finish(this.#exit, NORMAL);
    this.#leaveWhenAlone();
  }

  #holdFor(member: Member): void {
    const { clock, bounds } = this.#needs;
    member.cancelHold();
    if (this.#gone) return;
    member.cancelHold = clock.after(bounds.holdMs, () => this.#holdExpired(member));
    if (!this.#audience.anybodyHere) this.#heldUntil = clock.now() + bounds.holdMs;
    this.#leaveWhenAlone();
  }

  #holdExpired(member: Member): void {
    this.#left(member);
    this.#tellPeople();
    this.#leaveWhenAlone();
  }

  /** They do not come back. */
  #left(member: Member): void {
    if (member === this.owner) return this.stop('hold-expired');
    if (this.#people.count === 1 && this.#staysWithout(member)) return;
    this.#letGo(member);
    if (this.#people.count === 0) this.stop('hold-expired');
  }

  /** What is recorded goes on without anybody for a while, as the last there was and while they have the right. */
  #staysWithout(last: Member): boolean {
    const { unattendedMs = 0 } = this.#needs.bounds;
    if (unattendedMs === 0 || !this.recorder.on || this.over) return false;
    last.cancelHold();
    this.#people.leave(last);
    this.#alone.keep(last, unattendedMs, () => this.stop('hold-expired'));
    return true;
  }

  #letGo(member: Member): void {
    member.cancelHold();
    member.right?.[Symbol.dispose]();
    this.#people.leave(member);
  }

  /** An ended session stays for those who were cut off before they saw how. */
  #leaveWhenAlone(): void {
    if (this.#exit && !this.#audience.awaited(this.scrollback.end)) this.#leave();
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#alone.end();
    this.#patience.stop();
    this.#audience.release();
    this.#needs.onGone();
  }

  #exitOf(reason: EndReason | 'removed'): TerminalExit {
    const message = reason === 'right-lost' ? this.#needs.rightLost : REASON_TEXTS[reason];
    return { type: 'exit', code: null, reason, message };
  }
}

const REASON_TEXTS = {
  removed: 'The owner has removed you.',
  'owner-ended': 'The owner has ended the session.',
  'hold-expired': 'The owner was away for too long.',
  draining: 'The gateway is stopping.',
} as const;
