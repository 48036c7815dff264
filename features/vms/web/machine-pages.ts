import type { ObjectPagesOf } from '@krateyard/ui/page/object-pages';
import { vmHref } from './vm-address.ts';
import { vmStrings as strings } from './vm-strings.ts';

const KUBEVIRT = 'kubevirt.io';
const WUKONG = 'vm.novasphere.dev';

interface Parts {
  readonly metadata: {
    readonly name?: string;
    readonly namespace?: string;
    readonly ownerReferences?: unknown;
  };
  readonly status?: unknown;
}

/** The machine that an object is a part of: itself, its instance, or the Wukong above it. */
export const machinePages: ObjectPagesOf = (kind, object) => {
  const { namespace } = object.metadata;
  const name = machineOf(`${kind.group}/${kind.resource}`, object);
  if (namespace === undefined || name === undefined || name === '') return [];
  return [{ title: strings.machinePage(name), icon: 'machine', path: vmHref(namespace, name) }];
};

function machineOf(kind: string, { metadata, status }: Parts): string | undefined {
  switch (kind) {
    case `${KUBEVIRT}/virtualmachines`:
      return metadata.name;
    // One that somebody made by hand has no machine above it.
    case `${KUBEVIRT}/virtualmachineinstances`:
      return ownersOf(metadata).find((owner) => owner.kind === 'VirtualMachine')?.name;
    case `${WUKONG}/wukongs`:
      return (status as { readonly vmName?: string } | undefined)?.vmName;
    default:
      return undefined;
  }
}

function ownersOf({
  ownerReferences,
}: Parts['metadata']): readonly { readonly kind?: string; readonly name?: string }[] {
  return Array.isArray(ownerReferences) ? (ownerReferences as { kind?: string; name?: string }[]) : [];
}
