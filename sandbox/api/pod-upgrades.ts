import type { PodRuntime } from '../life/pod-runtime.ts';
import { badRequest, notFound } from './api-errors.ts';
import type { ApiParts } from './in-process-client.ts';
import { podAttachEndpoint, podExecEndpoint, type PodLookup } from './pod-exec-endpoint.ts';
import { podPortForwardEndpoint } from './pod-port-forward-endpoint.ts';
import type { SpecialSubresource } from './subresource-endpoints.ts';
import type { UpgradeEndpoint } from './upgrade-endpoints.ts';

/** The subresources of pods that are WebSockets. */
export function podUpgrades(
  { context }: ApiParts,
  runtime: PodRuntime,
): ReadonlyMap<string, UpgradeEndpoint> {
  const podOf: PodLookup = (namespace, name) => {
    const stored = context.store.collection('pods').get(`${namespace}/${name}`);
    if (!stored) throw notFound({ resource: 'pods', group: '' }, name);
    return stored.object;
  };
  return new Map([
    ['pods/exec', podExecEndpoint(podOf, runtime)],
    ['pods/attach', podAttachEndpoint(podOf, runtime)],
    ['pods/portforward', podPortForwardEndpoint(podOf, runtime)],
  ]);
}

/** The answer to plain requests for them. */
export const upgradeRequired: SpecialSubresource = () =>
  Promise.reject(badRequest('Upgrade request required'));
