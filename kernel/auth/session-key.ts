import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The key that seals sessions, 32 bytes. `file` and `memory` tell where from; with `memory` a restart ends all sessions. */
export interface SessionKey {
  readonly bytes: Uint8Array;
  readonly source: 'given' | 'file' | 'memory';
}

/**
 * From the given secret (any text of at least 32 characters, hashed), else from a file in the state folder that only its
 * owner can read, made when absent, else from memory.
 */
export function loadSessionKey(options: {
  secret?: string | undefined;
  stateDir?: string | undefined;
}): SessionKey {
  if (options.secret !== undefined) {
    return { bytes: createHash('sha256').update(options.secret).digest(), source: 'given' };
  }
  if (options.stateDir === undefined) return { bytes: randomBytes(32), source: 'memory' };
  try {
    return { bytes: readOrMake(options.stateDir), source: 'file' };
  } catch {
    // The caller says aloud where the key lives: `source` tells that this one ends with the process.
    return { bytes: randomBytes(32), source: 'memory' };
  }
}

function readOrMake(stateDir: string): Uint8Array {
  const file = join(stateDir, 'session.key');
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  try {
    // `wx` fails when the file exists: of two gateways that start at once, one makes the key and both read it.
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const bytes = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
  if (bytes.length !== 32) throw new Error('The session key file does not hold 32 bytes.');
  return bytes;
}
