import { parseQuantity } from '@krateyard/kube/meta/quantity';
import { formStrings as strings } from './form-strings.ts';

type Check = (value: string) => string | undefined;

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?$/;

/** RFC 1123, as the API server checks names of most kinds. */
export const isName: Check = (value) => (SUBDOMAIN.test(value) ? undefined : strings.badName);
/** Of what also becomes a host name: Services, namespaces. */
export const isLabelName: Check = (value) => (LABEL.test(value) ? undefined : strings.badName);
export const isGiven: Check = (value) => (value.trim() === '' ? strings.missing : undefined);
export const isPort: Check = (value) => within(value, 1, 65_535);
export const isCount: Check = (value) => within(value, 0, 100_000);
export const isAmount: Check = (value) =>
  value === '' || parseQuantity(value) !== undefined ? undefined : strings.badAmount;
export const isSize: Check = (value) => isGiven(value) ?? isAmount(value);
export const isSchedule: Check = (value) =>
  /^@\w+$/.test(value.trim()) || value.trim().split(/\s+/).length === 5 ? undefined : strings.badSchedule;

/** `KEY=value`, one a line; blank lines are none. */
export const isPairs: Check = (value) =>
  linesOf(value).every((line) => /^[-._a-zA-Z0-9]+=/.test(line)) ? undefined : strings.badPairs;

export function linesOf(value: string): readonly string[] {
  return value.split('\n').filter((line) => line.trim() !== '');
}

/** Lines that are no pair are left out: they are told beside the field. */
export function pairsOf(value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    linesOf(value).flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1)] as const] : [];
    }),
  );
}

function within(value: string, min: number, max: number): string | undefined {
  const number = Number(value);
  const well = /^\d+$/.test(value) && number >= min && number <= max;
  return well ? undefined : strings.badNumber(min, max);
}
