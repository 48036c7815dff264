import { CompactEncrypt, compactDecrypt } from 'jose';
import type { Proof } from './proof.ts';

/** What a session cookie holds. Times are milliseconds since the epoch. */
export interface SessionFacts {
  readonly id: string;
  readonly startedAt: number;
  /** The last time the cookie was sealed; idle time counts from here. */
  readonly renewedAt: number;
  readonly proof: Proof;
}

/** Browsers keep at least 4,096 bytes for name, value and attributes together. */
export const MAX_COOKIE_BYTES = 3_800;

/** Seals facts so that nobody but this gateway can read or make them: JWE, `dir` with AES-256-GCM. */
export function sealSession(facts: SessionFacts, key: Uint8Array): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(facts)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(key);
}

/** Undefined for everything that was not sealed with this key. */
export async function openSession(sealed: string, key: Uint8Array): Promise<SessionFacts | undefined> {
  if (sealed.length > 2 * MAX_COOKIE_BYTES) return undefined;
  try {
    const { plaintext } = await compactDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return parseFacts(JSON.parse(new TextDecoder().decode(plaintext)));
  } catch {
    return undefined;
  }
}

/** Facts of an older gateway version may have another shape: then there is no session. */
function parseFacts(value: unknown): SessionFacts | undefined {
  const facts = value as Partial<SessionFacts> | null;
  const valid =
    typeof facts?.id === 'string' &&
    typeof facts.startedAt === 'number' &&
    typeof facts.renewedAt === 'number' &&
    isProof(facts.proof);
  return valid ? (facts as SessionFacts) : undefined;
}

function isProof(proof: Proof | undefined): boolean {
  if (proof?.kind === 'token') return typeof proof.token === 'string';
  if (proof?.kind === 'person') return typeof proof.name === 'string';
  return proof?.kind === 'own';
}
