import { Type, type Static } from 'typebox';

const Name = Type.String({ minLength: 1, maxLength: 253 });

/** One question: what the API server's SubjectAccessReview asks, about this person. */
export const AccessCheck = Type.Object({
  verb: Type.String({
    enum: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'impersonate'],
  }),
  group: Type.String({ maxLength: 253 }),
  resource: Name,
  subresource: Type.Optional(Name),
  namespace: Type.Optional(Type.String({ maxLength: 63 })),
  name: Type.Optional(Name),
});
export type AccessCheck = Static<typeof AccessCheck>;

/** Body of `POST /api/access`. */
export const AccessRequest = Type.Object({ checks: Type.Array(AccessCheck, { maxItems: 100 }) });
export type AccessRequest = Static<typeof AccessRequest>;

/** In the order of the checks. `reason` says why not, in the API server's words; '' where it is allowed. */
export const AccessAnswers = Type.Object({
  answers: Type.Array(Type.Object({ allowed: Type.Boolean(), reason: Type.String() })),
});
export type AccessAnswers = Static<typeof AccessAnswers>;
