import type { VmAuditEvent, VmAuditTrail } from '@krateyard/vms/server/feature';
import type { AuditEvent, AuditTrail } from '@krateyard/workspace/server/feature';
import type { Logger } from '@krateyard/telemetry/logger';

/** What must be accounted for stands in the log, under one message. */
export function createAuditTrail(logger: Logger): AuditTrail & VmAuditTrail {
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
    }: AuditEvent | VmAuditEvent) =>
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
