import type { LogServerFrame } from '../../contract/log-protocol.ts';
import type { LineEntry, LogEntry, LogSource } from './log-entry.ts';

/** More than a gateway sends between two positions, which come every second: older ones count as behind the position. */
const MOST_UNCONFIRMED = 50_000;
/** A container's lines come in order of time, but for the clock's own steps: beyond this nothing from before comes again. */
const ORDER_SLACK_MS = 1_000;

/**
 * Turns frames into entries. Remembers which lines came after the last position, per container: after a reconnect the
 * server goes on after that position, so these come again, and are dropped.
 */
export class LogFrameReader {
  /** Where a new socket can go on. */
  position: string | undefined;
  readonly #sources = new Map<string, LogSource>();
  /** Lines after the position, oldest first, by container. */
  #unconfirmed = new Map<LogSource, LineEntry[]>();
  #count = 0;
  /** Lines of the sockets before, that this one may send again. */
  #repeats = new Map<LogSource, LineEntry[]>();
  /** A restart or a node is told once. */
  readonly #joined = new Map<LogSource, number>();
  #synced = false;

  /** A new socket has said hello. */
  begins(): void {
    for (const [source, lines] of this.#unconfirmed) {
      const before = this.#repeats.get(source) ?? [];
      // What came again on this socket is older than what is still to come again.
      this.#repeats.set(source, [...lines, ...before]);
    }
    this.#forget();
    if (this.position === undefined) this.#synced = false;
  }

  read(frame: LogServerFrame): readonly LogEntry[] {
    switch (frame.type) {
      case 'line':
        return this.#fresh([
          this.#line(frame.pod, frame.container, frame.at, frame.text, frame.severity, frame.more),
        ]);
      case 'lines':
        return this.#fresh(
          frame.lines.flatMap(([index, at, text, severity, more]) => {
            const source = frame.sources[index];
            return source ? [this.#line(source.pod, source.container, at, text, severity, more)] : [];
          }),
        );
      case 'joined':
        return this.#join(this.#source(frame.pod, frame.container), frame.node, frame.restarts);
      case 'ended':
        return this.#end(frame);
      case 'gap':
        return [
          {
            type: 'gap',
            source: frame.pod === undefined ? undefined : this.#source(frame.pod, frame.container ?? ''),
            from: frame.from,
            to: frame.to,
            why: frame.why,
            skipped: frame.skipped,
          },
        ];
      case 'problem': {
        const source = frame.pod === undefined ? undefined : this.#source(frame.pod, frame.container ?? '');
        return [{ type: 'problem', source, status: frame.status }];
      }
      case 'position':
        this.position = frame.resume;
        this.#forget();
        return [];
      case 'synced':
        this.#synced = true;
        return [];
      case 'hello':
      case 'done':
      case 'heartbeat':
        return [];
      default:
        // A newer server may say more.
        return [];
    }
  }

  #line(
    pod: string,
    container: string,
    at: string,
    text: string,
    severity: LineEntry['severity'] | '',
    more: boolean | undefined,
  ): LineEntry {
    return {
      type: 'line',
      source: this.#source(pod, container),
      at,
      text,
      severity: severity === '' ? undefined : severity,
      more: more ?? false,
    };
  }

  /** Without those that came before. */
  #fresh(lines: readonly LineEntry[]): readonly LineEntry[] {
    const fresh = this.#repeats.size === 0 ? lines : lines.filter((line) => !this.#isRepeat(line));
    for (const line of lines) this.#note(line);
    return fresh;
  }

  #isRepeat(line: LineEntry): boolean {
    const before = this.#repeats.get(line.source);
    if (!before) return false;
    const last = before.at(-1);
    if (!last || Date.parse(line.at) > Date.parse(last.at) + ORDER_SLACK_MS) {
      this.#repeats.delete(line.source);
      return false;
    }
    const at = before.findIndex((one) => one.at === line.at && one.text === line.text);
    if (at === -1) return false;
    // Lines of one container keep their order: those before it do not come any more.
    before.splice(0, at + 1);
    if (before.length === 0) this.#repeats.delete(line.source);
    return true;
  }

  #note(line: LineEntry): void {
    const lines = this.#unconfirmed.get(line.source);
    if (lines) lines.push(line);
    else this.#unconfirmed.set(line.source, [line]);
    this.#count += 1;
    if (this.#count > MOST_UNCONFIRMED) this.#forget();
  }

  #forget(): void {
    this.#unconfirmed = new Map();
    this.#count = 0;
  }

  /** What was there from the beginning needs no mark; what joins or restarts later does. */
  #join(source: LogSource, node: string | undefined, restarts: number): readonly LogEntry[] {
    const before = this.#joined.get(source);
    this.#joined.set(source, restarts);
    const news = before === undefined ? this.#synced : before < restarts;
    return news ? [{ type: 'joined', source, node, restarts }] : [];
  }

  #end(frame: Extract<LogServerFrame, { type: 'ended' }>): readonly LogEntry[] {
    const source = this.#source(frame.pod, frame.container);
    return [
      {
        type: 'ended',
        source,
        reason: frame.reason,
        exitCode: frame.exitCode,
        status: frame.status as Extract<LogEntry, { type: 'ended' }>['status'],
      },
    ];
  }

  /** One object a container, so that entries are compared and coloured by identity. */
  #source(pod: string, container: string): LogSource {
    const key = `${pod}/${container}`;
    const known = this.#sources.get(key);
    if (known) return known;
    const source = { pod, container };
    this.#sources.set(key, source);
    return source;
  }
}
