/**
 * What is wrong, how full the cluster is and what changed lately, as parts by name: `GET /api/overview` tells all of them,
 * `/ws/watch` (`overview` frames) those that changed. SPEC.md OV….
 */
import { Type, type Static } from 'typebox';
import { Freshness } from './freshness.ts';

/** Why something is wrong, worst first: this order sorts groups of the same severity. */
export const CAUSES = [
  'node-not-ready',
  'node-pressure',
  'crash-loop',
  'image-pull',
  'container-config',
  'unschedulable',
  'stuck-rollout',
  'failed-job',
  'failed-pod',
  'pending-volume',
  'out-of-memory',
  'evicted',
  'not-ready',
  'not-starting',
  'quota',
  'certificate',
  'stuck-deletion',
] as const;

export const Cause = Type.Enum([...CAUSES]);
export type Cause = (typeof CAUSES)[number];

export const Severity = Type.Union([Type.Literal('critical'), Type.Literal('warning')]);
export type Severity = Static<typeof Severity>;

/** One object that something is wrong with. */
export const Problem = Type.Object({
  kind: Type.String({ description: 'Path of its kind: pods, apps/v1/replicasets.' }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  severity: Severity,
  since: Type.Optional(
    Type.Number({ description: 'Milliseconds since the epoch; absent where nothing tells.' }),
  ),
  reason: Type.String({ description: 'The word of the API: ImagePullBackOff.' }),
  message: Type.String(),
  restarts: Type.Optional(Type.Number()),
});
export type Problem = Static<typeof Problem>;

/** Objects that go wrong for one cause. `objects` are the worst and oldest; `count` counts all. */
export const ProblemGroup = Type.Object({
  cause: Cause,
  severity: Severity,
  critical: Type.Number({ description: 'How many of them are critical.' }),
  since: Type.Optional(Type.Number()),
  count: Type.Number(),
  objects: Type.Array(Problem),
});
export type ProblemGroup = Static<typeof ProblemGroup>;

/** The most objects that a group lists. */
export const GROUP_OBJECTS = 50;

/** CPU in thousandths of a core, memory in bytes. `used` stands only where metrics are served and may be seen. */
export const Amounts = Type.Object({
  requested: Type.Number(),
  limits: Type.Number(),
  used: Type.Optional(Type.Number()),
  allocatable: Type.Optional(Type.Number()),
});
export type Amounts = Static<typeof Amounts>;

/** `pods` counts those that hold resources: neither succeeded nor failed. */
export const Capacity = Type.Object({
  name: Type.String(),
  cpu: Amounts,
  memory: Amounts,
  pods: Type.Object({ count: Type.Number(), allocatable: Type.Optional(Type.Number()) }),
  problems: Type.Number({
    description: 'Namespaces: objects that something is wrong with. Nodes: their own problems.',
  }),
  ready: Type.Optional(Type.Boolean({ description: 'Nodes only.' })),
  cordoned: Type.Optional(Type.Boolean({ description: 'Nodes only.' })),
});
export type Capacity = Static<typeof Capacity>;

/** Pods by phase, as the API has it. */
export const Phases = Type.Record(Type.String(), Type.Number());
export type Phases = Static<typeof Phases>;

/** One entry of the feed: an Event of the cluster, or a change that the watch saw. */
export const FeedEntry = Type.Object({
  at: Type.Number(),
  source: Type.Union([Type.Literal('event'), Type.Literal('watch')]),
  type: Type.Union([Type.Literal('Normal'), Type.Literal('Warning')]),
  reason: Type.String({
    description:
      'The Event’s reason; of the watch: Created, Deleted, RolledOut, Scaled, Ready, NotReady, Cordoned, Uncordoned.',
  }),
  message: Type.String(),
  count: Type.Number(),
  kind: Type.Optional(
    Type.String({ description: 'Path of the kind that it is about, where that is known.' }),
  ),
  kindName: Type.String({ description: 'Deployment' }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
});
export type FeedEntry = Static<typeof FeedEntry>;

/** The most entries that a feed shows. */
export const FEED_ENTRIES = 200;

/** What one part of the overview is made of, and why it is not there. */
export const Ingredient = Type.Object({
  name: Type.String(),
  state: Type.Union(
    [Type.Literal('all'), Type.Literal('some'), Type.Literal('forbidden'), Type.Literal('dark')],
    {
      description:
        'all: the whole cluster; some: these namespaces; forbidden: not to this person; dark: the gateway cannot.',
    },
  ),
  namespaces: Type.Optional(Type.Number()),
  reason: Type.Optional(Type.String()),
});
export type Ingredient = Static<typeof Ingredient>;

/**
 * What the value of a part is, by the beginning of its name: `problem:<cause>`, `total`, `phases`, `node:<name>`,
 * `namespace:<name>`, `change:<id>`, `ingredient:<name>`. Names of other beginnings may come from a newer gateway.
 */
export interface OverviewPart {
  readonly problem: ProblemGroup;
  readonly total: Capacity;
  readonly phases: Phases;
  readonly node: Capacity;
  readonly namespace: Capacity;
  readonly change: FeedEntry;
  readonly ingredient: Ingredient;
}

/** `GET /api/overview`. */
export const Overview = Type.Object({
  problems: Type.Array(ProblemGroup),
  total: Capacity,
  phases: Phases,
  nodes: Type.Array(Capacity),
  namespaces: Type.Array(Capacity),
  changes: Type.Array(FeedEntry),
  ingredients: Type.Array(Ingredient),
  freshness: Freshness,
});
export type Overview = Static<typeof Overview>;

/** The certificate in one Secret of type kubernetes.io/tls. `notAfter` is absent where it cannot be read: `problem` says why. */
export const TlsCertificate = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  subject: Type.Optional(Type.String()),
  notAfter: Type.Optional(Type.Number({ description: 'Milliseconds since the epoch.' })),
  problem: Type.Optional(Type.String()),
});
export type TlsCertificate = Static<typeof TlsCertificate>;

/** `POST /api/overview/certificates`: soonest to expire first. */
export const TlsCertificates = Type.Object({
  items: Type.Array(TlsCertificate),
  more: Type.Boolean({ description: 'There are more than were looked into.' }),
});
export type TlsCertificates = Static<typeof TlsCertificates>;

/** From this long before its end on a certificate is told. */
export const EXPIRES_SOON_MS = 14 * 24 * 60 * 60_000;
