import { Type, type Static } from 'typebox';

/** The wire form of every failure: Kubernetes' `metav1.Status`, with the gateway's request id in `details.requestId`. */
export const StatusShape = Type.Object(
  {
    kind: Type.Literal('Status'),
    apiVersion: Type.Literal('v1'),
    metadata: Type.Object({}),
    status: Type.Literal('Failure'),
    message: Type.String(),
    reason: Type.String(),
    details: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(Type.String()),
          group: Type.Optional(Type.String()),
          kind: Type.Optional(Type.String()),
          requestId: Type.Optional(Type.String()),
          retryAfterSeconds: Type.Optional(Type.Number()),
          causes: Type.Optional(
            Type.Array(
              Type.Object({
                field: Type.Optional(Type.String()),
                message: Type.Optional(Type.String()),
                reason: Type.Optional(Type.String()),
              }),
            ),
          ),
        },
        { additionalProperties: true },
      ),
    ),
    code: Type.Number(),
  },
  { description: "Kubernetes' metav1.Status." },
);
export type StatusShape = Static<typeof StatusShape>;
