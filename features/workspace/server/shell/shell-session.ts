import { randomBytes } from 'node:crypto';
import type { Principal } from '@krateyard/auth/principal';
import type { ExecStream, OutputStream } from '@krateyard/kube/stream/exec-stream';
import type { ExecEnd } from '@krateyard/kube/stream/exec-status';
import { assertNever } from '@krateyard/status/assert-never';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type {
  Exit,
  ShellClientFrame,
  ShellServerFrame,
  ShellSummary,
} from '../../contract/shell-protocol.ts';
import { newMember, sameKey, tappedPerson, type Member } from './member.ts';
import { People, type Size } from './people.ts';
import { Scrollback } from './scrollback.ts';
import { SessionRecorder } from './session-recorder.ts';
import type { RecordingPort, TappedSession } from './session-tap.ts';
import type { ShellViewer } from './shell-viewer.ts';

/** What a session runs, and where. */
export interface ShellTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly tty: boolean;
}

export interface ShellBounds {
  /** How long a participant who was cut off may come back. */
  readonly holdMs: number;
  readonly scrollbackBytes: number;
  readonly windowBytes: number;
  /** A client that takes nothing for so long is cut off; it may come back. */
  readonly stallMs: number;
}

export interface SessionNeeds {
  readonly clock: Clock;
  readonly bounds: ShellBounds;
  readonly cluster: string;
  readonly recordings: RecordingPort | undefined;
  /** What became of a process that ended without a plain exit code: the pod may be gone. */
  readonly explain: (end: ExecEnd) => Promise<Omit<Exit, 'type'>>;
  /** The process has ended or was given up; people may still be there. */
  readonly onEnded: () => void;
  /** Nothing is left of it. */
  readonly onGone: () => void;
}

/** Input that waits to be taken by the API server; above it the one who types is not read. */
const MAX_INPUT_BYTES = 1024 * 1024;
const MAX_PARTICIPANTS = 64;

const NORMAL = 1000;
/** Numbers of the hub's table and of the reasons' (4509: AlreadyExists). */
const CLOSES = { rightLost: 4503, removed: 4503, draining: 4001, slow: 4002, elsewhere: 4509 };

/** One process and the people around it. Outlives sockets: what it says is kept for who comes back. */
export class ShellSession {
  readonly id = randomBytes(16).toString('base64url');
  readonly target: ShellTarget;
  readonly owner: Member;
  readonly startedAt: string;
  readonly scrollback: Scrollback;
  readonly recorder: SessionRecorder;
  readonly #needs: SessionNeeds;
  readonly #people: People<Member>;
  #stream: ExecStream | undefined;
  #size: Size;
  #exit: Exit | undefined;
  #ending = false;
  #gone = false;
  #paused = false;
  #inputHeld = false;
  #heldUntil: number | undefined;
  #processEnd: ExecEnd | undefined;
  #onFirst: (() => void) | undefined;

  constructor(target: ShellTarget, owner: Principal, size: Size | undefined, needs: SessionNeeds) {
    this.target = target;
    this.#needs = needs;
    this.scrollback = new Scrollback(needs.bounds.scrollbackBytes);
    this.startedAt = new Date(needs.clock.now()).toISOString();
    this.owner = newMember(owner, 'owner', size);
    this.#people = new People(this.owner);
    this.#size = size ?? { rows: 24, cols: 80 };
    this.recorder = new SessionRecorder({
      port: needs.recordings,
      namespace: target.namespace,
      session: () => this.#tapped(),
      people: () => ({
        all: Array.from(this.#people, tappedPerson),
        keyboard: tappedPerson(this.#people.keyboard),
      }),
      tellAll: (frame) => this.#tellAll(frame),
    });
    this.#holdFor(this.owner);
  }

  get over(): boolean {
    return this.#exit !== undefined || this.#ending;
  }

  /** How it ended, once that is known. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** How the process ended, where it did. */
  get processEnd(): ExecEnd | undefined {
    return this.#processEnd;
  }

  get size(): Size {
    return this.#size;
  }

  members(): Iterable<Member> {
    return this.#people;
  }

  /** Takes the process over, and starts to read it. */
  run(stream: ExecStream): void {
    if (this.over) return stream.abort();
    this.#stream = stream;
    stream.start({
      onOutput: (bytes, channel) => this.#output(bytes, channel),
      onWritable: () => this.#holdInput(false),
      onEnd: (end) => void this.#ended(end),
    });
  }

  /** Calls back, once, at the first output or the end. */
  onFirst(listener: () => void): void {
    if (this.#processEnd || this.scrollback.end > 0) listener();
    else this.#onFirst = listener;
  }

  /** Comes back with the key, or joins as somebody new. Throws StatusError. */
  admit(who: Principal, key: string | undefined): Member {
    if (key !== undefined) return this.#returning(who, key);
    if (this.over) throw new StatusError('NotFound', 'This session has ended.');
    if (this.#people.count >= MAX_PARTICIPANTS) {
      throw new StatusError('TooManyRequests', `A session has at most ${MAX_PARTICIPANTS} participants.`, {
        details: { retryAfterSeconds: 5 },
      });
    }
    const guest = newMember(who, 'guest', undefined);
    this.#people.add(guest);
    this.#holdFor(guest);
    return guest;
  }

  /** Ends their part when the right is lost; let go of when they leave. */
  guard(member: Member, right: Disposable): void {
    member.right?.[Symbol.dispose]();
    if (this.#gone || !this.#people.find(member.id)) right[Symbol.dispose]();
    else member.right = right;
  }

  /** The member's socket is here. Output goes from the viewer's offset on. */
  connect(member: Member, viewer: ShellViewer, from: number): void {
    member.viewer?.end(undefined, CLOSES.elsewhere, 'You came back on another socket.');
    member.cancelHold();
    member.viewer = viewer;
    member.connected = true;
    this.#heldUntil = undefined;
    viewer.tell(this.#hello(member, Math.max(from, this.scrollback.start)));
    this.#tellPeople();
    if (from < this.scrollback.start) viewer.tell({ type: 'gap', from, to: this.scrollback.start });
    viewer.pauseInput(this.#inputHeld && this.#people.keyboard === member);
    if (this.#exit) viewer.finish(this.#exit, NORMAL);
    else viewer.flow();
    this.#regulate();
  }

  /** The socket is gone; the member may come back. */
  disconnect(member: Member, viewer: ShellViewer, code: number): void {
    if (member.viewer !== viewer) return;
    member.viewer = undefined;
    // Who has answered our close has had all that came before it.
    member.drawn = this.#exit && code === NORMAL ? this.scrollback.end : viewer.floor;
    this.#people.disconnected(member);
    this.#applySize();
    if (!viewer.dialect.acknowledges && member === this.owner) {
      // The seed's clients do not know how to come back.
      this.stop('hold-expired');
    } else this.#holdFor(member);
    this.#tellPeople();
    this.#regulate();
  }

  input(from: Member, bytes: Uint8Array): void {
    this.#requireKeyboard(from);
    if (this.over || !this.#stream) return;
    this.recorder.input(bytes, tappedPerson(from));
    const unsent = this.#stream.write(bytes) ? 0 : this.#stream.unsentBytes;
    if (unsent > MAX_INPUT_BYTES) this.#holdInput(true);
  }

  /** All frames but `auth` and `ping`, which are the socket's own. Throws StatusError. */
  act(by: Member, frame: Exclude<ShellClientFrame, { type: 'auth' | 'ping' }>): void | Promise<void> {
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
        return this.#changed(this.#people.take(by));
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
    const code = reason === 'removed' ? CLOSES.removed : CLOSES.rightLost;
    member.viewer?.end(exitOf({ code: null, reason, message: REASON_TEXTS[reason] }), code);
    member.viewer = undefined;
    this.#letGo(member);
    this.#applySize();
    this.#tellPeople();
    this.#regulate();
  }

  /** Ends the process, and the session for all, at once. */
  stop(reason: 'owner-ended' | 'right-lost' | 'hold-expired' | 'draining'): void {
    if (this.#exit) return this.#leave();
    this.#exit = exitOf({ code: null, reason, message: REASON_TEXTS[reason] });
    this.recorder.ended(this.#exit);
    const code = { 'right-lost': CLOSES.rightLost, draining: CLOSES.draining }[reason as string] ?? NORMAL;
    for (const { viewer } of this.#people) viewer?.end(this.#exit, code);
    this.#stream?.abort();
    this.#needs.onEnded();
    this.#leave();
  }

  /** From time to time: sockets are kept from being cut as idle; who is not there, or takes nothing, is cut off. */
  beat(now: number, at: string | undefined): void {
    for (const { viewer } of this.#people) {
      if (at !== undefined) viewer?.beat(at);
      if (viewer?.stalledSince === undefined || now - viewer.stalledSince < this.#needs.bounds.stallMs)
        continue;
      viewer.end(undefined, CLOSES.slow, 'The client reads too slowly; reconnect and resume.');
    }
  }

  summary(): ShellSummary {
    const { namespace, pod, container, command } = this.target;
    return {
      session: this.id,
      namespace,
      pod,
      container,
      command: [...command],
      owner: this.owner.username,
      participants: this.#people.told(),
      recording: this.recorder.on,
      startedAt: this.startedAt,
      ...(this.#heldUntil !== undefined && { heldUntil: new Date(this.#heldUntil).toISOString() }),
    };
  }

  #hello(member: Member, offset: number): ShellServerFrame {
    const { holdMs, scrollbackBytes, windowBytes } = this.#needs.bounds;
    const { namespace, pod, container, command, tty } = this.target;
    return {
      type: 'hello',
      session: this.id,
      you: member.id,
      key: member.key,
      namespace,
      pod,
      container,
      command: [...command],
      tty,
      ...this.#size,
      offset,
      holdMs,
      scrollbackBytes,
      windowBytes,
      recording: this.recorder.on,
      startedAt: this.startedAt,
    };
  }

  #returning(who: Principal, key: string): Member {
    const member = [...this.#people].find((each) => sameKey(each.key, key));
    if (!member)
      throw new StatusError(
        'NotFound',
        'The key is not of this session, or its participant was away for too long.',
      );
    if (member.principal.id !== who.id) throw new StatusError('Forbidden', 'The key is another person’s.');
    return member;
  }

  #output(bytes: Buffer, channel: OutputStream): void {
    this.recorder.output(bytes, this.scrollback.end, channel);
    this.scrollback.append(bytes, channel);
    this.#first();
    for (const { viewer } of this.#people) viewer?.flow();
    this.#regulate();
  }

  /** Holds the process back while more output would push out what a connected client, or the owner, has not drawn. */
  #regulate(): void {
    if (!this.#stream || this.#exit) return;
    let floor = this.scrollback.end;
    for (const member of this.#people) {
      if (member.viewer) floor = Math.min(floor, member.viewer.floor);
      else if (member === this.owner) floor = Math.min(floor, member.drawn);
    }
    const full = this.scrollback.isFull(floor);
    if (full === this.#paused) return;
    this.#paused = full;
    if (full) this.#stream.pause();
    else this.#stream.resume();
  }

  #acknowledged(by: Member, offset: number): void {
    by.viewer?.acknowledge(offset);
    by.viewer?.flow();
    this.#regulate();
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
    const { size } = this.#people.keyboard;
    if (!size || (size.rows === this.#size.rows && size.cols === this.#size.cols)) return;
    this.#size = size;
    this.#stream?.resize(size.rows, size.cols);
    this.recorder.resized(size.rows, size.cols);
    this.#tellAll({ type: 'resized', ...size });
  }

  #endInput(by: Member): void {
    this.#requireKeyboard(by);
    if (this.#stream && !this.#stream.endInput()) {
      throw new StatusError(
        'MethodNotAllowed',
        'this API server cannot end a process’s input (it needs v5.channel.k8s.io)',
      );
    }
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

  #tapped(): TappedSession {
    return {
      session: this.id,
      cluster: this.#needs.cluster,
      ...this.target,
      ...this.#size,
      owner: tappedPerson(this.owner),
      startedAt: this.startedAt,
      offset: this.scrollback.end,
    };
  }

  #holdInput(held: boolean): void {
    if (held === this.#inputHeld) return;
    this.#inputHeld = held;
    for (const member of this.#people) member.viewer?.pauseInput(held && this.#people.keyboard === member);
  }

  #changed(changed: boolean): void {
    if (!changed) return;
    this.#applySize();
    this.#tellPeople();
  }

  #tellPeople(): void {
    this.recorder.people();
    this.#tellAll({ type: 'people', participants: this.#people.told(), keyboard: this.#people.keyboard.id });
  }

  #tellAll(frame: ShellServerFrame): void {
    for (const { viewer } of this.#people) viewer?.tell(frame);
  }

  #first(): void {
    this.#onFirst?.();
    this.#onFirst = undefined;
  }

  async #ended(end: ExecEnd): Promise<void> {
    this.#processEnd = end;
    this.#first();
    if (this.over) return;
    this.#ending = true;
    this.#needs.onEnded();
    const told = await this.#needs.explain(end);
    if (this.#exit) return;
    this.#exit = exitOf(told);
    this.recorder.ended(this.#exit);
    for (const { viewer } of this.#people) viewer?.finish(this.#exit, NORMAL);
    this.#leaveWhenAlone();
  }

  #holdFor(member: Member): void {
    const { clock, bounds } = this.#needs;
    member.cancelHold();
    if (this.#gone) return;
    member.cancelHold = clock.after(bounds.holdMs, () => this.#holdExpired(member));
    if (![...this.#people].some(({ connected }) => connected)) this.#heldUntil = clock.now() + bounds.holdMs;
    this.#leaveWhenAlone();
  }

  #holdExpired(member: Member): void {
    if (member === this.owner) this.stop('hold-expired');
    else {
      this.#letGo(member);
      this.#tellPeople();
    }
    this.#leaveWhenAlone();
  }

  #letGo(member: Member): void {
    member.cancelHold();
    member.right?.[Symbol.dispose]();
    this.#people.leave(member);
  }

  /** An ended session stays for those who were cut off before they saw how. */
  #leaveWhenAlone(): void {
    if (!this.#exit) return;
    const awaited = [...this.#people].some(
      ({ viewer, drawn }) => viewer !== undefined || drawn < this.scrollback.end,
    );
    if (!awaited) this.#leave();
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    for (const member of this.#people) {
      member.cancelHold();
      member.right?.[Symbol.dispose]();
    }
    this.#needs.onGone();
  }
}

const REASON_TEXTS = {
  removed: 'The owner has removed you.',
  'right-lost': 'The right to exec into this pod was lost.',
  'owner-ended': 'The owner has ended the session.',
  'hold-expired': 'The owner was away for too long.',
  draining: 'The gateway is stopping.',
} as const;

function exitOf(told: Omit<Exit, 'type'>): Exit {
  return { type: 'exit', ...told };
}
