import { Compile } from 'typebox/compile';
import { StatusError } from '@krateyard/status/status-error';
import { OpenShell } from '../../contract/shell-protocol.ts';

/** What an upgrade asks for: a new session, or one that is there. */
export type ShellRequest =
  | { readonly is: 'open'; readonly open: OpenShell }
  | {
      readonly is: 'join';
      readonly session: string;
      readonly key: string | undefined;
      /** Absent: from the oldest output that is kept. */
      readonly from: number | undefined;
    };

const validator = Compile(OpenShell);

/** Reads the query of `/ws/shell`. Throws BadRequest with one cause a parameter. */
export function readShellQuery(query: URLSearchParams): ShellRequest {
  const session = query.get('session');
  if (session !== null) {
    const key = query.get('key') ?? undefined;
    return { is: 'join', session, key, from: optionalInteger(query, 'from') };
  }
  const command = query.getAll('command');
  const open = {
    ns: query.get('ns') ?? query.get('namespace') ?? '',
    pod: query.get('pod') ?? '',
    ...textOf(query, 'container'),
    ...(command.length > 0 && { command }),
    ...flagOf(query, 'tty'),
    ...flagOf(query, 'attach'),
    ...numberOf(query, 'rows'),
    ...numberOf(query, 'cols'),
  };
  if (validator.Check(open)) return { is: 'open', open };
  const causes = validator.Errors(open).map(({ instancePath, message }) => ({
    field: instancePath.slice(1),
    message,
    reason: 'FieldValueInvalid',
  }));
  const told = causes.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new StatusError('BadRequest', `The request's query is not valid: ${told}`, { details: { causes } });
}

function textOf(query: URLSearchParams, name: string): Record<string, string> {
  const value = query.get(name);
  return value === null || value === '' ? {} : { [name]: value };
}

function flagOf(query: URLSearchParams, name: string): Record<string, boolean | string> {
  const value = query.get(name);
  if (value === null) return {};
  const known: Record<string, boolean> = { true: true, '1': true, '': true, false: false, '0': false };
  return { [name]: known[value] ?? value };
}

function numberOf(query: URLSearchParams, name: string): Record<string, number> {
  const value = query.get(name);
  return value === null ? {} : { [name]: Number(value) };
}

function optionalInteger(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new StatusError('BadRequest', `The query's "${name}" is no offset.`);
}
