import { Type, type Static } from 'typebox';

/** How current an answer is. The words are those of the cache: `@krateyard/kube/cache/cache` has what each promises. */
export const Freshness = Type.Object({
  state: Type.Union([
    Type.Literal('syncing'),
    Type.Literal('live'),
    Type.Literal('lagging'),
    Type.Literal('disconnected'),
  ]),
  observedAt: Type.String({ description: 'When the content was last known to be current; ISO 8601, UTC.' }),
  lagMs: Type.Number({ minimum: 0 }),
  reason: Type.Optional(Type.String({ description: 'Why not live; safe to show.' })),
});
export type Freshness = Static<typeof Freshness>;
