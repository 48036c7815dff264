import { REASONS, isReason, reasonForCode, type Reason } from './reasons.ts';

export interface StatusCause {
  readonly field?: string;
  readonly message?: string;
  readonly reason?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
  /** Addition of ours: the id that stands in the gateway's log for the request that failed. */
  readonly requestId?: string;
}

/** The wire form of every failure, over HTTP and over sockets: Kubernetes' `metav1.Status`. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: Reason;
  readonly details?: StatusDetails;
  readonly code: number;
}

/**
 * The one error type that crosses package borders. `message` is safe to show to the person who asked: it never holds
 * credentials, stack traces or another person's data. What must not be shown goes into `cause`, which is logged, not sent.
 */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly reason: Reason;
  readonly details: StatusDetails | undefined;
  readonly code: number;

  constructor(
    reason: Reason,
    message: string,
    options: { details?: StatusDetails; code?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.details = options.details;
    this.code = options.code ?? REASONS[reason].code;
  }
}

/** True for a StatusError of any copy of this package; tells by name, as `instanceof` breaks across duplicates. */
export function isStatusError(error: unknown): error is StatusError {
  return error instanceof Error && error.name === 'StatusError' && isReason((error as StatusError).reason);
}

/** The reason of any thrown value; what is not a StatusError is an InternalError. */
export function reasonOf(error: unknown): Reason {
  return isStatusError(error) ? error.reason : 'InternalError';
}

export const isNotFound = (error: unknown): boolean => reasonOf(error) === 'NotFound';
export const isConflict = (error: unknown): boolean => reasonOf(error) === 'Conflict';
export const isAlreadyExists = (error: unknown): boolean => reasonOf(error) === 'AlreadyExists';
export const isForbidden = (error: unknown): boolean => reasonOf(error) === 'Forbidden';
export const isUnauthorized = (error: unknown): boolean => reasonOf(error) === 'Unauthorized';
/** 410: the resourceVersion or continue token is too old; relist. */
export const isExpired = (error: unknown): boolean => ['Gone', 'Expired'].includes(reasonOf(error));
export const isRetriable = (error: unknown): boolean =>
  isStatusError(error) && REASONS[error.reason].retriable;

/**
 * The Status to send for any thrown value: a StatusError as it is, anything else an InternalError that tells nothing
 * but the request id under which the log has the rest.
 */
export function toStatus(error: unknown, requestId?: string): Status {
  const known = isStatusError(error)
    ? error
    : new StatusError(
        'InternalError',
        'Something went wrong inside the gateway. Its log has the cause under the request id.',
      );
  const details = requestId === undefined ? known.details : { ...known.details, requestId };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: known.message,
    reason: known.reason,
    ...(details && { details }),
    code: known.code,
  };
}

/** Reads an API server's answer to a failed request. Accepts anything: bodies that are no Status give a plain message. */
export function fromStatusBody(httpCode: number, body: unknown): StatusError {
  if (!isStatusLike(body)) {
    return new StatusError(reasonForCode(httpCode), `The API server answered ${httpCode}.`, {
      code: httpCode,
    });
  }
  const reason = isReason(body.reason) ? body.reason : reasonForCode(httpCode);
  const message = typeof body.message === 'string' ? body.message : `The API server answered ${httpCode}.`;
  const details =
    typeof body.details === 'object' && body.details !== null ? (body.details as StatusDetails) : undefined;
  return new StatusError(reason, message, { code: httpCode, ...(details && { details }) });
}

function isStatusLike(body: unknown): body is { reason?: unknown; message?: unknown; details?: unknown } {
  return typeof body === 'object' && body !== null && (body as { kind?: unknown }).kind === 'Status';
}
