import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dump } from 'js-yaml';
import { Type, type Static } from 'typebox';
import type { Principal } from '@krateyard/auth/principal';
import type { DeleteOptions, WriteOptions, Written as ApiWritten } from '@krateyard/kube/client/client';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { AnyObject, Deleted, ScaleRequest, Written } from '../../contract/resource-api.ts';
import { addBodyParsers, patchTypeOf } from './body-parsers.ts';
import { KIND_PATHS, kindPathOf, type NamedParams } from './kind-routes.ts';
import type { ObjectActions, Target } from './object-actions.ts';

const Flag = Type.String({ enum: ['true', 'false', 'All', ''] });

const TargetQuery = Type.Object({
  ns: Type.Optional(Type.String({ maxLength: 63 })),
  namespace: Type.Optional(Type.String({ maxLength: 63 })),
});
const ReadQuery = Type.Object({
  ...TargetQuery.properties,
  format: Type.Optional(Type.String({ enum: ['json', 'yaml'] })),
  managed: Type.Optional(Flag),
});
const WriteQuery = Type.Object({
  ...TargetQuery.properties,
  dryRun: Type.Optional(Flag),
  fieldManager: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  fieldValidation: Type.Optional(Type.String({ enum: ['Strict', 'Warn', 'Ignore'] })),
  force: Type.Optional(Flag),
});
const DeleteQuery = Type.Object({
  ...TargetQuery.properties,
  dryRun: Type.Optional(Flag),
  gracePeriodSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
  propagationPolicy: Type.Optional(Type.String({ enum: ['Foreground', 'Background', 'Orphan'] })),
  uid: Type.Optional(Type.String({ maxLength: 128 })),
  resourceVersion: Type.Optional(Type.String({ maxLength: 128 })),
});

type TargetQuery = Static<typeof TargetQuery>;
type WriteQuery = Static<typeof WriteQuery>;
type DeleteQuery = Static<typeof DeleteQuery>;
type ReadQuery = Static<typeof ReadQuery>;

const FIELD_MANAGER = 'krateyard';

/** One object at a time: read, create, apply, patch, delete, scale, restart; all as the person who asks. */
export function objectRoutes(app: FastifyInstance, actions: ObjectActions): void {
  addBodyParsers(app);
  for (const { path, params, named } of KIND_PATHS) {
    createRoute(app, `/api/resources${path}`, params, actions);
    const at = `/api/resource${path}/:name`;
    readRoute(app, at, named, actions);
    writeRoutes(app, at, named, actions);
    deleteRoute(app, at, named, actions);
    leverRoutes(app, at, named, actions);
  }
}

type Params = NamedParams;
type Asked<Query> = FastifyRequest<{ Params: Params; Querystring: Query }>;

function who(request: FastifyRequest): Principal {
  return authenticationOf(request).principal;
}

function targetOf(actions: ObjectActions, request: Asked<TargetQuery>): Promise<Target> {
  const { ns, namespace } = request.query;
  return actions.target(kindPathOf(request.params), request.params.name, ns ?? namespace, request.gone);
}

function schema(summary: string, parts: Record<string, unknown>): { schema: Record<string, unknown> } {
  return { schema: { summary, tags: ['workspace'], ...parts } };
}

function createRoute(app: FastifyInstance, at: string, params: unknown, actions: ObjectActions): void {
  app.post<{ Params: Params; Querystring: WriteQuery }>(
    at,
    schema('Create an object', {
      params,
      querystring: WriteQuery,
      body: AnyObject,
      response: { 201: Written },
    }),
    async (request, reply) => {
      const { ns, namespace } = request.query;
      const path = kindPathOf(request.params);
      reply.code(201);
      return actions.create(who(request), path, ns ?? namespace, request.body, writeOptions(request));
    },
  );
}

function readRoute(app: FastifyInstance, at: string, params: unknown, actions: ObjectActions): void {
  app.get<{ Params: Params; Querystring: ReadQuery }>(
    at,
    schema('One object in full, read from the API server', {
      params,
      querystring: ReadQuery,
      response: { 200: AnyObject },
    }),
    async (request, reply) => {
      const target = await targetOf(actions, request);
      const object = await actions.get(who(request), target, request.gone, isSet(request.query.managed));
      reply.header('cache-control', 'private, no-store');
      if (request.query.format !== 'yaml') return object;
      return reply
        .type('application/yaml; charset=utf-8')
        .serializer(String)
        .send(dump(object, { lineWidth: -1 }));
    },
  );
}

function writeRoutes(app: FastifyInstance, at: string, params: unknown, actions: ObjectActions): void {
  const written = { params, querystring: WriteQuery, response: { 200: Written } };
  app.put<{ Params: Params; Querystring: WriteQuery }>(
    at,
    schema('Apply an object (server-side apply)', { ...written, body: AnyObject }),
    (request) => apply(actions, request),
  );
  app.patch<{ Params: Params; Querystring: WriteQuery }>(
    at,
    schema('Patch an object; the content type says how', written),
    (request) => patch(actions, request),
  );
}

async function apply(actions: ObjectActions, request: Asked<WriteQuery>): Promise<Written> {
  const options = { ...writeOptions(request), force: isSet(request.query.force) };
  return sent(await actions.apply(who(request), await targetOf(actions, request), request.body, options));
}

async function patch(actions: ObjectActions, request: Asked<WriteQuery>): Promise<Written> {
  const type = patchTypeOf(request.headers['content-type']);
  const target = await targetOf(actions, request);
  return sent(await actions.patch(who(request), target, type, request.body, writeOptions(request)));
}

function deleteRoute(app: FastifyInstance, at: string, params: unknown, actions: ObjectActions): void {
  app.delete<{ Params: Params; Querystring: DeleteQuery }>(
    at,
    schema('Delete an object', { params, querystring: DeleteQuery, response: { 200: Deleted } }),
    (request) => remove(actions, request),
  );
}

async function remove(actions: ObjectActions, request: Asked<DeleteQuery>): Promise<Deleted> {
  const target = await targetOf(actions, request);
  return { object: await actions.delete(who(request), target, deleteOptions(request)) };
}

function leverRoutes(app: FastifyInstance, at: string, params: unknown, actions: ObjectActions): void {
  const written = { params, querystring: WriteQuery, response: { 200: Written } };
  app.post<{ Params: Params; Querystring: WriteQuery; Body: ScaleRequest }>(
    `${at}/scale`,
    schema('Set the number of replicas', { ...written, body: ScaleRequest }),
    (request) => scale(actions, request, request.body.replicas),
  );
  app.post<{ Params: Params; Querystring: WriteQuery }>(
    `${at}/restart`,
    schema('Replace the pods of a workload, as kubectl rollout restart does', written),
    (request) => restart(actions, request),
  );
}

async function scale(actions: ObjectActions, request: Asked<WriteQuery>, replicas: number): Promise<Written> {
  const target = await targetOf(actions, request);
  return sent(await actions.scale(who(request), target, replicas, writeOptions(request)));
}

async function restart(actions: ObjectActions, request: Asked<WriteQuery>): Promise<Written> {
  return sent(await actions.restart(who(request), await targetOf(actions, request), writeOptions(request)));
}

function sent({ object, warnings }: ApiWritten<KubeObject>): Written {
  return { object, warnings: [...warnings] };
}

function writeOptions({ query, gone }: Asked<WriteQuery>): WriteOptions & { fieldManager: string } {
  return {
    dryRun: isSet(query.dryRun),
    fieldManager: query.fieldManager ?? FIELD_MANAGER,
    fieldValidation: (query.fieldValidation ?? 'Strict') as 'Strict' | 'Warn' | 'Ignore',
    signal: gone,
  };
}

function deleteOptions({ query, gone }: Asked<DeleteQuery>): DeleteOptions {
  const { dryRun, gracePeriodSeconds, propagationPolicy, uid, resourceVersion } = query;
  const preconditions = {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
  return {
    dryRun: isSet(dryRun),
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    propagationPolicy: (propagationPolicy ?? 'Background') as 'Foreground' | 'Background' | 'Orphan',
    ...(Object.keys(preconditions).length > 0 && { preconditions }),
    signal: gone,
  };
}

/** `?dryRun`, `?dryRun=true` and kubectl's `?dryRun=All`. */
function isSet(flag: string | undefined): boolean {
  return flag !== undefined && flag !== 'false';
}
