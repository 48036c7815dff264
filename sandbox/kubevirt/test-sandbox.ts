import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import type { KubeObject } from '@krateyard/kube/meta/object';
import { RESOURCES } from '../life/resources.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts';
import { KUBEVIRT } from './kubevirt-resources.ts';
import type { VirtualMachine } from './vm-types.ts';

export const DEADLINE_MS = 20_000;

/** Resolves with the object as soon as it is as wanted; rejects after the deadline. */
export function until<T extends KubeObject>(
  sandbox: Sandbox,
  gvr: GroupVersionResource,
  name: string,
  wanted: (object: T) => boolean,
): Promise<T> {
  const stop = new AbortController();
  const found = Promise.withResolvers<T>();
  let last: T | undefined;
  const timer = setTimeout(
    () => found.reject(new Error(`${gvr.resource} ${name} stayed ${JSON.stringify(last?.['status'])}`)),
    DEADLINE_MS,
  );
  sandbox.client.watch<T>(
    gvr,
    ({ type, object }) => {
      if (object.metadata?.name !== name || type === 'DELETED') return;
      last = object as T;
      if (wanted(last)) found.resolve(last);
    },
    stop.signal,
  );
  return found.promise.finally(() => {
    clearTimeout(timer);
    stop.abort();
  });
}

export const untilStatus = (sandbox: Sandbox, name: string, status: string): Promise<VirtualMachine> =>
  until<VirtualMachine>(
    sandbox,
    KUBEVIRT.virtualMachines,
    name,
    (vm) => vm.status?.printableStatus === status,
  );

/** A sandbox that serves these kinds, for as long as it is used. */
export async function withDefinitions(
  definitions: readonly KubeObject[],
  use: (sandbox: Sandbox) => Promise<void>,
  options: SandboxOptions = {},
): Promise<void> {
  const sandbox = await createSandbox(options);
  try {
    for (const crd of definitions) await sandbox.client.create(RESOURCES.customResourceDefinitions, crd);
    for (const crd of definitions)
      await until(sandbox, RESOURCES.customResourceDefinitions, crd.metadata.name!, (one) =>
        JSON.stringify(one['status'] ?? '').includes('"Established"'),
      );
    await use(sandbox);
  } finally {
    await sandbox.stop();
  }
}
