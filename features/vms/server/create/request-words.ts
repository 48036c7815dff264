import { isStatusError, StatusError, type StatusCause } from '@krateyard/status/status-error';
import type { Plan } from './machine-maker.ts';

const WEBHOOK = /^admission webhook "[^"]+" denied the request: /;

/**
 * A refusal of the API server with the fields of the request that it is about: the causes' fields are translated, what has no
 * field in the request keeps its own. Other errors stay as they are.
 */
export function inRequestWords(error: unknown, { fieldOf }: Pick<Plan, 'fieldOf'>): unknown {
  if (!isStatusError(error)) return error;
  const { causes } = error.details ?? {};
  const message = error.message.replace(WEBHOOK, '');
  const translated = causes?.map((cause) => translate(cause, fieldOf));
  return new StatusError(error.reason, message, {
    code: error.code,
    cause: error,
    details: { ...error.details, ...(translated && { causes: translated }) },
  });
}

function translate(cause: StatusCause, fieldOf: Plan['fieldOf']): StatusCause {
  // Some causes have no field, but a message that begins with one.
  const path = cause.field ?? /^spec\.[\w.[\]]+/.exec(cause.message ?? '')?.[0];
  const field = path === undefined ? undefined : (fieldOf(path) ?? cause.field);
  return { ...cause, ...(field !== undefined && { field }) };
}
