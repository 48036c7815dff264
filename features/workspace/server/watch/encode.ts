import type { EncodedObjects } from '@krateyard/kube/cache/encoded';
import type { KubeObject } from '@krateyard/kube/meta/object';
import type { Freshness } from '../../contract/freshness.ts';
import { jsonDiff } from './json-diff.ts';

export type Payload = 'full' | 'patch';

/** A change before it is bytes. */
export type StreamChange =
  | {
      readonly op: 'added' | 'modified';
      readonly key: string;
      readonly object: KubeObject;
      readonly before?: KubeObject;
    }
  | { readonly op: 'deleted'; readonly key: string };

/** What a message says beside its changes or items. */
export interface StreamPosition {
  readonly total?: number | undefined;
  readonly order?: readonly string[] | undefined;
}

/** What all messages of one stream have in common. */
export interface StreamEncoding {
  /** The topic's id, known once the hub has opened it. */
  readonly stream: () => string;
  readonly payload: Payload;
  readonly encoded: EncodedObjects;
}

const COMMA = Buffer.from(',');

export function encodeDelta(
  { stream, encoded, payload }: StreamEncoding,
  changes: readonly StreamChange[],
  resume: string,
  position: StreamPosition,
): Buffer {
  return joined(
    `{"type":"delta","stream":${JSON.stringify(stream())},"changes":[`,
    changes.map((change) => encodeChange(change, payload, encoded)),
    `]${encodePosition(position)},"resume":${JSON.stringify(resume)}}`,
  );
}

function encodeSnapshotPart(
  { stream, encoded }: StreamEncoding,
  part: number,
  objects: readonly KubeObject[],
): Buffer {
  return joined(
    `{"type":"snapshot","stream":${JSON.stringify(stream())},"part":${part},"items":[`,
    objects.map((object) => encoded.encode(object)),
    ']}',
  );
}

export function encodeSynced(
  { stream }: StreamEncoding,
  resume: string,
  freshness: Freshness,
  position: StreamPosition & { total: number },
): Buffer {
  return Buffer.from(JSON.stringify({ type: 'synced', stream: stream(), resume, ...position, freshness }));
}

/** Cuts objects into parts of about `PART_BYTES` of JSON, at least one, so that slow clients hold up nobody. */
export function* encodeSnapshot(encoding: StreamEncoding, objects: Iterable<KubeObject>): Iterable<Buffer> {
  let part = 0;
  let held: KubeObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    held.push(object);
    bytes += encoding.encoded.encode(object).length;
    if (bytes < PART_BYTES) continue;
    yield encodeSnapshotPart(encoding, part, held);
    part += 1;
    held = [];
    bytes = 0;
  }
  if (held.length > 0 || part === 0) yield encodeSnapshotPart(encoding, part, held);
}

const PART_BYTES = 128 * 1024;

function encodeChange(change: StreamChange, payload: Payload, encoded: EncodedObjects): Buffer {
  const start = `{"op":"${change.op}","key":${JSON.stringify(change.key)}`;
  if (change.op === 'deleted') return Buffer.from(`${start}}`);
  if (payload === 'patch' && change.before) {
    const patch = JSON.stringify(jsonDiff(change.before, change.object));
    // A patch that is no smaller than the object tells the object.
    if (patch.length < encoded.encode(change.object).length) return Buffer.from(`${start},"patch":${patch}}`);
  }
  return Buffer.concat([Buffer.from(`${start},"object":`), encoded.encode(change.object), CLOSE]);
}

const CLOSE = Buffer.from('}');

function encodePosition({ total, order }: StreamPosition): string {
  return `${total === undefined ? '' : `,"total":${total}`}${order === undefined ? '' : `,"order":${JSON.stringify(order)}`}`;
}

function joined(start: string, items: readonly Buffer[], end: string): Buffer {
  const parts: Buffer[] = [Buffer.from(start)];
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(COMMA);
    parts.push(item);
  }
  parts.push(Buffer.from(end));
  return Buffer.concat(parts);
}
