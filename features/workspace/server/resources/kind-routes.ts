import { Type, type Static, type TSchema } from 'typebox';

/** The parts of a path that name a kind; `version` and `group` only in the long forms. */
export const KindParams = Type.Object({
  group: Type.Optional(Type.String({ maxLength: 253 })),
  version: Type.Optional(Type.String({ maxLength: 63 })),
  kind: Type.String({ maxLength: 253 }),
});
export type KindParams = Static<typeof KindParams>;

/** The same with the name of one object. */
export const NamedParams = Type.Object({
  ...KindParams.properties,
  name: Type.String({ minLength: 1, maxLength: 253 }),
});

export type NamedParams = Static<typeof NamedParams>;

/** Looser than the contract’s, as the router takes only patterns without nested repetition; discovery refuses the rest. */
const VERSION = '^v[0-9]+[a-z]*[0-9]*$';

/**
 * The three ways a kind stands in a path, most specific first: `/apps/v1/deployments`, `/v1/pods`, `/pods`. The pattern on
 * the version is what tells `/v1/pods` from `/pods/web`.
 */
export const KIND_PATHS: readonly {
  readonly path: string;
  readonly params: TSchema;
  readonly named: TSchema;
}[] = [
  { path: `/:group/:version(${VERSION})/:kind`, params: KindParams, named: NamedParams },
  { path: `/:version(${VERSION})/:kind`, params: KindParams, named: NamedParams },
  { path: '/:kind', params: KindParams, named: NamedParams },
];

export function kindPathOf({ group, version, kind }: KindParams): string {
  return [group, version, kind].filter((part) => part !== undefined).join('/');
}
