import type { FastifyInstance } from 'fastify';
import { StatusError } from '@krateyard/status/status-error';
import type { Feature, HealthPart, SocketRoute } from './feature.ts';
import type { Prerequisites, RoomState } from './prerequisites.ts';

/** Serves the routes of a room while it is lit; a dark one answers 503 and says what it lacks. */
export async function mountFeature(
  app: FastifyInstance,
  feature: Feature,
  prerequisites: Prerequisites,
): Promise<void> {
  const { routes } = feature;
  if (!routes) return;
  await app.register(async (scope) => {
    scope.addHook('onRequest', async () => requireLit(prerequisites.room(feature.name)));
    routes(scope);
  });
}

/** The sockets of a room, refused with 503 before the upgrade while it is dark. */
export function featureSockets(feature: Feature, prerequisites: Prerequisites): readonly SocketRoute[] {
  return (feature.sockets ?? []).map((route) => whileLit(route, () => prerequisites.room(feature.name)));
}

function whileLit(route: SocketRoute, room: () => RoomState | undefined): SocketRoute {
  return {
    ...route,
    accept: async (upgrade, params) => {
      requireLit(room());
      return route.accept(upgrade, params);
    },
  };
}

/** What `/api/health` says of the room. */
export function featureHealth(feature: Feature, prerequisites: Prerequisites): HealthPart {
  const room = prerequisites.room(feature.name);
  if (room?.state === 'dark') return { state: 'dark', reason: lacks(room) };
  return feature.health?.() ?? { state: 'ok' };
}

function requireLit(room: RoomState | undefined): void {
  if (room?.state !== 'dark') return;
  throw new StatusError('ServiceUnavailable', lacks(room), { details: { retryAfterSeconds: 15 } });
}

function lacks(room: RoomState): string {
  const problems = room.missing.map(({ problem, purpose }) => `${problem} (${purpose})`);
  return `This room is dark: ${problems.join('; ')}.`;
}
