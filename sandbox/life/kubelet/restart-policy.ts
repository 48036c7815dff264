import type { Pod } from '../pod-types.ts';
import type { ContainerRecord } from './container-record.ts';

/** The kubelet's crash back-off: 10 s, doubling, at most 5 min, forgotten after 10 min of running. */
const BASE_MS = 10_000;
const MAX_MS = 300_000;
export const CALM_MS = 600_000;
/** How long a kubelet takes from an exit to the next start. */
const REACTION_MS = 900;

export function restarts(pod: Pod, record: ContainerRecord, exitCode: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || record.kind === 'ephemeral') return false;
  if (record.kind === 'sidecar') return true;
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (record.kind === 'init') return policy !== 'Never' && exitCode !== 0;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** The wait before start number `crashes` + 1 in a row, in ms. */
export function crashBackoffMs(crashes: number): number {
  return crashes <= 1 ? REACTION_MS : Math.min(MAX_MS, BASE_MS * 2 ** (crashes - 2));
}

/** The wait before pull number `failures` + 1 in a row, in ms. */
export function pullBackoffMs(failures: number): number {
  return Math.min(MAX_MS, BASE_MS * 2 ** Math.max(0, failures - 1));
}
