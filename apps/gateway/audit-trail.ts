import type { AuditTrail } from '@krateyard/runtime/audit';
import type { Logger } from '@krateyard/telemetry/logger';

/** What must be accounted for stands in the log, under one message. */
export function createAuditTrail(logger: Logger): AuditTrail {
  return {
    record: ({ action, who, requestId, cluster, namespace, name, key, outcome, reason }) =>
      logger.warn('Audit.', {
        action,
        user: who.username,
        groups: who.groups,
        requestId,
        cluster,
        namespace,
        name,
        key,
        outcome,
        ...(reason !== undefined && { reason }),
      }),
  };
}
