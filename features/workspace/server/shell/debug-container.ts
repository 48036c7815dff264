import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Client } from '@krateyard/kube/client/client';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import { DebugContainer, DebugRequest } from '../../contract/shell-protocol.ts';
import type { WorkspaceDeps } from '../deps.ts';
import { containerOf, containerStatus, PODS, type Pod } from './pod-container.ts';

/** An image may have to be pulled. */
const START_MS = 90_000;
const LOOK_MS = 300;
/** What a container that waits will not get over by waiting. */
const HOPELESS =
  /^(ErrImagePull|ErrImageNeverPull|ImagePullBackOff|InvalidImageName|CreateContainer\w*Error)$/;

/** `POST /api/resource/pods/{name}/debug`: an ephemeral container beside those of a pod, added as the person. */
export function debugRoute(app: FastifyInstance, deps: Pick<WorkspaceDeps, 'actingAs' | 'clock'>): void {
  app.post<{ Params: { name: string }; Querystring: { ns: string }; Body: DebugRequest }>(
    '/api/resource/pods/:name/debug',
    {
      schema: {
        summary: 'Add an ephemeral container to a pod; answered when it runs',
        tags: ['workspace'],
        params: Type.Object({ name: Type.String({ maxLength: 253 }) }),
        querystring: Type.Object({ ns: Type.String({ minLength: 1, maxLength: 63 }) }),
        body: DebugRequest,
        response: { 201: DebugContainer },
      },
    },
    async (request, reply): Promise<DebugContainer> => {
      const client = deps.actingAs(authenticationOf(request).principal);
      const key = { name: request.params.name, namespace: request.query.ns };
      const container = await addDebugContainer(client, key, request.body, {
        clock: deps.clock,
        signal: request.gone,
      });
      reply.code(201);
      return { container };
    },
  );
}

async function addDebugContainer(
  client: Client,
  key: { readonly name: string; readonly namespace: string },
  { image, target, command }: DebugRequest,
  needs: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<string> {
  const pod = await client.get<Pod>(PODS, key.name, key.namespace, { signal: needs.signal });
  if (target !== undefined) containerOf(pod, target);
  const name = `debugger-${randomBytes(3).toString('hex')}`;
  const container = {
    name,
    image,
    stdin: true,
    tty: true,
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePolicy: 'File',
    ...(command && { command }),
    ...(target !== undefined && { targetContainerName: target }),
  };
  const patch = { spec: { ephemeralContainers: [container] } };
  const at = { ...key, subresource: 'ephemeralcontainers' };
  await client.patch(PODS, at, 'strategic', patch, { signal: needs.signal, fieldManager: 'krateyard' });
  await untilRunning(client, key, name, needs);
  return name;
}

async function untilRunning(
  client: Client,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  container: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const endsAt = clock.monotonic() + START_MS;
  for (;;) {
    const state = containerStatus(await client.get<Pod>(PODS, name, namespace, { signal }), container)?.state;
    if (state?.running) return;
    const reason = state?.terminated?.reason ?? state?.waiting?.reason ?? 'ContainerCreating';
    const late = clock.monotonic() >= endsAt;
    if (state?.terminated || HOPELESS.test(reason) || late) {
      throw new StatusError(
        late ? 'Timeout' : 'Conflict',
        `the debug container "${container}" was added to pod "${name}" and does not run: ${reason}`,
        { details: { name, kind: 'pods' } },
      );
    }
    await clock.sleep(LOOK_MS * (1 + clock.random() / 2), signal);
  }
}
