import type { Column } from '../column.ts';
import type { StatusCell } from '../status-word.ts';
import { at, column, fieldsAt, joined, listAt, status, textAt } from './read.ts';

const wide = { wide: true };

export const configMapColumns: readonly Column[] = [
  column(
    'Keys',
    'number',
    (map) => Object.keys(fieldsAt(map, 'data')).length + Object.keys(fieldsAt(map, 'binaryData')).length,
  ),
];

/** Secrets travel without values: `dataSizes` (key to bytes) stands where `data` was. */
export const secretColumns: readonly Column[] = [
  column('Type', 'text', (secret) => textAt(secret, 'type')),
  column('Keys', 'number', (secret) => Object.keys(fieldsAt(secret, 'dataSizes')).length),
];

export const claimColumns: readonly Column[] = [
  column('Status', 'status', (claim) => phase(textAt(claim, 'status', 'phase'))),
  column('Volume', 'text', (claim) => textAt(claim, 'spec', 'volumeName')),
  column('Capacity', 'quantity', (claim) => textAt(claim, 'status', 'capacity', 'storage')),
  column('Access modes', 'text', (claim) => modes(listAt(claim, 'status', 'accessModes'))),
  column('Storage class', 'text', (claim) => textAt(claim, 'spec', 'storageClassName')),
  column('Volume mode', 'text', (claim) => textAt(claim, 'spec', 'volumeMode'), wide),
];

export const volumeColumns: readonly Column[] = [
  column('Status', 'status', (volume) => phase(textAt(volume, 'status', 'phase'))),
  column('Capacity', 'quantity', (volume) => textAt(volume, 'spec', 'capacity', 'storage')),
  column('Access modes', 'text', (volume) => modes(listAt(volume, 'spec', 'accessModes'))),
  column('Reclaim policy', 'text', (volume) => textAt(volume, 'spec', 'persistentVolumeReclaimPolicy')),
  column('Claim', 'text', (volume) => {
    const name = textAt(volume, 'spec', 'claimRef', 'name');
    return name === null ? null : `${textAt(volume, 'spec', 'claimRef', 'namespace')}/${name}`;
  }),
  column('Storage class', 'text', (volume) => textAt(volume, 'spec', 'storageClassName')),
];

export const storageClassColumns: readonly Column[] = [
  column('Provisioner', 'text', (kind) => textAt(kind, 'provisioner')),
  column('Reclaim policy', 'text', (kind) => textAt(kind, 'reclaimPolicy')),
  column('Binding mode', 'text', (kind) => textAt(kind, 'volumeBindingMode')),
  column('Expandable', 'text', (kind) => String(at(kind, 'allowVolumeExpansion') === true)),
];

function phase(found: string | null): StatusCell {
  const text = found ?? 'Unknown';
  switch (text) {
    case 'Bound':
    case 'Available':
      return status('Running', text);
    case 'Pending':
    case 'Released':
      return status('Pending', text);
    case 'Failed':
    case 'Lost':
      return status('Failed', text);
    default:
      return status('Unknown', text);
  }
}

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function modes(values: readonly unknown[]): string | null {
  return joined(values.map((mode) => SHORT_MODES[String(mode)] ?? String(mode)));
}
