import { Type, type Static } from 'typebox';
import { StatusSchema } from '@krateyard/status/status-schema';

/** What a task acts on; absent `name` where there is no one object. */
export const TaskTarget = Type.Object({
  /** `pods`, `apps/v1/deployments`: what `/api/resource/` takes. */
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
});
export type TaskTarget = Static<typeof TaskTarget>;

export const TaskStep = Type.Object({
  title: Type.String(),
  state: Type.Unsafe<'waiting' | 'running' | 'done' | 'failed' | 'skipped'>(
    Type.String({ enum: ['waiting', 'running', 'done', 'failed', 'skipped'] }),
  ),
  detail: Type.Optional(Type.String()),
  target: Type.Optional(TaskTarget),
});
export type TaskStep = Static<typeof TaskStep>;

/**
 * One thing that a person asked for and that takes a while. `requested`: asked of the API server; `accepted`: it said yes;
 * `observed`: the watch shows that it has happened. The other two ends: `failed` (with `status`), `cancelled`.
 */
export const Task = Type.Object({
  id: Type.String(),
  /** `workspace.drain`: room and action. */
  action: Type.String(),
  /** For the person: "Drain node-2". */
  title: Type.String(),
  targets: Type.Array(TaskTarget),
  owner: Type.String({ description: 'username' }),
  state: Type.Unsafe<'requested' | 'accepted' | 'observed' | 'failed' | 'cancelled'>(
    Type.String({ enum: ['requested', 'accepted', 'observed', 'failed', 'cancelled'] }),
  ),
  /** What it is doing or why it waits, in words. */
  message: Type.Optional(Type.String()),
  steps: Type.Array(TaskStep, { maxItems: 500 }),
  cancellable: Type.Boolean(),
  /** ISO 8601. */
  startedAt: Type.String(),
  updatedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  status: Type.Optional(StatusSchema),
});
export type Task = Static<typeof Task>;

export const TaskList = Type.Object({ items: Type.Array(Task) });
export type TaskList = Static<typeof TaskList>;
