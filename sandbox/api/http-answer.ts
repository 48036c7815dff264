import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGzip, gzipSync } from 'node:zlib';
import { dump } from 'js-yaml';
import { isStatusError, StatusError, toStatus } from '@krateyard/status/status-error';
import { ContinueExpiredError } from './api-errors.ts';
import { prefersYaml } from './representation.ts';
import { untilWritable } from './until-writable.ts';

/** Answers smaller than this are sent as they are; the number is Kubernetes'. */
const GZIP_FROM_BYTES = 128 * 1024;
/** Large lists are written in pieces of about this size, so that others get their turn in between. */
const CHUNK_CHARACTERS = 256 * 1024;

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  body: unknown,
): void {
  sendText(request, response, code, 'application/json', JSON.stringify(body));
}

export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  contentType: string,
  text: string,
): void {
  const yaml = contentType === 'application/json' && prefersYaml(request.headers.accept);
  const plain = Buffer.from(yaml ? toYaml(text) : text);
  const squeeze = plain.length >= GZIP_FROM_BYTES && acceptsGzip(request);
  const bytes = squeeze ? gzipSync(plain, { level: 1 }) : plain;
  response.setHeader('Content-Type', yaml ? 'application/yaml' : contentType);
  response.setHeader('Content-Length', bytes.length);
  if (squeeze) response.setHeader('Content-Encoding', 'gzip');
  response.writeHead(code);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Sends a JSON document in parts; waits for slow readers and lets the event loop breathe between the parts. */
export async function sendParts(
  request: IncomingMessage,
  response: ServerResponse,
  parts: Iterable<string>,
): Promise<void> {
  if (prefersYaml(request.headers.accept)) {
    sendText(request, response, 200, 'application/json', [...parts].join(''));
    return;
  }
  response.setHeader('Content-Type', 'application/json');
  let pending = '';
  let sink: NodeJS.WritableStream | undefined;
  for (const part of parts) {
    pending += part;
    if (pending.length < CHUNK_CHARACTERS) continue;
    sink ??= openSink(request, response);
    if (!sink.write(pending)) await untilWritable(sink);
    else await new Promise(setImmediate);
    if (response.destroyed) return;
    pending = '';
  }
  if (sink) sink.end(pending);
  else sendText(request, response, 200, 'application/json', pending);
}

function toYaml(json: string): string {
  return dump(JSON.parse(json), { sortKeys: true, quoteStyle: 'double', seqNoIndent: true, lineWidth: -1 });
}

function openSink(request: IncomingMessage, response: ServerResponse): NodeJS.WritableStream {
  if (!acceptsGzip(request)) {
    response.writeHead(200);
    return response;
  }
  response.setHeader('Content-Encoding', 'gzip');
  response.writeHead(200);
  const gzip = createGzip({ level: 1 });
  gzip.pipe(response);
  response.once('close', () => gzip.destroy());
  return gzip;
}

export function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = statusOf(error);
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
  const metadata = error instanceof ContinueExpiredError ? { continue: error.continueToken } : {};
  sendJson(request, response, status.code, { ...status, metadata });
}

/** The Status of any thrown value. */
export function statusOf(error: unknown): ReturnType<typeof toStatus> {
  if (isStatusError(error)) return toStatus(error);
  return toStatus(
    new StatusError('InternalError', 'Internal error occurred: the sandbox has a defect; its log tells more'),
  );
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '');
}
