import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { podJson } from './pod-json.ts';

/**
 * The least API server that informers of all makes can sync from: pods only, LIST (whole, or paged with a consistent
 * read) and WATCH with initial events. Everything is encoded before the port is printed, so that its own work is copying.
 */
const count = Number(process.argv[2] ?? 50_000);
const RESOURCE_VERSION = '1000000';
const items = Array.from({ length: count }, (_, index) => Buffer.from(podJson(index)));
const comma = Buffer.from(',');

const server = createServer(answer).listen(0, '127.0.0.1', () => {
  console.log(String((server.address() as AddressInfo).port));
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== '/api/v1/pods') {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  if (url.searchParams.get('watch')) watch(url, response);
  else list(url, response);
}

function list(url: URL, response: ServerResponse): void {
  // As a real API server: resourceVersion 0 is answered from its cache, whole, whatever the limit.
  const limit =
    url.searchParams.get('resourceVersion') === '0' ? 0 : Number(url.searchParams.get('limit') ?? 0);
  const start = Number(url.searchParams.get('continue') ?? 0);
  const end = limit === 0 ? count : Math.min(count, start + limit);
  const more = end < count ? `,"continue":"${end}","remainingItemCount":${count - end}` : '';
  void send(response, [
    Buffer.from(
      `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"${RESOURCE_VERSION}"${more}},"items":[`,
    ),
    ...items.slice(start, end).flatMap((item, index) => (index === 0 ? [item] : [comma, item])),
    Buffer.from(']}'),
  ]).then(() => response.end());
}

function watch(url: URL, response: ServerResponse): void {
  response.flushHeaders();
  if (url.searchParams.get('sendInitialEvents') !== 'true') return;
  const [open, close] = [
    Buffer.from('{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1",'),
    Buffer.from('}\n'),
  ];
  const bookmark = {
    type: 'BOOKMARK',
    object: {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { resourceVersion: RESOURCE_VERSION, annotations: { 'k8s.io/initial-events-end': 'true' } },
    },
  };
  void send(response, [
    ...items.flatMap((item) => [open, item.subarray(1), close]),
    Buffer.from(`${JSON.stringify(bookmark)}\n`),
  ]);
}

/** In pieces of some 256 KB, waiting for the reader. */
async function send(response: ServerResponse, parts: readonly Buffer[]): Promise<void> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for (const [index, part] of parts.entries()) {
    batch.push(part);
    bytes += part.length;
    if (bytes < 256 << 10 && index < parts.length - 1) continue;
    if (!response.write(Buffer.concat(batch))) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          response.off('drain', go);
          response.off('close', go);
          resolve();
        };
        response.on('drain', go);
        response.on('close', go);
      });
    }
    if (response.destroyed) return;
    [batch, bytes] = [[], 0];
  }
}
