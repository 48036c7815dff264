import { at, listAt, numberAt, textAt } from '../../../contract/columns/read.ts';

/** A probe in words: `readiness: GET :8080/healthz every 10 s, 3 failures`; nothing where there is none. */
export function probeText(name: string, probe: unknown): readonly string[] {
  if (typeof probe !== 'object' || probe === null) return [];
  const delay = numberAt(probe, 'initialDelaySeconds') ?? 0;
  const timeout = numberAt(probe, 'timeoutSeconds') ?? 1;
  const parts = [
    `${name}: ${askText(probe)} every ${numberAt(probe, 'periodSeconds') ?? 10} s`,
    delay > 0 ? `first after ${delay} s` : '',
    timeout > 1 ? `timeout ${timeout} s` : '',
    `fails after ${numberAt(probe, 'failureThreshold') ?? 3}`,
  ];
  return [parts.filter((part) => part !== '').join(', ')];
}

function askText(probe: object): string {
  const http = at(probe, 'httpGet');
  if (http !== undefined) {
    const scheme = (textAt(http, 'scheme') ?? 'HTTP') === 'HTTPS' ? 'HTTPS GET' : 'GET';
    return `${scheme} ${textAt(http, 'host') ?? ''}:${textAt(http, 'port') ?? '?'}${textAt(http, 'path') ?? '/'}`;
  }
  const tcp = at(probe, 'tcpSocket');
  if (tcp !== undefined) return `TCP :${textAt(tcp, 'port') ?? '?'}`;
  const grpc = at(probe, 'grpc');
  if (grpc !== undefined) return `gRPC :${textAt(grpc, 'port') ?? '?'}`;
  return listAt(probe, 'exec', 'command').map(String).join(' ') || '?';
}
