import type { LiveWire, WireFrame } from '@krateyard/ui/live/live-wire';
import type { VmEventFrame } from '../../contract/vm-events.ts';

/** A frame and the socket that it came on: another number, another socket, which tells everything anew. */
export interface MachinesMessage {
  readonly socket: number;
  readonly frame: VmEventFrame;
}

/** All that is told on one `/api/ws`: what it tells stands in its address. */
export type MachinesSpec = 'machines';

const PING = JSON.stringify({ type: 'ping' });

/** Speaks `/api/ws` (contract/vm-events.ts) for the console's socket client. Nothing can be asked for there, so a ping stands for it. */
export class MachinesWire implements LiveWire<MachinesSpec, MachinesMessage> {
  readonly #socket: number;
  #id: string | undefined;

  constructor(socket: number) {
    this.#socket = socket;
  }

  subscribe(id: string): string {
    this.#id = id;
    return PING;
  }

  move(): string {
    return PING;
  }

  unsubscribe(): string {
    this.#id = undefined;
    return PING;
  }

  ping(): string {
    return PING;
  }

  read(text: string): WireFrame<MachinesMessage> | undefined {
    const frame = parse(text);
    if (!frame || this.#id === undefined) return undefined;
    return { ids: [this.#id], message: { socket: this.#socket, frame } };
  }
}

function parse(text: string): VmEventFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && 'type' in frame
      ? (frame as VmEventFrame)
      : undefined;
  } catch {
    return undefined;
  }
}
