import { VMS_ROOT, vmHref } from '../vm-address.ts';

/** Whose screen: in the address bar and in a tab's params. */
export interface ScreenAddress {
  readonly namespace: string;
  readonly name: string;
}

export const SCREEN_TAB = 'screen';
/** As the router reads it. */
export const SCREEN_PATTERN = `${VMS_ROOT}/:namespace/:name/screen`;
export const WALL_PATH = `${VMS_ROOT}/wall`;

export function screenHref({ namespace, name }: ScreenAddress): string {
  return `${vmHref(namespace, name)}/screen`;
}

export function screenParams({ namespace, name }: ScreenAddress): Record<string, string> {
  return { namespace, name };
}

/** Reads tab params or what the router found; undefined where a name is missing. */
export function readScreenAddress(
  found: Readonly<Record<string, string | undefined>> | null,
): ScreenAddress | undefined {
  const { namespace, name } = found ?? {};
  return namespace && name ? { namespace, name } : undefined;
}

/** A path of the gateway's about the machine. */
export function machineApi(
  { namespace, name }: ScreenAddress,
  rest: string,
  query: Readonly<Record<string, string>> = {},
): string {
  return `/api/vms/${encodeURIComponent(name)}/${rest}?${new URLSearchParams({ namespace, ...query })}`;
}
