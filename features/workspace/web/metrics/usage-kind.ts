import { parseKindPath } from '../../contract/kind-path.ts';
import type { UsageKind } from '../../contract/usage-api.ts';
import { USAGE_KINDS } from '../../contract/usage-kinds.ts';

/** What usage is known of, by the kind's path in the room's API. Undefined for kinds that use nothing. */
export function usageKindOf(kindPath: string): UsageKind | undefined {
  const gvr = parseKindPath(kindPath);
  const own = gvr && ['', 'apps', 'batch'].includes(gvr.group);
  return own ? USAGE_KINDS.find((kind) => kind === gvr.resource) : undefined;
}
