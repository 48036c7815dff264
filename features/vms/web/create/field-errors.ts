import type { LiveStatus } from '@krateyard/ui/live/live-frames';

/** What the server says of each field of the request. */
export type FieldErrors = ReadonlyMap<string, string>;

export const NO_ERRORS: FieldErrors = new Map();

export function errorsOf(status: LiveStatus | undefined): FieldErrors {
  const causes = status?.details?.causes ?? [];
  const found = new Map<string, string>();
  for (const { field = '', message = '' } of causes) {
    const before = found.get(field);
    found.set(field, before === undefined ? message : `${before}; ${message}`);
  }
  return found;
}

/** Of a field or what is inside of it, as several values stand in one control; with `=` at the end of the field alone. */
export function errorAt(errors: FieldErrors, field: string): string | undefined {
  if (field.endsWith('=')) return errors.get(field.slice(0, -1));
  const found = [...errors]
    .filter(([at]) => at === field || at.startsWith(`${field}.`))
    .map(([, message]) => message);
  return found.length === 0 ? undefined : [...new Set(found)].join('; ');
}
