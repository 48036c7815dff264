import type { Clock } from '@krateyard/ui/live/browser-clock';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Store } from '@krateyard/ui/live/store';
import type { ByteSocket } from '@krateyard/ui/live/byte-socket';
import type { FindPattern } from './find-pattern.ts';
import { LogBuffer } from './log-buffer.ts';
import { LogClient } from './log-client.ts';
import type { LogEntry, LogSource } from './log-entry.ts';
import { LogSearch } from './log-search.ts';

export interface LogFeedOptions {
  readonly open: (resume: string | undefined) => ByteSocket;
  readonly onRefused: () => Promise<LiveStatus | undefined>;
  readonly clock: Clock;
  /** Runs once at the next frame. */
  readonly schedule: (run: () => void) => void;
  readonly buffer?: LogBuffer;
}

/** Of each frame's time, for looking through lines. */
const SEARCH_MS = 6;
/** Where matches stand is counted anew at most so often. */
const MARKS_MS = 300;
const MARK_PLACES = 200;

/** A gap's times are those of lines beside it: so far around it they are looked for. */
const NEAR = 2_000;

const identityOf = (entry: LogEntry): string =>
  entry.type === 'line' ? `${entry.source.pod}/${entry.source.container} ${entry.at} ${entry.text}` : '';

/**
 * One followed log and what the view does with it: lines go to the buffer as they come, and the view is told at most once a
 * frame, however many they are. Plain state, no React.
 */
export class LogFeed {
  /** Rises when anything that is drawn has changed. */
  readonly version = new Store(0);
  readonly buffer: LogBuffer;
  readonly client: LogClient;
  /** In the order in which they were first seen. */
  readonly sources: LogSource[] = [];
  /** What could not be read. */
  readonly problems: LiveStatus[] = [];
  /** Lines that came since the view last stood at the end. */
  cameSince = 0;
  marks: readonly number[] = [];
  #search: LogSearch | undefined;
  #marksAt = Number.NEGATIVE_INFINITY;
  #following = true;
  #paused = false;
  #scheduled = false;
  #stopped = false;
  readonly #known = new Set<LogSource>();
  readonly #options: LogFeedOptions;

  constructor(options: LogFeedOptions) {
    this.#options = options;
    this.buffer = options.buffer ?? new LogBuffer();
    this.client = new LogClient({
      open: options.open,
      clock: options.clock,
      onRefused: options.onRefused,
      onEntries: (entries) => this.#take(entries),
    });
    this.client.state.subscribe(() => this.changed());
  }

  get following(): boolean {
    return this.#following;
  }
  get paused(): boolean {
    return this.#paused;
  }
  get search(): LogSearch | undefined {
    return this.#search;
  }

  stop(): void {
    this.#stopped = true;
    this.client.stop();
  }

  /** The view stands at the end (again), or has left it. */
  follow(following: boolean): void {
    if (following === this.#following) return;
    this.#following = following;
    this.#letIn();
    this.changed();
  }

  /** Paused, nothing moves: what comes waits aside. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#letIn();
    this.changed();
  }

  find(pattern: FindPattern | undefined): void {
    this.#search = pattern && new LogSearch(this.buffer, pattern);
    this.#marksAt = Number.NEGATIVE_INFINITY;
    this.marks = [];
    this.changed();
  }

  /** Puts lines that were skipped where the gap `seq` stands; a line that is here already, right before or after it, not again. */
  fill(seq: number, lines: readonly LogEntry[]): void {
    const here = new Set<string>();
    for (const { entry } of this.buffer.around(seq, NEAR)) here.add(identityOf(entry));
    this.buffer.replace(
      seq,
      lines.filter((line) => !here.has(identityOf(line))),
    );
    for (const line of lines) this.#note(line);
    this.relaid();
  }

  /** Draws otherwise: matches are looked for anew, as other lines may be hidden. */
  relaid(): void {
    this.#search?.reset();
    this.changed();
  }

  /** Tells the view at the next frame. */
  changed(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#options.schedule(() => {
      this.#scheduled = false;
      if (this.#stopped) return;
      this.#look();
      this.version.set(this.version.get() + 1);
    });
  }

  #take(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#note(entry);
    // What is being read must not go because new lines come.
    const held = this.#paused || (!this.#following && this.buffer.full);
    if (held) this.buffer.hold(entries);
    else this.buffer.push(entries);
    if (this.#paused || !this.#following) {
      const { hidden } = this.buffer.layout;
      this.cameSince += entries.filter(({ source }) => !source || !hidden.has(source.pod)).length;
    }
    this.changed();
  }

  #note(entry: LogEntry): void {
    if (entry.type === 'problem') this.problems.push(entry.status);
    if (!entry.source || this.#known.has(entry.source)) return;
    this.#known.add(entry.source);
    this.sources.push(entry.source);
  }

  #letIn(): void {
    if (this.#paused) return;
    if (this.#following) this.cameSince = 0;
    if (this.#following || !this.buffer.full) this.buffer.release();
  }

  #look(): void {
    const search = this.#search;
    if (!search) return;
    const { clock } = this.#options;
    const until = clock.now() + SEARCH_MS;
    const more = search.scan(() => clock.now() >= until);
    if (!more || clock.now() - this.#marksAt >= MARKS_MS) {
      this.#marksAt = clock.now();
      this.marks = search.marks(MARK_PLACES);
    }
    if (more) this.changed();
  }
}
