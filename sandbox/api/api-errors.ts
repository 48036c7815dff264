import { StatusError, type StatusCause } from '@krateyard/status/status-error';
import type { FieldError } from '../schema/type-schema.ts';
import { qualifiedKind, qualifiedResource } from './resource-definition.ts';

type Resource = { readonly resource: string; readonly group: string };
type Kind = { readonly kind: string; readonly group: string };

const details = (of: Resource, name?: string) => ({
  ...(name !== undefined && { name }),
  ...(of.group !== '' && { group: of.group }),
  kind: of.resource,
});

export const notFound = (of: Resource, name: string): StatusError =>
  new StatusError('NotFound', `${qualifiedResource(of)} "${name}" not found`, { details: details(of, name) });

/** The answer for paths that could be a resource's but are not. */
export const noSuchResource = (): StatusError =>
  new StatusError('NotFound', 'the server could not find the requested resource', { details: {} });

export const alreadyExists = (of: Resource, name: string): StatusError =>
  new StatusError('AlreadyExists', `${qualifiedResource(of)} "${name}" already exists`, {
    details: details(of, name),
  });

export const conflict = (of: Resource, name: string, why: string): StatusError =>
  new StatusError('Conflict', `Operation cannot be fulfilled on ${qualifiedResource(of)} "${name}": ${why}`, {
    details: details(of, name),
  });

export const modified = (of: Resource, name: string): StatusError =>
  conflict(
    of,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const forbidden = (
  of: Resource,
  name: string | undefined,
  why: string,
  causes?: readonly StatusCause[],
): StatusError => {
  const subject = name === undefined || name === '' ? '' : ` "${name}"`;
  return new StatusError('Forbidden', `${qualifiedResource(of)}${subject} is forbidden: ${why}`, {
    details: { ...details(of, name || undefined), ...(causes && { causes }) },
  });
};

export const badRequest = (message: string): StatusError => new StatusError('BadRequest', message);

export const methodNotSupported = (of: Resource, action: string): StatusError =>
  new StatusError(
    'MethodNotAllowed',
    `${action} is not supported on resources of kind "${qualifiedResource(of)}"`,
    {
      details: details(of),
    },
  );

export const methodNotAllowed = (): StatusError =>
  new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    details: {},
  });

export const invalid = (of: Kind, name: string, errors: readonly FieldError[]): StatusError => {
  const causes = errors.map(({ field, reason, message }): StatusCause => ({ reason, message, field }));
  const lines = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new StatusError('Invalid', `${qualifiedKind(of)} "${name}" is invalid: ${text}`, {
    details: { name, ...(of.group !== '' && { group: of.group }), kind: of.kind, causes },
  });
};

export const expired = (message: string): StatusError => new StatusError('Expired', message);

/** A consistent LIST cannot go on; `continueToken` goes on without consistency. */
export class ContinueExpiredError extends StatusError {
  readonly continueToken: string;

  constructor(continueToken: string) {
    super(
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
        'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
        'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
        'deleted between the time the first chunk was returned and now may show up in the list.',
    );
    this.continueToken = continueToken;
  }
}

/** A client that knows a later revision than this server: it must be asking the wrong one, or too early. */
export const tooLargeResourceVersion = (asked: number, current: number): StatusError =>
  new StatusError('Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
