import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Prerequisites } from '@krateyard/runtime/prerequisites';
import { StatusSchema } from '@krateyard/status/status-schema';

const FeaturesSchema = Type.Object(
  {
    features: Type.Array(
      Type.Object({
        name: Type.String(),
        state: Type.String({ enum: ['lit', 'dark', 'unknown'] }),
        missing: Type.Array(
          Type.Object({
            resource: Type.Object({ group: Type.String(), version: Type.String(), resource: Type.String() }),
            purpose: Type.String(),
            problem: Type.String(),
          }),
        ),
      }),
    ),
  },
  { title: 'Features' },
);

/** `/api/features`: which rooms are lit, and what the dark ones lack; the console's navigation. */
export function featuresRoute(app: FastifyInstance, prerequisites: Prerequisites): void {
  app.get(
    '/api/features',
    {
      schema: {
        summary: 'Which rooms are lit, and what the dark ones lack',
        tags: ['gateway'],
        response: { 200: FeaturesSchema, '4xx': StatusSchema },
      },
    },
    () => ({ features: prerequisites.rooms() }),
  );
}
