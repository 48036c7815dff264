import { Type, type Static } from 'typebox';

/** `metav1.Status`, as every refusal of the gateway has it; `requestId` is an addition of ours. */
export const StatusSchema = Type.Object(
  {
    kind: Type.Literal('Status'),
    apiVersion: Type.Literal('v1'),
    metadata: Type.Object({}),
    status: Type.Literal('Failure'),
    message: Type.String(),
    reason: Type.String({ description: 'Kubernetes StatusReason' }),
    code: Type.Integer(),
    details: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(Type.String()),
          group: Type.Optional(Type.String()),
          kind: Type.Optional(Type.String()),
          uid: Type.Optional(Type.String()),
          retryAfterSeconds: Type.Optional(Type.Integer()),
          requestId: Type.Optional(Type.String()),
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
  },
  { title: 'Status' },
);
export type StatusSchema = Static<typeof StatusSchema>;
