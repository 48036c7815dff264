import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Principal } from '@krateyard/auth/principal';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError } from '@krateyard/status/status-error';
import { Task } from '@krateyard/tasks/task';
import {
  ACTION_BODIES,
  BlastRadius,
  BlastRequest,
  DrainPlan,
  RevisionList,
  type Revision,
  type ActionName,
  type ActionTargetRef,
} from '../../contract/action-api.ts';
import { checkedNamespace } from '../resources/object-actions.ts';
import { KIND_PATHS, kindPathOf, type NamedParams } from '../resources/kind-routes.ts';
import { keyOfObject, type Action, type ActionCall, type ActionDeps, type ActionObject } from './action.ts';
import { ACTIONS } from './actions.ts';
import { BlastSurvey } from './blast-radius.ts';
import { readDrain } from './drain-plan.ts';
import { readRevisions, type KeptRevision } from './revisions.ts';
import { runTargets } from './run-targets.ts';

const NamespaceQuery = Type.Object({ ns: Type.Optional(Type.String({ maxLength: 63 })) });
type NamespaceQuery = Static<typeof NamespaceQuery>;
const NodeParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 253 }) });
type NodeParams = Static<typeof NodeParams>;

const DrainQuery = Type.Object({ podSelector: Type.Optional(Type.String({ maxLength: 4096 })) });
type DrainQuery = Static<typeof DrainQuery>;

interface Body {
  readonly targets: readonly ActionTargetRef[];
}

/** `POST /api/actions/{action}` and what is asked before: revisions, drain plan, blast radius. */
export function actionRoutes(app: FastifyInstance, deps: ActionDeps): void {
  for (const name of Object.keys(ACTION_BODIES) as ActionName[]) {
    app.post<{ Body: Body }>(
      `/api/actions/${name}`,
      {
        schema: {
          summary: `Do to each of the targets: ${name}`,
          tags: ['workspace'],
          body: ACTION_BODIES[name],
          response: { 202: Task },
        },
      },
      async (request, reply) => {
        const { principal } = authenticationOf(request);
        const objects = await resolveTargets(deps, request.body.targets, request.gone);
        reply.code(202);
        return startAction(deps, principal, name, objects, request.body);
      },
    );
  }
  revisionRoutes(app, deps);
  beforehandRoutes(app, deps);
}

function revisionRoutes(app: FastifyInstance, deps: ActionDeps): void {
  for (const { path, named } of KIND_PATHS) {
    app.get<{ Params: NamedParams; Querystring: NamespaceQuery }>(
      `/api/resource${path}/:name/revisions`,
      {
        schema: {
          summary: 'Revisions of a workload that it can go back to, newest first',
          tags: ['workspace'],
          params: named,
          querystring: NamespaceQuery,
          response: { 200: RevisionList },
        },
      },
      async (request) => {
        const { principal } = authenticationOf(request);
        const { ns } = request.query;
        const kind = kindPathOf(request.params);
        const target = { kind, name: request.params.name, ...(ns !== undefined && { namespace: ns }) };
        const object = await resolveTarget(deps, target, request.gone);
        const { items } = await readRevisions(deps.actingAs(principal), object, request.gone);
        return { items: items.map(shownRevision) };
      },
    );
  }
}

function beforehandRoutes(app: FastifyInstance, deps: ActionDeps): void {
  app.get<{ Params: NodeParams; Querystring: DrainQuery }>(
    '/api/nodes/:name/drain-plan',
    {
      schema: {
        summary: 'What draining a node would do to its pods',
        tags: ['workspace'],
        params: NodeParams,
        querystring: DrainQuery,
        response: { 200: DrainPlan },
      },
    },
    (request) => drainPlan(deps, request),
  );
  app.post<{ Body: BlastRequest }>(
    '/api/blast-radius',
    {
      schema: {
        summary: 'What deleting these would take along',
        tags: ['workspace'],
        body: BlastRequest,
        response: { 200: BlastRadius },
      },
    },
    (request) => blastRadius(deps, request),
  );
}

async function drainPlan(
  deps: ActionDeps,
  request: FastifyRequest<{ Params: NodeParams; Querystring: DrainQuery }>,
): Promise<DrainPlan> {
  const client = deps.actingAs(authenticationOf(request).principal);
  const { podSelector } = request.query;
  return (await readDrain(client, request.params.name, podSelector, request.gone)).plan;
}

async function blastRadius(
  deps: ActionDeps,
  request: FastifyRequest<{ Body: BlastRequest }>,
): Promise<BlastRadius> {
  const objects = await resolveTargets(deps, request.body.targets, request.gone);
  const client = deps.actingAs(authenticationOf(request).principal);
  return new BlastSurvey(client, await deps.kinds.all(request.gone), request.gone).of(objects);
}

function shownRevision({ patch, ...revision }: KeptRevision): Revision {
  void patch;
  return revision;
}

function startAction(
  deps: ActionDeps,
  who: Principal,
  name: ActionName,
  objects: readonly ActionObject[],
  body: Body,
): Task {
  const action = ACTIONS[name] as Action<Body>;
  for (const object of objects) action.check(object, body);
  const [only] = objects;
  if (action.run && objects.length > 1) {
    throw new StatusError('BadRequest', `${name} takes one object at a time`);
  }
  const bulk = objects.length > 1;
  const client = deps.actingAs(who);
  return deps.tasks.start(
    who,
    {
      action: `workspace.${name}`,
      title: action.title(bulk ? `${objects.length} ${only!.kind.resource}` : only!.name, body),
      targets: objects.map(targetOf),
      steps: bulk ? objects.map((object) => ({ title: keyOfObject(object), target: targetOf(object) })) : [],
      cancellable: bulk || action.run !== undefined,
    },
    (report, signal) => {
      const calls = objects.map((object): ActionCall => ({ ...object, deps, who, client, signal }));
      return runTargets(action, calls, body, report);
    },
  );
}

function targetOf({ path, name, namespace }: ActionObject): Task['targets'][number] {
  return { kind: path, name, ...(namespace !== undefined && { namespace }) };
}

/** Doubles go. Throws NotFound for kinds that the cluster does not serve, BadRequest for a namespace too many or too few. */
async function resolveTargets(
  deps: ActionDeps,
  targets: readonly ActionTargetRef[],
  signal: AbortSignal,
): Promise<readonly ActionObject[]> {
  const objects = new Map<string, ActionObject>();
  for (const target of targets) {
    const object = await resolveTarget(deps, target, signal);
    objects.set(`${object.kind.group}/${object.kind.resource} ${keyOfObject(object)}`, object);
  }
  return [...objects.values()];
}

async function resolveTarget(
  { directory }: ActionDeps,
  { kind: path, name, namespace, uid }: ActionTargetRef,
  signal: AbortSignal,
): Promise<ActionObject> {
  const kind = await directory.resolve(path, signal);
  return { kind, path, name, namespace: checkedNamespace(kind, namespace), uid };
}
