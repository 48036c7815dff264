import { Compile } from 'typebox/compile';
import { StatusError } from '@krateyard/status/status-error';
import { VncQuery } from '../../contract/screen-protocol.ts';

const validator = Compile(VncQuery);
const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  '': true,
  false: false,
  '0': false,
};

/** Reads the query of `/vnc` and `/screen`. Throws BadRequest with one cause a parameter, and for what does not go together. */
export function readVncQuery(query: URLSearchParams): VncQuery {
  const read: Record<string, unknown> = {};
  for (const name of ['namespace', 'viewer', 'share']) {
    const value = query.get(name);
    if (value !== null && value !== '') read[name] = value;
  }
  const viewOnly = query.get('viewOnly');
  if (viewOnly !== null) read['viewOnly'] = FLAGS[viewOnly] ?? viewOnly;
  if (!validator.Check(read)) {
    const causes = validator.Errors(read).map(({ instancePath, message }) => ({
      field: instancePath.slice(1),
      message,
      reason: 'FieldValueInvalid',
    }));
    const told = causes.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new StatusError('BadRequest', `The request's query is not valid: ${told}`, { details: { causes } });
  }
  if (read['share'] === 'off') requireWhole(read as VncQuery);
  return read as VncQuery;
}

/** What passes everything through is whole, and nobody's part. */
function requireWhole({ viewer, viewOnly }: VncQuery): void {
  if (viewOnly === true)
    throw new StatusError('BadRequest', 'share=off passes all input through: it cannot be viewOnly.');
  if (viewer !== undefined)
    throw new StatusError('BadRequest', 'share=off is nobody’s part of a shared screen: leave viewer out.');
}
