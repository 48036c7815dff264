import type { Computer, MakeComputer } from './computer.ts';
import { Guest } from './guest.ts';

/** A launcher that is ready to take over a running guest. */
export interface Receiver {
  take(guest: Computer): void;
}

/** A launcher that has a guest. */
export interface Holder {
  readonly guest: Computer;
  /** Ends without switching the guest off. */
  release(): void;
}

export type GuestStream = 'vnc' | 'console';

/** The guests that are on, by the uid of their instance, and who looks at them. */
export class Guests {
  /** What launchers switch on. */
  readonly make: MakeComputer;
  readonly #holders = new Map<string, Holder>();
  /** By the uid of the pod that waits. */
  readonly #receivers = new Map<string, Receiver>();
  /** How to cut each open stream, by instance and sort: QEMU serves one of each. */
  readonly #streams = new Map<string, () => void>();

  constructor(make: MakeComputer = (options) => new Guest(options)) {
    this.make = make;
  }

  get(uid: string | undefined): Computer | undefined {
    return uid === undefined ? undefined : this.#holders.get(uid)?.guest;
  }

  hold(uid: string, holder: Holder): void {
    this.#holders.set(uid, holder);
  }

  /** The guest is off. A holder that has handed it over no longer counts. */
  drop(uid: string, holder: Holder): void {
    if (this.#holders.get(uid) !== holder) return;
    this.#holders.delete(uid);
    this.#cutStreams(uid);
  }

  expect(pod: string, receiver: Receiver): void {
    this.#receivers.set(pod, receiver);
  }

  unexpect(pod: string): void {
    this.#receivers.delete(pod);
  }

  /** Live migration's last step; false while the pod is not ready for it. Streams break, as they do with QEMU. */
  handOver(uid: string, pod: string): boolean {
    const holder = this.#holders.get(uid);
    const receiver = this.#receivers.get(pod);
    if (!holder || !receiver) return false;
    this.#receivers.delete(pod);
    this.#holders.delete(uid);
    this.#cutStreams(uid);
    receiver.take(holder.guest);
    holder.release();
    return true;
  }

  streaming(uid: string, sort: GuestStream): boolean {
    return this.#streams.has(`${uid} ${sort}`);
  }

  /** Makes the stream the only one of its sort: whoever had it is cut. The disposer gives it back. */
  stream(uid: string, sort: GuestStream, cut: () => void): () => void {
    const id = `${uid} ${sort}`;
    this.#streams.get(id)?.();
    this.#streams.set(id, cut);
    return () => {
      if (this.#streams.get(id) === cut) this.#streams.delete(id);
    };
  }

  #cutStreams(uid: string): void {
    for (const sort of ['vnc', 'console'] as const) {
      this.#streams.get(`${uid} ${sort}`)?.();
      this.#streams.delete(`${uid} ${sort}`);
    }
  }
}
