import { useCallback, useEffect, useState } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import type { Truth } from '@krateyard/ui/live/truth';
import type { VmInfo } from '../../contract/vm-api.ts';

const REFRESH_MS = 5_000;

export interface UsedWallMachines {
  /** Undefined before they are known. */
  readonly machines: readonly VmInfo[] | undefined;
  readonly truth: Truth;
  readonly status: LiveStatus | undefined;
  readonly retry: () => void;
}

/** The machines of these namespaces (comma separated; none: all that one may see). */
export function useWallMachines(namespaces: string): UsedWallMachines {
  const [machines, setMachines] = useState<readonly VmInfo[]>();
  const [status, setStatus] = useState<LiveStatus>();
  const [since, setSince] = useState(() => Date.now());
  const ask = useCallback(() => {
    requestJson<readonly VmInfo[]>(`/api/vms?namespace=${encodeURIComponent(namespaces || '*')}`).then(
      (answer) => {
        setMachines(answer);
        setStatus(undefined);
        setSince(Date.now());
      },
      (error: unknown) => setStatus(statusOf(error)),
    );
  }, [namespaces]);
  useEffect(() => {
    ask();
    const timer = setInterval(ask, REFRESH_MS);
    return () => clearInterval(timer);
  }, [ask]);
  return { machines, truth: truthOf(machines, status, since), status, retry: ask };
}

function truthOf(
  machines: readonly VmInfo[] | undefined,
  status: LiveStatus | undefined,
  since: number,
): Truth {
  if (status) {
    return machines
      ? { state: 'disconnected', link: 'gateway', since, reason: status.message }
      : { state: 'failed', status };
  }
  return machines ? { state: 'live' } : { state: 'loading' };
}
