import { CLOSE_CODES } from '@krateyard/hub/close-codes';
import { strings } from '../strings.ts';

/** What a person is told of a socket that was closed with this code. */
export function whyClosed(code: number): string {
  const known = Object.values(CLOSE_CODES).find((row) => row.code === code);
  if (known) return known.text;
  return code === 1001 || code === 1012 ? strings.link.restarting : strings.link.lost;
}
