import type { Duplex } from 'node:stream';
import { REASONS } from '@krateyard/status/reasons';
import type { Clock } from '@krateyard/telemetry/clock';
import { closeFrame, maskedPing } from './internal/control-frame.ts';
import type { FrameError } from './internal/frame-count.ts';
import { FrameLane } from './internal/frame-lane.ts';

export interface SpliceNeeds {
  readonly clock: Clock;
  /** Of the client's frames; a larger one closes it with 1009. */
  readonly maxFrameBytes: number;
  /** Bytes that have come from the machine. */
  readonly onBytes: (count: number) => void;
  /**
   * Reads the machine until it ends; the bytes that `take` is given stay as they are until `to` has sent them. Its `data` events where
   * this is left out.
   */
  readonly read?: (machine: Duplex, to: Duplex, take: (bytes: Buffer) => void) => void;
}

/** Below the minute after which KubeVirt, and proxies before it, cut what is silent. */
const PING_MS = 20_000;
/** So long a peer has to take what is on its way and to answer a close. */
const CLOSE_GRACE_MS = 1_000;
/** API servers send 32 KiB at a time. */
const MAX_MACHINE_FRAME_BYTES = 16 << 20;

/**
 * Two WebSockets after their handshakes, one whose client we are and one whose server, made one: frames pass both ways as they are,
 * pings, pongs and closes included, each side only as fast as the other takes them. Frames are counted, so that words of our own go
 * between two of them. The end of either ends both; neither is there any more when `ended` resolves, which never rejects.
 */
export class FrameSplice {
  readonly ended: Promise<void>;
  readonly #client: Duplex;
  readonly #machine: Duplex;
  readonly #clock: Clock;
  /** To the machine, and from it. */
  readonly #up: FrameLane;
  readonly #down: FrameLane;
  readonly #stopPings: () => void;
  #cancelCut: (() => void) | undefined;
  #heard = true;
  #failed = false;

  /** `client` must not have been read since its handshake, nor `machine`. */
  constructor(
    client: Duplex,
    machine: Duplex,
    { clock, maxFrameBytes, onBytes, read = readData }: SpliceNeeds,
  ) {
    this.#client = client;
    this.#machine = machine;
    this.#clock = clock;
    const ofClient = { masked: true, maxFrameBytes, binaryOnly: true };
    const ofMachine = { masked: false, maxFrameBytes: MAX_MACHINE_FRAME_BYTES, binaryOnly: false };
    this.#up = new FrameLane(client, machine, ofClient, (error) => this.#clientBroke(error));
    this.#down = new FrameLane(machine, client, ofMachine, () => this.#machineGone(true));
    this.#stopPings = clock.every(PING_MS, () => this.#ping());
    this.ended = Promise.all([this.#follow(client), this.#follow(machine)]).then(() => this.#over());
    client.on('data', (bytes: Buffer) => {
      this.#up.pass(bytes);
      this.#shaken();
    });
    read(machine, client, (bytes) => {
      this.#heard = true;
      onBytes(bytes.length);
      this.#down.pass(bytes);
      this.#shaken();
    });
    client.on('end', () => this.#clientGone()).on('close', () => this.#clientGone());
    machine.on('error', () => (this.#failed = true));
    machine.on('end', () => this.#machineGone(false)).on('close', () => this.#machineGone(this.#failed));
    client.resume();
    machine.resume();
    if (client.destroyed) this.#clientGone();
    if (machine.destroyed) this.#machineGone(true);
  }

  /** Of what comes from the machine the client gets no more than the frame that has begun, then this. Cut when it does not answer. */
  close(code: number, text: string): void {
    this.#down.put(closeFrame(code, text, { masked: false }), { last: true });
    this.#leaveMachine();
    this.#cutLater();
  }

  terminate(): void {
    this.#client.destroy();
    this.#machine.destroy();
  }

  #follow(socket: Duplex): Promise<void> {
    socket.on('error', () => {});
    if (socket.closed) return Promise.resolve();
    return new Promise((resolve) => socket.once('close', () => resolve()));
  }

  #ping(): void {
    if (!this.#heard) return void this.#machine.destroy(new Error('the API server does not answer pings'));
    // Nobody hears an answer to what is not sent, or to what nobody reads.
    this.#heard = this.#machine.isPaused() || !this.#up.isBetween;
    this.#up.put(maskedPing());
  }

  #clientBroke({ code, message }: FrameError): void {
    this.#up.mute();
    this.close(code, message);
  }

  #clientGone(): void {
    this.#down.mute();
    this.#client.end();
    this.#leaveMachine();
    this.#cutLater();
  }

  /** KubeVirt ends without a closing handshake: that is an end like any other. */
  #machineGone(broken: boolean): void {
    this.#up.mute();
    this.#machine.destroy();
    if (this.#down.hasClosed) return this.#cutLater();
    if (!this.#down.isBetween) return void this.#client.destroy();
    if (broken)
      this.close(REASONS.ServiceUnavailable.closeCode, 'The connection to the machine’s screen broke.');
    else this.close(1000, '');
  }

  #leaveMachine(): void {
    if (this.#up.isBetween) this.#up.put(closeFrame(1000, '', { masked: true }), { last: true });
    else this.#machine.destroy();
  }

  /** Both have said goodbye, in whatever order. */
  #shaken(): void {
    if (this.#up.hasClosed || this.#down.hasClosed) this.#cutLater();
    if (this.#up.hasClosed && this.#down.isOver) this.#client.end();
    if (this.#down.hasClosed && this.#up.isOver) this.#machine.end();
  }

  #cutLater(): void {
    this.#cancelCut ??= this.#clock.after(CLOSE_GRACE_MS, () => this.terminate());
  }

  #over(): void {
    this.#stopPings();
    this.#cancelCut?.();
  }
}

function readData(machine: Duplex, _to: Duplex, take: (bytes: Buffer) => void): void {
  machine.on('data', take);
}
