import type { FastifyInstance } from 'fastify';
import { Type, type Static } from 'typebox';
import { authenticationOf } from '@krateyard/runtime/request-authentication';
import { StatusError } from '@krateyard/status/status-error';
import { Task, TaskList } from '@krateyard/tasks/task';
import type { WorkspaceDeps } from '../deps.ts';

const TaskParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
type TaskParams = Static<typeof TaskParams>;

/** What this person has asked for, and how far it is. Live on `/ws/watch` (`tasks`). */
export function taskRoutes(app: FastifyInstance, { tasks }: Pick<WorkspaceDeps, 'tasks'>): void {
  app.get(
    '/api/tasks',
    { schema: { summary: 'Your tasks, newest first', tags: ['workspace'], response: { 200: TaskList } } },
    (request) => ({ items: tasks.list(authenticationOf(request).principal) }),
  );
  app.get<{ Params: TaskParams }>(
    '/api/tasks/:id',
    {
      schema: {
        summary: 'One of your tasks',
        tags: ['workspace'],
        params: TaskParams,
        response: { 200: Task },
      },
    },
    (request) => found(tasks.get(authenticationOf(request).principal, request.params.id), request.params.id),
  );
  app.post<{ Params: TaskParams }>(
    '/api/tasks/:id/cancel',
    {
      schema: {
        summary: 'Cancel a task that can be',
        tags: ['workspace'],
        params: TaskParams,
        response: { 202: Task },
      },
    },
    (request, reply) => {
      const { principal } = authenticationOf(request);
      const { id } = request.params;
      tasks.cancel(principal, id);
      reply.code(202);
      return found(tasks.get(principal, id), id);
    },
  );
}

function found(task: Task | undefined, id: string): Task {
  if (task) return task;
  throw new StatusError('NotFound', `there is no task "${id}"`);
}
