import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { LogQuery } from '../../contract/log-protocol.ts';
import { LaterOutlet } from './later-outlet.ts';
import { parseLogRequest, type LogRequest } from './log-request.ts';
import type { LogDesk } from './log-desk.ts';
import { StreamOutlet } from './stream-outlet.ts';

/** `GET /api/logs`: what the socket tells, as an answer that is read to its end. */
export function logRoutes(app: FastifyInstance, desk: LogDesk): void {
  app.get<{ Querystring: LogQuery }>(
    '/api/logs',
    {
      // A log is told as it comes; a compressor would hold it back, and costs more than it saves.
      compress: false,
      schema: {
        summary: 'Lines of containers: those of a pod, of a selector or of a workload',
        tags: ['workspace'],
        querystring: LogQuery,
        produces: ['text/plain', 'application/x-ndjson'],
      },
    } as object,
    (request, reply) => answer(desk, request, reply),
  );
}

async function answer(
  desk: LogDesk,
  request: FastifyRequest<{ Querystring: LogQuery }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { principal } = authenticationOf(request);
  const { searchParams } = new URL(request.url, 'http://gateway');
  const asked = parseLogRequest(searchParams, desk.now(), { follow: false, tail: undefined });
  const later = new LaterOutlet(asked.format === 'ndjson');
  const reading = await desk.open(() => principal, asked, later, {
    signal: request.gone,
    requestId: request.id,
  });
  const outlet = new StreamOutlet(
    asked.format === 'ndjson'
      ? { is: 'ndjson' }
      : { is: 'text', timestamps: asked.timestamps, named: asked.subject.is !== 'pod' },
    () => reading.pump(),
  );
  later.become(outlet);
  reply
    .type(asked.format === 'ndjson' ? 'application/x-ndjson' : 'text/plain; charset=utf-8')
    .header('cache-control', 'no-store');
  if (request.query.download) {
    reply.header('content-disposition', `attachment; filename="${fileName(asked)}"`);
  }
  request.gone.addEventListener('abort', () => void reading.close(), { once: true });
  outlet.body.once('close', () => void reading.close());
  void reading.done.then(() => outlet.end());
  reading.start();
  return reply.send(outlet.body);
}

/** Names of Kubernetes and selectors, reduced to what every file system takes. */
function fileName({ namespace, subject, format }: LogRequest): string {
  const what = subject.is === 'selector' ? subject.selector : subject.name;
  return (
    `${namespace}-${what}`.replaceAll(/[^\w.-]+/g, '_').slice(0, 120) +
    (format === 'ndjson' ? '.ndjson' : '.log')
  );
}
