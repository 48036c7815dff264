import type { LiveFreshness, LiveStatus } from '@krateyard/ui/live/live-frames';
import type { RestoreInfo, SnapshotInfo, VmInfo } from '../../contract/vm-api.ts';
import type { VmEventFrame, VmUpdate } from '../../contract/vm-events.ts';
import type { MachinesMessage } from './machines-wire.ts';

/** What is known of machines, their snapshots and restores; by `namespace/name`. */
export interface MachinesView {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly machines: ReadonlyMap<string, VmInfo>;
  readonly snapshots: ReadonlyMap<string, SnapshotInfo>;
  readonly restores: ReadonlyMap<string, RestoreInfo>;
  /** When those appeared that were not there at first; milliseconds since the epoch. */
  readonly appearedAt: ReadonlyMap<string, number>;
  /** Why there are no snapshots or restores to be seen. */
  readonly dark: Readonly<Partial<Record<'snapshot' | 'restore', string>>>;
  readonly freshness: LiveFreshness | undefined;
  /** Why machines cannot be shown. */
  readonly status: LiveStatus | undefined;
  /** The right to see them existed and is gone. */
  readonly ended: boolean;
}

interface Content {
  readonly vm: Map<string, VmInfo>;
  readonly snapshot: Map<string, SnapshotInfo>;
  readonly restore: Map<string, RestoreInfo>;
}

/** What a new socket tells before `synced`: all there is, or what is different from what was known. */
interface Coming extends Content {
  readonly gone: [resource: keyof Content, key: string][];
}

const nothing = (): Content => ({ vm: new Map(), snapshot: new Map(), restore: new Map() });
const RESOURCES = ['vm', 'snapshot', 'restore'] as const;

/**
 * Takes the frames of `/api/ws` in: what a new socket tells replaces what is known once it is complete (`synced`), so that nothing
 * blinks when the connection comes back.
 */
export class MachineState {
  readonly #now: () => number;
  #shown = nothing();
  /** What the new socket has told until it is complete. */
  #coming: Coming | undefined;
  #token = '';
  #socket: number | undefined;
  #phase: MachinesView['phase'] = 'loading';
  #appearedAt = new Map<string, number>();
  #dark: Partial<Record<'snapshot' | 'restore', string>> = {};
  #freshness: LiveFreshness | undefined;
  #status: LiveStatus | undefined;
  #ended = false;
  /** This socket has said that machines are dark, and not yet that they are back. */
  #darkHere = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  take({ socket, frame }: MachinesMessage): void {
    if (socket !== this.#socket) {
      this.#socket = socket;
      this.#coming = { ...nothing(), gone: [] };
      this.#dark = {};
      this.#darkHere = false;
    }
    this.#takeFrame(frame);
  }

  /** With what the next socket goes on where this one ended; '' where it has to tell all. */
  get token(): string {
    return this.#phase === 'ready' && Object.keys(this.#dark).length === 0 ? this.#token : '';
  }

  /** The gateway refuses to tell. */
  refuse(status: LiveStatus): void {
    this.#lose(status);
    this.#socket = undefined;
    this.#coming = undefined;
  }

  view(): MachinesView {
    const { vm, snapshot, restore } = this.#shown;
    return {
      phase: this.#phase,
      machines: new Map(vm),
      snapshots: new Map(snapshot),
      restores: new Map(restore),
      appearedAt: this.#appearedAt,
      dark: this.#dark,
      freshness: this.#freshness,
      status: this.#status,
      ended: this.#ended,
    };
  }

  #takeFrame(frame: VmEventFrame): void {
    switch (frame.type) {
      case 'update':
        return this.#update(frame);
      case 'synced':
        return this.#synced(frame.resumed === true, frame.token);
      case 'token':
        this.#token = frame.token;
        return;
      case 'dark':
        if (frame.resource === 'vm') {
          this.#darkHere = true;
          this.#lose(statusOfDark(frame.reason));
        }
        if (frame.resource === 'snapshot' || frame.resource === 'restore')
          this.#dark = { ...this.#dark, [frame.resource]: frame.reason };
        return;
      case 'freshness':
        this.#freshness = frame;
        return;
      case 'pong':
        return;
    }
  }

  #update({ resource, action, data }: VmUpdate): void {
    if (resource === 'task') return;
    const key = keyOf(data as { namespace?: string; name?: string });
    const content = (this.#coming ?? this.#shown)[resource] as Map<string, object>;
    if (resource !== 'vm' && this.#dark[resource] !== undefined) {
      const { [resource]: _, ...rest } = this.#dark;
      this.#dark = rest;
    }
    if (action === 'DELETED') {
      content.delete(key);
      this.#coming?.gone.push([resource, key]);
      if (resource === 'vm') this.#appearedAt.delete(key);
      return;
    }
    if (resource === 'vm' && !this.#coming && !content.has(key)) this.#appearedAt.set(key, this.#now());
    content.set(key, data);
  }

  #synced(resumed: boolean, token: string | undefined): void {
    const first = this.#coming !== undefined;
    this.#token = token ?? '';
    if (this.#coming) this.#shown = resumed ? this.#together(this.#coming) : this.#coming;
    this.#coming = undefined;
    // The first says that all has been told, also that machines are dark; a later one that what was dark is back.
    if (first && this.#darkHere) return;
    if (!first) this.#dark = {};
    this.#darkHere = false;
    this.#phase = 'ready';
    this.#status = undefined;
    this.#ended = false;
  }

  /** What was known with what has changed meanwhile. What went and came again has come last. */
  #together(coming: Coming): Content {
    for (const [resource, key] of coming.gone) this.#shown[resource].delete(key);
    for (const resource of RESOURCES) {
      const known = this.#shown[resource] as Map<string, object>;
      for (const [key, one] of coming[resource]) known.set(key, one);
    }
    return this.#shown;
  }

  #lose(status: LiveStatus): void {
    this.#ended ||= this.#phase === 'ready' && status.reason === 'Forbidden';
    this.#phase = 'failed';
    this.#status = status;
    this.#shown = nothing();
    this.#appearedAt = new Map();
  }
}

/** `dark` says it in words only. */
function statusOfDark(reason: string): LiveStatus {
  const forbidden = /forbidden|may not|cannot list/i.test(reason);
  return forbidden
    ? { message: reason, reason: 'Forbidden', code: 403 }
    : { message: reason, reason: 'ServiceUnavailable', code: 503 };
}

const keyOf = ({ namespace = '', name = '' }: { namespace?: string; name?: string }): string =>
  `${namespace}/${name}`;
