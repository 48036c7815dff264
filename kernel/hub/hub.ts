import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import { silentLogger, type Logger } from '@krateyard/telemetry/logger';
import { noMetrics, type Counter, type Metrics } from '@krateyard/telemetry/metrics';
import type { CloseReason } from './close-codes.ts';
import { HubSession, type SessionBounds, type SessionHost } from './hub-session.ts';
import { HubTopic, type TopicHost } from './hub-topic.ts';
import type { StateSource, TopicOptions } from './topic.ts';

export interface HubOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** Shortest time between two writes to a socket; what changes in between is told together. */
  readonly tickMs?: number;
  /** How long a topic is kept current for those who may come back, and how many such topics. */
  readonly lingerMs?: number;
  readonly maxLingering?: number;
  /** Deltas kept for resume, a topic. */
  readonly ring?: { readonly maxFrames: number; readonly maxBytes: number };
  /** Bytes handed to a socket beyond what the system takes; above it only dirty keys are remembered. */
  readonly highWaterBytes?: number;
  /** Replies owed to one client above which it is not read any more. */
  readonly maxRepliesBytes?: number;
  /** A socket that took nothing for so long is closed with 4002. */
  readonly slowConsumerMs?: number;
  /** Between two pings; a socket that answered none in between is closed with 4004. */
  readonly pingMs?: number;
  /** Frames without sense after which a socket is closed with 4500. */
  readonly badFrames?: number;
}

const DEFAULTS = {
  tickMs: 25,
  lingerMs: 30_000,
  maxLingering: 1000,
  ring: { maxFrames: 256, maxBytes: 512 * 1024 },
  highWaterBytes: 512 * 1024,
  maxRepliesBytes: 256 * 1024,
  slowConsumerMs: 20_000,
  pingMs: 15_000,
  badFrames: 20,
} as const satisfies HubOptions;

/** Time between two looks at slow and closing sockets; their bounds are this exact. */
const SWEEP_MS = 1000;
/** A closing handshake that takes longer is cut. */
const CLOSE_GRACE_MS = 2000;

/**
 * Sessions and topics of one process. Promises: a follower that keeps up gets every delta in order; one that does not gets the
 * latest value of every key that changed; all messages of a tick go out in one write; a topic is encoded once however many
 * follow. Does not promise that every intermediate value is seen.
 */
export class Hub<P> {
  /** Changes with every start of the process. */
  readonly epoch = randomBytes(9).toString('base64url');
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #tickMs: number;
  readonly #lingerMs: number;
  readonly #maxLingering: number;
  readonly #slowConsumerMs: number;
  readonly #sessions = new Set<HubSession<P>>();
  readonly #topics = new Set<HubTopic>();
  readonly #lingering = new Map<HubTopic, () => void>();
  readonly #topicHost: TopicHost;
  readonly #sessionHost: SessionHost<P>;
  readonly #metrics: ReturnType<typeof declareMetrics>;
  #dirtyTopics = new Set<HubTopic>();
  #dirtySessions = new Set<HubSession<P>>();
  #cancelTick: (() => void) | undefined;
  #lastTick = -Infinity;
  #nextId = 1;
  #cancelTimers: (() => void)[] = [];
  readonly #pingMs: number;

  constructor(options: HubOptions = {}) {
    const settings = { ...DEFAULTS, ...options };
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#tickMs = settings.tickMs;
    this.#lingerMs = settings.lingerMs;
    this.#maxLingering = settings.maxLingering;
    this.#slowConsumerMs = settings.slowConsumerMs;
    this.#pingMs = settings.pingMs;
    this.#metrics = declareMetrics(options.metrics ?? noMetrics, {
      sessions: () => this.#sessions.size,
      topics: () => this.#topics.size,
      outboxBytes: () => this.outboxBytes(),
    });
    this.#topicHost = this.#hostTopics(settings.ring);
    this.#sessionHost = this.#hostSessions(settings);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  get topics(): number {
    return this.#topics.size;
  }

  /** Bytes made for clients that their sockets have not taken. */
  outboxBytes(): number {
    let bytes = 0;
    for (const session of this.#sessions) bytes += session.outboxBytes;
    return bytes;
  }

  /** A topic without followers lives until `end`, or until its last follower has left it. */
  openTopic(source: StateSource, options: TopicOptions = {}): HubTopic {
    const topic = new HubTopic(`s${this.#nextId++}`, source, options, this.#topicHost);
    this.#topics.add(topic);
    return topic;
  }

  /** Takes a socket over, to its end. Call `handle` on the session to get its messages. */
  attach(socket: { ws: WebSocket; raw: Duplex }, principal: P): HubSession<P> {
    const session = new HubSession<P>(`c${this.#nextId++}`, socket, principal, this.#sessionHost);
    if (this.#sessions.size === 0) this.#startTimers();
    this.#sessions.add(session);
    return session;
  }

  /** Closes every socket and waits until they are gone, cutting them when the signal aborts. */
  async drain(signal: AbortSignal, reason: CloseReason = 'draining'): Promise<void> {
    const sessions = [...this.#sessions];
    const cut = (): void => sessions.forEach((session) => session.terminate());
    signal.addEventListener('abort', cut, { once: true });
    for (const session of sessions) session.close(reason);
    if (signal.aborted) cut();
    await Promise.all(sessions.map((session) => session.closed));
    signal.removeEventListener('abort', cut);
    for (const topic of this.#topics) topic.end();
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }

  #hostTopics(ring: TopicHost['ring']): TopicHost {
    return {
      epoch: this.epoch,
      ring,
      dirty: (topic) => {
        this.#dirtyTopics.add(topic);
        this.#schedule();
      },
      idle: (topic, linger) => this.#idle(topic, linger),
      forget: (topic) => this.#forget(topic),
      conflated: (keys) => this.#metrics.conflated.add({}, keys),
      fault: (topic, error) => {
        this.#logger.error('topic source failed', { topic: topic.id, err: error });
      },
    };
  }

  #hostSessions(settings: SessionBounds): SessionHost<P> {
    return {
      bounds: settings,
      now: () => this.#clock.monotonic(),
      dirty: (session) => {
        this.#dirtySessions.add(session);
        this.#schedule();
      },
      delivered: (frames, bytes) => {
        this.#metrics.delivered.add({}, frames);
        this.#metrics.deliveredBytes.add({}, bytes);
      },
      closed: (session, code) => {
        this.#sessions.delete(session);
        this.#dirtySessions.delete(session);
        this.#metrics.closed.add({ code });
        if (this.#sessions.size === 0) this.#stopTimers();
      },
    };
  }

  /** The first change after a pause goes out at once; then at most one write a tick. */
  #schedule(): void {
    if (this.#cancelTick) return;
    const wait = Math.max(0, this.#lastTick + this.#tickMs - this.#clock.monotonic());
    this.#cancelTick = this.#clock.after(wait, () => this.#tick());
  }

  #tick(): void {
    this.#cancelTick = undefined;
    this.#lastTick = this.#clock.monotonic();
    const topics = this.#dirtyTopics;
    this.#dirtyTopics = new Set();
    for (const topic of topics) topic.flush();
    const sessions = this.#dirtySessions;
    this.#dirtySessions = new Set();
    for (const session of sessions) session.serve();
    for (const topic of this.#topics) topic.settle();
  }

  #idle(topic: HubTopic, linger: boolean): void {
    if (!linger || this.#lingerMs === 0) {
      this.#forget(topic);
      return;
    }
    this.#lingering.get(topic)?.();
    this.#lingering.set(
      topic,
      this.#clock.after(this.#lingerMs, () => {
        if (topic.followers === 0) this.#forget(topic);
        this.#lingering.delete(topic);
      }),
    );
    const [oldest] = this.#lingering.keys();
    if (this.#lingering.size > this.#maxLingering && oldest?.followers === 0) this.#forget(oldest);
  }

  #forget(topic: HubTopic): void {
    this.#lingering.get(topic)?.();
    this.#lingering.delete(topic);
    this.#dirtyTopics.delete(topic);
    if (this.#topics.delete(topic)) topic.forgotten();
  }

  #startTimers(): void {
    this.#cancelTimers = [
      this.#clock.every(SWEEP_MS, () => this.#sweep()),
      this.#clock.every(this.#pingMs, () => this.#ping()),
    ];
  }

  #stopTimers(): void {
    for (const cancel of this.#cancelTimers) cancel();
    this.#cancelTimers = [];
  }

  #sweep(): void {
    const now = this.#clock.monotonic();
    for (const session of this.#sessions) {
      if (session.closingSince !== undefined) {
        if (now - session.closingSince >= CLOSE_GRACE_MS) session.terminate();
      } else if (
        session.congestedSince !== undefined &&
        now - session.congestedSince >= this.#slowConsumerMs
      ) {
        session.close('slowConsumer');
      }
    }
  }

  #ping(): void {
    for (const session of this.#sessions) {
      // A congested socket cannot answer; the bound on slow consumers ends it.
      if (session.congestedSince === undefined && !session.ping()) session.close('heartbeatMissed');
    }
  }
}

function declareMetrics(
  metrics: Metrics,
  read: { sessions: () => number; topics: () => number; outboxBytes: () => number },
): { conflated: Counter; delivered: Counter; deliveredBytes: Counter; closed: Counter } {
  metrics.gauge('krateyard_hub_sessions', 'WebSocket sessions that are open.', [], (gauge) =>
    gauge.set(read.sessions()),
  );
  metrics.gauge(
    'krateyard_hub_topics',
    'Topics with followers, or kept for some who may come back.',
    [],
    (gauge) => gauge.set(read.topics()),
  );
  metrics.gauge(
    'krateyard_hub_outbox_bytes',
    'Bytes made for clients that their sockets have not taken.',
    [],
    (gauge) => gauge.set(read.outboxBytes()),
  );
  return {
    conflated: metrics.counter(
      'krateyard_hub_conflated_keys_total',
      'Changes that a slow client was not told one by one.',
    ),
    delivered: metrics.counter('krateyard_hub_deliveries_total', 'Messages written to sockets.'),
    deliveredBytes: metrics.counter('krateyard_hub_delivered_bytes_total', 'Bytes written to sockets.'),
    closed: metrics.counter('krateyard_hub_closes_total', 'Sessions that ended, by close code.', ['code']),
  };
}
