import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { LogServerFrame } from '@krateyard/workspace/contract/log-protocol';
import { readLogBlock } from '@krateyard/workspace/contract/log-block';
import { pollUntil, type PollOptions } from '../harness/poll-until.ts';

export interface ClientLine {
  readonly pod: string;
  readonly container: string;
  readonly at: string;
  readonly text: string;
  readonly severity?: string | undefined;
  readonly more: boolean;
}

export type LogQueryText = Readonly<Record<string, string | number | boolean>>;

const PROTOCOL = 'logs.krateyard.v1';

/** A client of `/ws/logs`, typed or in the seed's dialect. */
export class LogClient {
  readonly socket: WebSocket;
  readonly frames: LogServerFrame[] = [];
  readonly lines: ClientLine[] = [];
  /** Bare frames of the seed's dialect. */
  readonly texts: string[] = [];
  readonly closed: Promise<number>;
  position: string | undefined;
  /** How many lines had come when the last position came. */
  linesAtPosition = 0;

  private constructor(socket: WebSocket, typed: boolean) {
    this.socket = socket;
    this.closed = once(socket, 'close').then(([code]) => Number(code));
    socket.on('error', () => {});
    socket.on('message', (bytes: Buffer, binary: boolean) => {
      if (typed && binary) this.#received(readLogBlock(bytes)!);
      else if (typed) this.#received(JSON.parse(String(bytes)) as LogServerFrame);
      else this.texts.push(String(bytes));
    });
  }

  /** Throws an error with `code` and the Status' message when it is refused. */
  static async open(
    at: { readonly origin: string; readonly token: string },
    query: LogQueryText,
    typed = true,
  ): Promise<LogClient> {
    const text = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) text.set(name, String(value));
    const socket = new WebSocket(
      `${at.origin.replace('http', 'ws')}/ws/logs?${text.toString()}`,
      typed ? [PROTOCOL] : [],
      { headers: { authorization: `Bearer ${at.token}` }, perMessageDeflate: false },
    );
    const client = new LogClient(socket, typed);
    await Promise.race([
      once(socket, 'open'),
      once(socket, 'unexpected-response').then(async ([, response]) => {
        throw await refusal(response as IncomingMessage);
      }),
    ]);
    return client;
  }

  get textsOfLines(): string[] {
    return this.lines.map(({ text }) => text);
  }

  of<T extends LogServerFrame['type']>(type: T): Extract<LogServerFrame, { type: T }>[] {
    return this.frames.filter((frame): frame is Extract<LogServerFrame, { type: T }> => frame.type === type);
  }

  frame<T extends LogServerFrame['type']>(
    type: T,
    matches: (frame: Extract<LogServerFrame, { type: T }>) => boolean = () => true,
    options?: PollOptions,
  ): Promise<Extract<LogServerFrame, { type: T }>> {
    return pollUntil(`a ${type} frame`, () => this.of(type).find(matches), options);
  }

  async line(matches: string | ((line: ClientLine) => boolean), options?: PollOptions): Promise<ClientLine> {
    const fits = typeof matches === 'string' ? ({ text }: ClientLine) => text === matches : matches;
    return pollUntil(`a line ${String(matches)}`, () => this.lines.find(fits), options);
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }

  #received(frame: LogServerFrame): void {
    if (frame.type === 'line') {
      const { pod, container, at, text, severity, more = false } = frame;
      this.lines.push({ pod, container, at, text, severity, more });
    } else if (frame.type === 'lines') {
      for (const [source, at, text, severity, more] of frame.lines) {
        const { pod, container } = frame.sources[source]!;
        this.lines.push({ pod, container, at, text, severity: severity || undefined, more });
      }
    } else this.frames.push(frame);
    if (frame.type === 'position') {
      this.position = frame.resume;
      this.linesAtPosition = this.lines.length;
    }
  }
}

export interface Refusal extends Error {
  readonly code: number;
}

async function refusal(response: IncomingMessage): Promise<Refusal> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const message = (JSON.parse(text) as { message?: string }).message ?? text;
  return Object.assign(new Error(message), { code: response.statusCode ?? 0 });
}
