import type { LiveStatus } from './live-frames.ts';
import { Store } from './store.ts';

/** A request that failed; `status` is what the API server or the gateway said. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: LiveStatus;

  constructor(status: LiveStatus) {
    super(status.message);
    this.status = status;
  }
}

/** Counts answers that say that the session is over; the console's shell watches it and shows the sign-in. */
export const signedOutAnswers = new Store(0);

const DEADLINE_MS = 20_000;

/** JSON in, JSON out. Rejects with ApiError, or the signal's reason. */
export async function requestJson<T>(
  path: string,
  options: { method?: string; body?: unknown; contentType?: string; signal?: AbortSignal } = {},
): Promise<T> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const broken = (error: unknown): never => {
    options.signal?.throwIfAborted();
    throw new ApiError(unreachable(error));
  };
  const response = await fetch(path, {
    method: options.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(options.body !== undefined && { 'content-type': options.contentType ?? 'application/json' }),
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
  }).catch(broken);
  // An answer that broke off is none, whatever its head said; one without a body has nothing to say.
  const body = parsed(await response.text().catch(broken));
  if (response.ok) return body as T;
  if (response.status === 401) signedOutAnswers.set(signedOutAnswers.get() + 1);
  throw new ApiError(isStatus(body) ? body : plainStatus(response.status));
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The status of anything thrown. */
export function statusOf(error: unknown): LiveStatus {
  return error instanceof ApiError
    ? error.status
    : { message: error instanceof Error ? error.message : String(error), reason: 'InternalError', code: 0 };
}

function isStatus(body: unknown): body is LiveStatus {
  return typeof body === 'object' && body !== null && (body as { kind?: unknown }).kind === 'Status';
}

function plainStatus(code: number): LiveStatus {
  return { message: `The gateway answered ${code}.`, reason: 'InternalError', code };
}

function unreachable(error: unknown): LiveStatus {
  const late = error instanceof DOMException && error.name === 'TimeoutError';
  return {
    message: late ? 'The gateway did not answer in time.' : 'The gateway cannot be reached.',
    reason: 'ServiceUnavailable',
    code: 0,
  };
}
