import type { KubeObject } from '@krateyard/kube/meta/object';

interface Copied {
  readonly source?: {
    readonly virtualMachine?: {
      readonly spec?: {
        readonly template?: {
          readonly spec?: {
            readonly domain?: {
              readonly firmware?: { readonly uuid?: string; readonly serial?: string };
              readonly devices?: { readonly interfaces?: readonly { readonly macAddress?: string }[] };
            };
          };
        };
      };
    };
  };
}

const DOMAIN = '/spec/template/spec/domain';

/**
 * JSON patches, as VirtualMachineRestore takes them, that take away what must not exist twice: MAC addresses and the firmware's
 * ids. KubeVirt then makes new ones.
 */
export function cloneless(content: KubeObject): string[] {
  const { source } = (content['spec'] ?? {}) as Copied;
  const domain = source?.virtualMachine?.spec?.template?.spec?.domain;
  const paths = [
    ...(domain?.devices?.interfaces ?? []).flatMap(({ macAddress }, index) =>
      macAddress === undefined ? [] : [`${DOMAIN}/devices/interfaces/${index}/macAddress`],
    ),
    ...(['uuid', 'serial'] as const).flatMap((id) =>
      domain?.firmware?.[id] === undefined ? [] : [`${DOMAIN}/firmware/${id}`],
    ),
  ];
  return paths.map((path) => JSON.stringify({ op: 'remove', path }));
}
