import { placeOfTopic, presentTopic } from '@krateyard/ui/live/people-here';
import { API_SERVER_TOPIC, type ApiServer } from '@krateyard/ui/live/api-server';
import type { LiveFrame } from '@krateyard/ui/live/live-frames';
import type { PartsSpec } from '@krateyard/ui/live/parts-frame';
import type { CollectionSpec, LiveHead, LiveMessage, LiveSpec } from '@krateyard/ui/live/live-source';
import type { LiveWire, WireFrame } from '@krateyard/ui/live/live-wire';
import type {
  ClientFrame,
  Delta,
  Heartbeat,
  Hello,
  KindsFrame,
  MetricsFrame,
  OverviewFrame,
  ServerFrame,
  Snapshot,
  Synced,
} from '../contract/watch-protocol.ts';

type Frame = WireFrame<LiveMessage>;

/**
 * Speaks `/ws/watch` (contract/watch-protocol.ts) for the console's socket client. Rows travel by stream, which several
 * subscriptions may share: this remembers who follows which.
 */
export class WatchWire implements LiveWire<LiveSpec, LiveMessage> {
  readonly #streams = new Map<string, string>();

  subscribe(id: string, spec: LiveSpec, resume: string | undefined): string {
    if ('parts' in spec) return followParts(id, spec, resume);
    const { query, window } = spec;
    const { kind, namespaces, labelSelector, fieldSelector, search, where, merge } = query;
    return say({
      type: 'subscribe',
      id,
      kind,
      payload: 'patch',
      window: windowOf(window),
      ...(namespaces.length > 0 && { namespaces: [...namespaces] }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
      ...(search && { search }),
      ...(where && { where: where as Record<string, string[]> }),
      ...(merge && { merge }),
      ...(resume !== undefined && { resume }),
    });
  }

  move(id: string, spec: LiveSpec): string {
    if ('parts' in spec) throw new Error('what is told in parts has no window');
    const { window } = spec;
    return say({ type: 'window', id, ...windowOf(window) });
  }

  unsubscribe(id: string): string {
    this.#streams.delete(id);
    return say({ type: 'unsubscribe', id });
  }

  topic(name: string, on: boolean): string | undefined {
    // Told unasked.
    if (name === API_SERVER_TOPIC) return undefined;
    const place = placeOfTopic(name);
    if (place) {
      const { kind, namespace, name: object } = place;
      return say({ type: 'present', on, kind, ...(namespace !== undefined && { namespace }), name: object });
    }
    return say({ type: name as 'tasks', on });
  }

  ping(): string {
    return say({ type: 'ping' });
  }

  read(text: string): Frame | undefined {
    const frame = parse(text);
    return frame && this.#frameOf(frame);
  }

  #frameOf(frame: ServerFrame): Frame | undefined {
    switch (frame.type) {
      case 'hello':
        return { ids: [], heartbeatMs: frame.heartbeatMs, ...apiServerOf(frame) };
      case 'subscribed': {
        this.#streams.set(frame.id, frame.stream);
        const { kind, columns, namespaces, resumed, window } = frame;
        return {
          ids: [frame.id],
          message: { type: 'subscribed', head: { kind, columns, namespaces }, resumed, window },
        };
      }
      case 'snapshot':
        return { ids: this.#followers(frame.stream), message: rowsOf(frame) };
      case 'synced':
      case 'delta':
        return { ids: this.#followers(frame.stream), resume: frame.resume, message: rowsOf(frame) };
      case 'freshness':
        return { ids: this.#followers(frame.stream), message: { type: 'freshness', freshness: frame } };
      case 'ended': {
        const ids = frame.id === undefined ? this.#followers(frame.stream) : [frame.id];
        for (const id of ids) this.#streams.delete(id);
        return { ids, ended: true, message: { type: 'ended', status: frame.status } };
      }
      case 'error':
        return frame.id === undefined
          ? undefined
          : { ids: [frame.id], ended: true, message: { type: 'refused', status: frame.status } };
      case 'overview':
      case 'metrics':
      case 'kinds':
        return this.#partsOf(frame);
      case 'tasks':
      case 'task':
        return { ids: [], topic: 'tasks', news: frame };
      case 'present': {
        const { kind, namespace, name, people } = frame;
        return { ids: [], topic: presentTopic({ kind, namespace, name }), news: people };
      }
      case 'heartbeat':
        return { ids: [], ...apiServerOf(frame) };
      case 'unsubscribed':
      case 'authenticated':
      case 'pong':
        return undefined;
      default:
        return undefined;
    }
  }

  #partsOf(frame: OverviewFrame | MetricsFrame | KindsFrame): Frame {
    const { id, stream, whole, parts, synced, freshness, resume } = frame;
    if (id !== undefined && stream !== undefined) this.#streams.set(id, stream);
    const ids = id !== undefined ? [id] : this.#followers(stream ?? '');
    return {
      ids,
      ...(resume !== undefined && { resume }),
      message: { type: 'parts', whole, parts, synced, freshness },
    };
  }

  #followers(stream: string): string[] {
    return [...this.#streams].filter(([, followed]) => followed === stream).map(([id]) => id);
  }
}

/** The contract leaves objects open (`metadata: object`); the console reads a few of their fields, all optional. */
const rowsOf = (frame: Snapshot | Synced | Delta): LiveFrame<LiveHead> =>
  frame as unknown as LiveFrame<LiveHead>;

const followParts = (id: string, { parts, ask }: PartsSpec, resume: string | undefined): string =>
  JSON.stringify({
    type: parts,
    id,
    ...ask,
    ...(parts === 'overview' && resume !== undefined && { resume }),
  });

/** As news of its topic. */
function apiServerOf({ apiServer }: Hello | Heartbeat): Pick<Frame, 'topic' | 'news'> {
  if (!apiServer) return {};
  const { since, ...told } = apiServer;
  const news: ApiServer = { ...told, since: Date.parse(since) };
  return { topic: API_SERVER_TOPIC, news };
}

const say = (frame: ClientFrame): string => JSON.stringify(frame);

function windowOf(window: CollectionSpec['window']): { sort?: string; offset: number; limit: number } {
  const { sort, offset, limit } = window;
  return { offset, limit, ...(sort !== undefined && { sort }) };
}

function parse(text: string): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null ? (frame as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}
