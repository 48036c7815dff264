import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { dateAt, listAt, textAt } from '../../../contract/columns/read.ts';
import { conditionOf, whyOf } from './conditions.ts';
import type { Verdict } from './verdict.ts';

export function claimVerdict(claim: LiveObject): Verdict {
  const phase = textAt(claim, 'status', 'phase') ?? 'Unknown';
  const since = dateAt(claim, 'metadata', 'creationTimestamp') ?? undefined;
  const resizing = listAt(claim, 'status', 'conditions').flatMap((entry) => {
    const type = textAt(entry, 'type') ?? '';
    return whyOf(conditionOf(claim, type)).map((why) => `${type}: ${why}`);
  });
  switch (phase) {
    case 'Bound':
      return {
        word: 'Running',
        text: `Bound to ${textAt(claim, 'spec', 'volumeName') ?? 'a volume'}.`,
        reasons: resizing,
      };
    case 'Pending':
      return {
        word: 'Pending',
        text: 'No volume is bound yet.',
        since,
        reasons: [
          textAt(claim, 'spec', 'storageClassName') === null
            ? 'It names no storage class: a volume that fits must be there already, or the cluster needs a default class.'
            : 'Its events say what the provisioner waits for; some classes wait for the first pod that mounts it.',
        ],
      };
    case 'Lost':
      return {
        word: 'Failed',
        text: 'Its volume is gone.',
        since,
        reasons: ['What was on it is lost, or must be brought back by hand.'],
      };
    default:
      return { word: 'Unknown', text: phase, reasons: resizing };
  }
}

export function volumeVerdict(volume: LiveObject): Verdict {
  const phase = textAt(volume, 'status', 'phase') ?? 'Unknown';
  const since = dateAt(volume, 'status', 'lastPhaseTransitionTime') ?? undefined;
  const message = textAt(volume, 'status', 'message');
  const told = message === null || message === '' ? [] : [message];
  switch (phase) {
    case 'Bound':
    case 'Available':
      return { word: 'Running', text: `${phase}.`, since, reasons: told };
    case 'Released':
      return {
        word: 'Pending',
        text: 'Released: its claim is gone.',
        since,
        reasons: [...told, 'It is bound again only when its claimRef is taken away.'],
      };
    case 'Failed':
      return { word: 'Failed', text: 'Its reclaiming failed.', since, reasons: told };
    default:
      return { word: 'Pending', text: phase, since, reasons: told };
  }
}

/** Which of the many sources a volume has, and the most telling part of it. */
export function volumeSourceText(volume: LiveObject): string {
  const spec = (volume['spec'] ?? {}) as Record<string, unknown>;
  const type = Object.keys(spec).find((field) => SOURCES.has(field));
  if (type === undefined) return '';
  const source = spec[type];
  const telling = ['driver', 'path', 'server', 'volumeID', 'pdName'].flatMap(
    (field) => textAt(source, field) ?? [],
  );
  const handle = textAt(source, 'volumeHandle');
  return [type, ...telling, ...(handle === null ? [] : [handle])].join(' ');
}

const SOURCES = new Set([
  'csi',
  'hostPath',
  'local',
  'nfs',
  'iscsi',
  'fc',
  'awsElasticBlockStore',
  'gcePersistentDisk',
  'azureDisk',
  'cephfs',
  'rbd',
]);
