import { Type, type Static } from 'typebox';

/** Most subjects that are named; `total` counts beyond. */
export const MAX_SUBJECTS = 500;

export const Grant = Type.Object({
  /** `*`: every verb. */
  verb: Type.String(),
  /** `exec`, `log`; `*`: every one. */
  subresource: Type.Optional(Type.String()),
});
export type Grant = Static<typeof Grant>;

/** One binding through which somebody may do something to the object. */
export const GrantPath = Type.Object({
  binding: Type.Object({
    kind: Type.Unsafe<'RoleBinding' | 'ClusterRoleBinding'>(
      Type.String({ enum: ['RoleBinding', 'ClusterRoleBinding'] }),
    ),
    name: Type.String(),
    namespace: Type.Optional(Type.String()),
  }),
  role: Type.Object({
    kind: Type.Unsafe<'Role' | 'ClusterRole'>(Type.String({ enum: ['Role', 'ClusterRole'] })),
    name: Type.String(),
  }),
});
export type GrantPath = Static<typeof GrantPath>;

export const AccessSubject = Type.Object({
  kind: Type.String({ description: 'User, Group or ServiceAccount' }),
  name: Type.String(),
  namespace: Type.Optional(Type.String()),
  grants: Type.Array(Grant),
  via: Type.Array(GrantPath),
});
export type AccessSubject = Static<typeof AccessSubject>;

/**
 * `GET /api/who-can?kind=&ns=&name=`: who may do what to one object, from the RBAC objects that the asking person may read.
 * What is not known is said: `unseen` kinds of RBAC objects, and bindings whose role cannot be read. Other authorizers of
 * the API server (node, webhook) are never known here.
 */
export const WhoCan = Type.Object({
  subjects: Type.Array(AccessSubject, { maxItems: MAX_SUBJECTS }),
  total: Type.Integer({ minimum: 0 }),
  unseen: Type.Array(Type.String({ description: 'roles, rolebindings, clusterroles, clusterrolebindings' })),
  bindingsWithoutRole: Type.Integer({ minimum: 0 }),
});
export type WhoCan = Static<typeof WhoCan>;
