import type { AuditEvent, AuditTrail } from '@krateyard/workspace/server/feature';
import type { Logger } from '@krateyard/telemetry/logger';

/** What must be accounted for stands in the log, under one message. */
export function createAuditTrail(logger: Logger): AuditTrail {
  return {
    record: ({
      action,
      user,
      groups,
      requestId,
      cluster,
      namespace,
      name,
      key,
      outcome,
      reason,
    }: AuditEvent) =>
      logger.warn('Audit.', {
        action,
        user,
        groups,
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
