import type { FastifyError } from 'fastify';
import { StatusError, isStatusError, type StatusCause } from '@krateyard/status/status-error';
import { reasonForCode } from '@krateyard/status/reasons';

type ValidationProblem = NonNullable<FastifyError['validation']>[number];

/**
 * The one point where what was thrown becomes what is sent. StatusErrors stay, Fastify's own refusals get a Kubernetes
 * reason, all else stays as it is and will be told as InternalError, without its text.
 */
export function toStatusError(error: unknown): unknown {
  if (isStatusError(error) || !(error instanceof Error)) return error;
  const late = LATE[error.name];
  if (late !== undefined) return new StatusError('Timeout', late, { cause: error });
  const refusal = error as FastifyError;
  if (refusal.validation) return invalid(refusal.validation, refusal.validationContext ?? 'body');
  const worded = WORDED[refusal.code];
  if (worded) return new StatusError(worded.reason, worded.message, { cause: error });
  const { statusCode } = refusal;
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return error;
  return new StatusError(reasonForCode(statusCode), 'The request cannot be understood.', { cause: error });
}

/** What a signal ends with, by its name: a deadline, or somebody who left. */
const LATE: Readonly<Record<string, string>> = {
  TimeoutError: 'The cluster did not answer in time; try again.',
  AbortError: 'The request was given up before the answer came.',
};

const WORDED: Readonly<Record<string, { reason: StatusError['reason']; message: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    reason: 'UnsupportedMediaType',
    message: 'The content type of the request body is not supported here.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    reason: 'RequestEntityTooLarge',
    message: 'The request body is larger than allowed here.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    reason: 'BadRequest',
    message: 'The request body is empty; JSON was announced.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { reason: 'BadRequest', message: 'The request body is not valid JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    reason: 'BadRequest',
    message: 'The request body is not as long as Content-Length says.',
  },
  FST_ERR_BAD_URL: { reason: 'BadRequest', message: 'The path of the request is not validly encoded.' },
};

/** A wrong body is Invalid, as an API server words it; wrong parameters are a BadRequest. */
function invalid(problems: readonly ValidationProblem[], context: string): StatusError {
  // An unknown property is told twice: as such, and as one whose schema is `false`.
  const telling = problems.filter(({ keyword }) => keyword !== 'boolean');
  const causes = (telling.length > 0 ? telling : problems).map((problem) => cause(problem, context));
  const first = causes.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new StatusError(
    context === 'body' ? 'Invalid' : 'BadRequest',
    `The request's ${CONTEXT_WORDS[context] ?? context} is not valid: ${first}`,
    { details: { causes } },
  );
}

const CONTEXT_WORDS: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

function cause({ instancePath, params, message }: ValidationProblem, context: string): StatusCause {
  const named = [params['requiredProperties'], params['additionalProperties']].find(Array.isArray) ?? [];
  const path = [...instancePath.split('/').slice(1), ...named.slice(0, 1).map(String)];
  return {
    reason: 'FieldValueInvalid',
    field: path.length === 0 ? (CONTEXT_WORDS[context] ?? context) : path.join('.'),
    message: message ?? 'is not valid',
  };
}
