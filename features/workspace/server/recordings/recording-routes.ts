import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { CAST_MEDIA_TYPE } from '@krateyard/terminals/recordings/cast';
import {
  nameOfRecorded,
  RecordingList,
  RecordingSummary,
} from '@krateyard/terminals/recordings/recording-summary';
import type { Asker, PlayedRecording, RecordingActions } from './recording-actions.ts';

const Id = Type.Object({ id: Type.String({ pattern: '^[\\w-]{1,64}$' }) });
const ListQuery = Type.Object({
  ns: Type.Optional(Type.String({ minLength: 1, maxLength: 63 })),
  pod: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  vm: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
});
type ListQuery = Static<typeof ListQuery>;

/** Recordings of shells and serial consoles: list, play, remove. */
export function recordingRoutes(app: FastifyInstance, actions: RecordingActions): void {
  app.get<{ Querystring: ListQuery }>(
    '/api/recordings',
    {
      schema: {
        summary:
          'Recordings: of your shells, of pods that you may exec into, of serial consoles that you may open',
        tags: ['workspace'],
        querystring: ListQuery,
        response: { 200: RecordingList },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { ns: namespace, pod, vm } = request.query;
      return { items: [...(await actions.list(askerOf(request), { namespace, pod, vm }))] };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/recordings/:id/summary',
    {
      schema: {
        summary: 'What is known of a recording',
        tags: ['workspace'],
        params: Id,
        response: { 200: RecordingSummary },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return actions.summary(askerOf(request), request.params.id);
    },
  );
  castRoute(app, actions);
  app.delete<{ Params: { id: string } }>(
    '/api/recordings/:id',
    {
      schema: {
        summary: 'Remove a recording; audited',
        tags: ['workspace'],
        params: Id,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await actions.remove(askerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function castRoute(app: FastifyInstance, actions: RecordingActions): void {
  app.get<{ Params: { id: string } }>(
    '/api/recordings/:id',
    { schema: { summary: 'The recording as asciicast v3; audited', tags: ['workspace'], params: Id } },
    async (request, reply) => {
      const { range } = request.headers;
      return sendCast(reply, await actions.play(askerOf(request), request.params.id, range));
    },
  );
}

function sendCast(reply: FastifyReply, { summary, size, range, bytes }: PlayedRecording): FastifyReply {
  const name = `${summary.namespace}-${nameOfRecorded(summary)}-${summary.startedAt.replaceAll(/[:.]/g, '-')}.cast`;
  reply
    .type(CAST_MEDIA_TYPE)
    .header('cache-control', 'no-store')
    .header('accept-ranges', 'bytes')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('content-length', range ? range.to - range.from + 1 : size);
  if (range) reply.code(206).header('content-range', `bytes ${range.from}-${range.to}/${size}`);
  return reply.send(Readable.from(bytes, { objectMode: false }));
}

function askerOf(request: FastifyRequest): Asker {
  return { who: authenticationOf(request), requestId: request.id, signal: request.gone };
}
