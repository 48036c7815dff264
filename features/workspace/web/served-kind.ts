import { formatGroupVersion } from '@krateyard/kube/meta/group-version';
import type { KindSummary } from '../contract/resource-api.ts';

/** The kind that an object says it is of, in just that version; undefined where it is none of these. */
export const servedKind = (
  kinds: readonly KindSummary[],
  object: { readonly apiVersion: string; readonly kind: string } | undefined,
): KindSummary | undefined =>
  object && kinds.find((one) => one.kind === object.kind && formatGroupVersion(one) === object.apiVersion);
