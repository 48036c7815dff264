import { snapshotStrings as strings } from './snapshot-strings.ts';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MOST = 63;

/** What is wrong with the name of a snapshot or a machine; undefined where nothing is. */
export const nameProblem = (name: string): string | undefined =>
  name.length <= MOST && NAME.test(name) ? undefined : strings.nameBad;

/** A name that sorts by time: `web-20260102-030405`. UTC, as names are the same for all who read them. */
export function nextName(vmName: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${vmName.slice(0, MOST - stamp.length - 1)}-${stamp}`;
}
