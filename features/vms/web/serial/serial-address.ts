import type { TerminalLink } from '@krateyard/ui/terminal/terminal-client';
import { readScreenAddress, type ScreenAddress } from '../screen/screen-address.ts';
import { VMS_ROOT, vmHref } from '../vm-address.ts';

/** Whose console, and as whom one was there: in a tab's params. */
export interface SerialAddress extends ScreenAddress, TerminalLink {}

export const SERIAL_TAB = 'serial';
/** As the router reads it. */
export const SERIAL_PATTERN = `${VMS_ROOT}/:namespace/:name/console`;

/** The page of a console. Never with the key: whoever gets the link joins as themselves. */
export function serialHref({ namespace, name }: ScreenAddress): string {
  return `${vmHref(namespace, name)}/console`;
}

export function serialParams({ namespace, name, session, key }: SerialAddress): Record<string, string> {
  return { namespace, name, ...(session !== undefined && { session }), ...(key !== undefined && { key }) };
}

/** Reads tab params or what the router found; undefined where a name is missing. */
export function readSerialAddress(
  found: Readonly<Record<string, string | undefined>> | null,
): SerialAddress | undefined {
  const machine = readScreenAddress(found);
  if (!machine) return undefined;
  return { ...machine, session: found?.['session'], key: found?.['key'] };
}

/** Where its recordings are listed, beside those of shells. */
export const recordingsHref = (name: string): string => `/recordings?${new URLSearchParams({ q: name })}`;
