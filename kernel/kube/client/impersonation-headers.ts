import { StatusError } from '@krateyard/status/status-error';
import type { Impersonation } from './client.ts';

/** Headers that make the API server act as `user`; a list is sent as several lines, as Go's server wants groups. Throws BadRequest for what no header can hold. */
export function impersonationHeaders(user: Impersonation): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { 'Impersonate-User': encodeValue(user.username) };
  if (user.uid !== undefined) headers['Impersonate-Uid'] = encodeValue(user.uid);
  if (user.groups.length > 0) headers['Impersonate-Group'] = user.groups.map(encodeValue);
  for (const [key, values] of Object.entries(user.extra ?? {})) {
    headers[`Impersonate-Extra-${encodeExtraKey(key)}`] = values.map(encodeValue);
  }
  return headers;
}

/** Characters that may not stand in a header's name are percent-encoded, `%` too; the server decodes and lower-cases. */
function encodeExtraKey(key: string): string {
  return key.replaceAll(/[^!#$&'*+\-.^_`|~0-9A-Za-z]/gu, (character) => encodeURIComponent(character));
}

/** Go's server reads header bytes as UTF-8; Node's client writes one byte a character. */
function encodeValue(value: string): string {
  // eslint-disable-next-line no-control-regex -- exactly these cannot stand in a header
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw new StatusError('BadRequest', 'A user name, group or extra value holds control characters.');
  }
  return Buffer.from(value, 'utf8').toString('latin1');
}
