import { systemClock, type Clock } from '@krateyard/telemetry/clock';
import type { Cache } from '../cache/cache.ts';
import type { GroupVersionResource } from '../meta/group-version.ts';
import type { ResourceKinds } from './resource-kinds.ts';

/** What adds and removes kinds. */
const SOURCES: readonly GroupVersionResource[] = [
  { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
  { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' },
];
/** Discovery follows a CRD's own events by up to some seconds, so it is asked again after these. */
const ECHO_MS = [0, 1_000, 5_000];

/** Makes `kinds` ask anew whenever a CRD or APIService changes. The disposer gives the watches back. */
export function invalidateOnChange(
  cache: Cache,
  kinds: ResourceKinds,
  clock: Clock = systemClock,
): () => void {
  let cancels: (() => void)[] = [];
  const changed = (): void => {
    for (const cancel of cancels) cancel();
    kinds.invalidate();
    cancels = ECHO_MS.map((delayMs) => clock.after(delayMs, () => kinds.invalidate()));
  };
  const leases = SOURCES.map((gvr) => cache.lease(gvr));
  const stops = leases.map(({ collection }) => collection.observe({ onChanges: changed }));
  return () => {
    for (const stop of [...stops, ...cancels]) stop();
    for (const lease of leases) lease[Symbol.dispose]();
  };
}
