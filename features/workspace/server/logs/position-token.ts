import { hash } from 'node:crypto';
import type { LogMark } from '@krateyard/kube/stream/log-mark';
import { StatusError } from '@krateyard/status/status-error';

/** How far one container was read. */
export interface Position {
  readonly restarts: number;
  readonly mark: LogMark;
}

const VERSION = 1;
const ENTRY_BYTES = 50;
/** Fingerprints and keys are six bytes, eight characters. */
const PRINT_BYTES = 6;
const NO_PRINT = Buffer.alloc(PRINT_BYTES);

/** What a container is called in a token: its pod's uid, so that a namesake is another one. */
export function positionKey(podUid: string, container: string): string {
  return hash('sha1', `${podUid}/${container}`, 'base64url').slice(0, 8);
}

/** Self-contained: any gateway process goes on from it. 50 bytes a container: 200 of them make 13 KB of text. */
export function writePositions(positions: ReadonlyMap<string, Position>): string {
  const bytes = Buffer.alloc(1 + positions.size * ENTRY_BYTES);
  bytes[0] = VERSION;
  let at = 1;
  for (const [key, position] of positions) {
    writeEntry(bytes.subarray(at, at + ENTRY_BYTES), key, position);
    at += ENTRY_BYTES;
  }
  return bytes.toString('base64url');
}

/** Throws StatusError BadRequest for what is no token. */
export function readPositions(token: string): ReadonlyMap<string, Position> {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes[0] !== VERSION || (bytes.length - 1) % ENTRY_BYTES !== 0 || !/^[\w-]+$/.test(token)) {
    throw new StatusError('BadRequest', 'The request’s query is not valid: resume: is no position of a log');
  }
  const positions = new Map<string, Position>();
  for (let at = 1; at < bytes.length; at += ENTRY_BYTES) {
    const entry = bytes.subarray(at, at + ENTRY_BYTES);
    positions.set(entry.toString('base64url', 0, PRINT_BYTES), readEntry(entry));
  }
  return positions;
}

function writeEntry(entry: Buffer, key: string, { restarts, mark }: Position): void {
  entry.write(key, 0, 'base64url');
  entry.writeUInt32BE(Math.min(restarts, 0xffff_ffff), 6);
  entry.writeUInt32BE(epochSeconds(mark.anchor), 10);
  entry.writeUInt32BE(Math.min(mark.count, 0xffff_ffff), 14);
  entry.writeUInt32BE(Math.min(mark.recent, 0xffff_ffff), 18);
  if (mark.first !== undefined) entry.write(mark.first, 22, 'base64url');
  if (mark.recentFirst !== undefined) entry.write(mark.recentFirst, 28, 'base64url');
  entry.writeUInt32BE(epochSeconds(mark.at), 34);
  entry.writeUInt32BE(Number(mark.at.slice(20, 29)), 38);
  entry.write(mark.last, 42, 'base64url');
  entry.writeUInt16BE(Math.min(mark.same, 0xffff), 48);
}

function readEntry(entry: Buffer): Position {
  const first = printAt(entry, 22);
  const recentFirst = printAt(entry, 28);
  const at = `${isoSecond(entry.readUInt32BE(34))}.${String(entry.readUInt32BE(38) % 1e9).padStart(9, '0')}Z`;
  return {
    restarts: entry.readUInt32BE(6),
    mark: {
      anchor: `${isoSecond(entry.readUInt32BE(10))}Z`,
      count: entry.readUInt32BE(14),
      recent: entry.readUInt32BE(18),
      ...(first !== undefined && { first }),
      ...(recentFirst !== undefined && { recentFirst }),
      at,
      last: entry.toString('base64url', 42, 42 + PRINT_BYTES),
      same: entry.readUInt16BE(48),
    },
  };
}

function printAt(entry: Buffer, at: number): string | undefined {
  const print = entry.subarray(at, at + PRINT_BYTES);
  return print.equals(NO_PRINT) ? undefined : print.toString('base64url');
}

function epochSeconds(time: string): number {
  return Math.max(0, Date.parse(`${time.slice(0, 19)}Z`) / 1000);
}

function isoSecond(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}
