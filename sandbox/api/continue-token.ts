import { badRequest } from './api-errors.ts';

interface ContinuePoint {
  /** -1: wherever the collection is by now. */
  readonly revision: number;
  readonly after: string;
}

/** The opaque text that stands for "the rest of this list". */
export function encodeContinue(revision: number, after: string): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` });
  return Buffer.from(text).toString('base64url');
}

export function decodeContinue(token: string): ContinuePoint {
  const point = parse(token);
  const { v, rv, start } = point;
  if (v !== 'meta.k8s.io/v1') throw invalidToken('server does not recognize this encoded version');
  if (!Number.isSafeInteger(rv) || typeof start !== 'string' || start === '')
    throw invalidToken('encoded start key empty');
  return { revision: rv as number, after: start.split('\u0000', 1)[0]! };
}

function parse(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Told below, without what was parsed.
  }
  throw invalidToken('it is not what this server gave');
}

const invalidToken = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);
