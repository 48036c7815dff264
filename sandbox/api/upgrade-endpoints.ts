import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusError } from '@krateyard/status/status-error';
import { statusOf } from './http-answer.ts';
import type { AuthorizedRequest, RequestPipeline } from './request-pipeline.ts';

/** A request that was let in and wants to leave HTTP. */
export interface UpgradeCall extends AuthorizedRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly signal: AbortSignal;
}

/** Takes over an upgrade; rejects with what to answer instead. */
export type UpgradeEndpoint = (call: UpgradeCall) => Promise<void>;

/** Requests that become WebSockets, by `resource/subresource`. */
export class UpgradeEndpoints {
  readonly #endpoints: ReadonlyMap<string, UpgradeEndpoint>;

  constructor(endpoints: ReadonlyMap<string, UpgradeEndpoint>) {
    this.#endpoints = endpoints;
  }

  serve(
    pipeline: RequestPipeline,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    signal: AbortSignal,
  ): void {
    socket.on('error', () => {});
    void this.#accept(pipeline, request, socket, head, signal).then(
      () => pipeline.audit(request, 101),
      (error: unknown) => {
        const status = statusOf(error);
        pipeline.audit(request, status.code);
        refuse(socket, status.code, JSON.stringify(status));
      },
    );
  }

  async #accept(
    pipeline: RequestPipeline,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    signal: AbortSignal,
  ): Promise<void> {
    const { info, user } = pipeline.authorize(request);
    const endpoint = this.#endpoints.get(`${info.target?.resource}/${info.target?.subresource}`);
    if (!endpoint) throw new StatusError('BadRequest', 'Bad Request: this path has no upgrade');
    await endpoint({ info, user, request, socket, head, signal });
  }
}

/** Ends an upgrade that is not going to be with a plain HTTP answer. */
function refuse(socket: Duplex, code: number, body: string): void {
  if (socket.destroyed) return;
  socket.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
