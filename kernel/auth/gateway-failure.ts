import { REASONS } from '@krateyard/status/reasons';
import { StatusError, isStatusError } from '@krateyard/status/status-error';

/**
 * What the API server refuses to the gateway itself must not look as if it was refused to the person: a wrong answer to the
 * gateway's own question becomes ServiceUnavailable; failures that may pass by themselves stay what they are.
 */
export function gatewayFailure(error: unknown, question: string): unknown {
  if (!isStatusError(error) || REASONS[error.reason].retriable) return error;
  return new StatusError('ServiceUnavailable', `The gateway could not ask the API server ${question}.`, {
    cause: error,
  });
}
