/**
 * One table for every way a request can fail. Reasons, HTTP codes and their meaning are those of Kubernetes'
 * `metav1.Status` (apimachinery `meta/v1/types.go`, StatusReason); `closeCode` follows the hub's ranges:
 * 4000–4499 a client should reconnect, 4500–4999 it should not.
 */
export const REASONS = {
  BadRequest: { code: 400, retriable: false, closeCode: 4500 },
  Unauthorized: { code: 401, retriable: false, closeCode: 4501 },
  Forbidden: { code: 403, retriable: false, closeCode: 4503 },
  NotFound: { code: 404, retriable: false, closeCode: 4504 },
  MethodNotAllowed: { code: 405, retriable: false, closeCode: 4505 },
  NotAcceptable: { code: 406, retriable: false, closeCode: 4506 },
  AlreadyExists: { code: 409, retriable: false, closeCode: 4509 },
  Conflict: { code: 409, retriable: true, closeCode: 4009 },
  Gone: { code: 410, retriable: false, closeCode: 4010 },
  Expired: { code: 410, retriable: false, closeCode: 4010 },
  RequestEntityTooLarge: { code: 413, retriable: false, closeCode: 4513 },
  UnsupportedMediaType: { code: 415, retriable: false, closeCode: 4515 },
  Invalid: { code: 422, retriable: false, closeCode: 4522 },
  TooManyRequests: { code: 429, retriable: true, closeCode: 4029 },
  InternalError: { code: 500, retriable: true, closeCode: 4000 },
  ServiceUnavailable: { code: 503, retriable: true, closeCode: 4003 },
  ServerTimeout: { code: 504, retriable: true, closeCode: 4004 },
  Timeout: { code: 504, retriable: true, closeCode: 4004 },
} as const satisfies Record<string, { code: number; retriable: boolean; closeCode: number }>;

/** A closed set: a `switch` over it can be checked for completeness. */
export type Reason = keyof typeof REASONS;

const reasonByCode = new Map<number, Reason>([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [405, 'MethodNotAllowed'],
  [406, 'NotAcceptable'],
  [409, 'Conflict'],
  [410, 'Gone'],
  [413, 'RequestEntityTooLarge'],
  [415, 'UnsupportedMediaType'],
  [422, 'Invalid'],
  [429, 'TooManyRequests'],
  [500, 'InternalError'],
  [502, 'ServiceUnavailable'],
  [503, 'ServiceUnavailable'],
  [504, 'ServerTimeout'],
]);

export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}

/** The reason to assume for an answer that carries an HTTP code and no Status body. */
export function reasonForCode(code: number): Reason {
  return reasonByCode.get(code) ?? (code >= 500 ? 'InternalError' : 'BadRequest');
}
