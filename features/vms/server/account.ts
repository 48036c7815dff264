import type { Principal } from '@krateyard/auth/principal';
import type { VmAction, VmsDeps } from './deps.ts';

/** Who asks, and under which id in the logs. */
export interface Asker {
  readonly principal: Principal;
  readonly requestId: string;
}

/** Writes into the audit trail what somebody has done at a machine. */
export function account(
  { audit, actingAs }: Pick<VmsDeps, 'actingAs' | 'audit'>,
  action: VmAction,
  { principal, requestId }: Asker,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  key: string,
): void {
  audit.record({
    action,
    who: principal,
    requestId,
    cluster: actingAs(principal).cluster,
    namespace,
    name,
    key,
    outcome: 'allowed',
  });
}
