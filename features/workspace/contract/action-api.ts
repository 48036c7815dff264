/** What can be done to objects in one go: `POST /api/actions/{action}` with targets answers 202 with a task. */
import { Type, type Static, type TProperties } from 'typebox';
import { MOST_TARGETS } from './most-targets.ts';

export const ActionTargetRef = Type.Object({
  /** `pods`, `apps/v1/replicasets`: what `/api/resource/` takes. */
  kind: Type.String({ minLength: 1, maxLength: 320 }),
  namespace: Type.Optional(Type.String({ maxLength: 63 })),
  name: Type.String({ minLength: 1, maxLength: 253 }),
  /** Only this very object: one that was deleted and made anew under the same name is a Conflict. */
  uid: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});
export type ActionTargetRef = Static<typeof ActionTargetRef>;

const targets = Type.Array(ActionTargetRef, { minItems: 1, maxItems: MOST_TARGETS });
const withTargets = <T extends TProperties>(more: T) =>
  Type.Object({ targets, ...more }, { additionalProperties: false });

const LabelName =
  '^([A-Za-z0-9][A-Za-z0-9.-]{0,251}[A-Za-z0-9]?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$';
const Metadata = withTargets({
  set: Type.Optional(Type.Record(Type.String({ pattern: LabelName }), Type.String({ maxLength: 262_144 }))),
  remove: Type.Optional(Type.Array(Type.String({ maxLength: 317 }), { maxItems: 100 })),
});

/** Bodies by action: the last segment of the path. */
export const ACTION_BODIES = {
  scale: withTargets({ replicas: Type.Integer({ minimum: 0, maximum: 1_000_000 }) }),
  /** As `kubectl rollout restart`. */
  restart: withTargets({}),
  'pause-rollout': withTargets({}),
  'resume-rollout': withTargets({}),
  /** To a revision of `GET …/revisions`; 0: the one before. */
  rollback: withTargets({ revision: Type.Integer({ minimum: 0 }) }),
  cordon: withTargets({}),
  uncordon: withTargets({}),
  /** Cordons the node, then evicts what its plan says; refuses to lose what it was not told to lose. */
  drain: withTargets({
    deleteEmptyDirData: Type.Optional(Type.Boolean()),
    /** Pods that nothing makes anew are deleted too. */
    force: Type.Optional(Type.Boolean()),
    /** Only pods with these labels are evicted. */
    podSelector: Type.Optional(Type.String({ maxLength: 4096 })),
    gracePeriodSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  }),
  /** A job of the CronJob, now. Every call makes one. */
  trigger: withTargets({}),
  suspend: withTargets({}),
  resume: withTargets({}),
  delete: withTargets({
    propagationPolicy: Type.Optional(Type.String({ enum: ['Foreground', 'Background', 'Orphan'] })),
    gracePeriodSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
  }),
  label: Metadata,
  annotate: Metadata,
  /** Images by the container's name. */
  'set-image': withTargets({
    images: Type.Record(Type.String({ maxLength: 63 }), Type.String({ minLength: 1, maxLength: 1024 }), {
      minProperties: 1,
      maxProperties: 64,
    }),
  }),
} as const;

export type ActionName = keyof typeof ACTION_BODIES;
export type ActionBody<Name extends ActionName> = Static<(typeof ACTION_BODIES)[Name]>;

/** One revision of a rollout, as its ReplicaSet or ControllerRevision keeps it. */
export const Revision = Type.Object({
  revision: Type.Integer(),
  current: Type.Boolean(),
  /** ISO 8601. */
  createdAt: Type.Optional(Type.String()),
  changeCause: Type.Optional(Type.String()),
  images: Type.Array(Type.String()),
  /** The pod template. */
  template: Type.Object({}, { additionalProperties: true }),
});
export type Revision = Static<typeof Revision>;

/** `GET /api/resource/{kind}/{name}/revisions?ns=`, newest first. */
export const RevisionList = Type.Object({ items: Type.Array(Revision) });
export type RevisionList = Static<typeof RevisionList>;

/** What draining a node means for one of its pods. */
export const DrainPod = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  /** `ReplicaSet web-7d…`; absent where nothing controls it. */
  owner: Type.Optional(Type.String()),
  /** `evict`: goes, and what controls it makes another elsewhere. `lost`: goes for good. `stays`: the drain leaves it. */
  fate: Type.Unsafe<'evict' | 'lost' | 'stays'>(Type.String({ enum: ['evict', 'lost', 'stays'] })),
  /** What is lost or why it stays, in words. */
  notes: Type.Array(Type.String()),
  /** It needs `force` (`unmanaged`) or `deleteEmptyDirData` (`emptyDir`). */
  needs: Type.Array(Type.Unsafe<'unmanaged' | 'emptyDir'>(Type.String({ enum: ['unmanaged', 'emptyDir'] }))),
  /** Disruption budgets that cover it; those that allow none now hold the drain up. */
  budgets: Type.Array(
    Type.Object({
      name: Type.String(),
      allowed: Type.Integer(),
      /** "1 of 1 pods are needed" */
      about: Type.String(),
    }),
  ),
});
export type DrainPod = Static<typeof DrainPod>;

/** `GET /api/nodes/{name}/drain-plan?podSelector=`, read as the person. */
export const DrainPlan = Type.Object({
  node: Type.String(),
  unschedulable: Type.Boolean(),
  pods: Type.Array(DrainPod),
  /** What could not be looked at, and why. */
  unknown: Type.Array(Type.String()),
});
export type DrainPlan = Static<typeof DrainPlan>;

/** Objects of one kind that go along. */
export const Taken = Type.Object({
  kind: Type.String({ description: 'Kind: `Pod`.' }),
  count: Type.Integer(),
  /** There may be more than were counted. */
  atLeast: Type.Boolean(),
  examples: Type.Array(Type.String(), { maxItems: 5 }),
});
export type Taken = Static<typeof Taken>;

/** `POST /api/blast-radius`: what deleting these takes along. Targets: at most 500; the first 50 are looked into. */
export const BlastRequest = withTargets({});
export type BlastRequest = Static<typeof BlastRequest>;
export const BlastRadius = Type.Object({
  takes: Type.Array(Taken),
  /** Finalizers that must be cleared first, claims that stay … in words. */
  notes: Type.Array(Type.String()),
  /** What could not be looked at, and why. */
  unknown: Type.Array(Type.String()),
});
export type BlastRadius = Static<typeof BlastRadius>;
