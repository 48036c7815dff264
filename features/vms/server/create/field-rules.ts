import { isIP } from 'node:net';
import { parseQuantity, quantityValue } from '@krateyard/kube/meta/quantity';
import { isDnsLabel, isDnsName } from '../../contract/dns-name.ts';
import type { Problems } from './problems.ts';

const LABEL_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const MAC = /^[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}$/i;
const DEVICE = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const IMAGE =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(?::\d{1,5})?(?:\/[A-Za-z0-9._-]+)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[a-f0-9]{32,})?$/;
const MIB = 2 ** 20;

export const isMac = (text: string): boolean => MAC.test(text);

export function checkName(problems: Problems, field: string, text: string): void {
  if (isGiven(problems, field, text) && !isDnsName(text))
    problems.add(
      field,
      `"${shown(text)}" is no name: lower case letters, digits, - and . only, a letter or digit at both ends`,
    );
}

/** Names of what is inside of a machine. */
export function checkPartName(problems: Problems, field: string, text: string): void {
  if (isGiven(problems, field, text) && !isDnsLabel(text))
    problems.add(
      field,
      `"${shown(text)}" is no name: at most 63 lower case letters, digits and -, a letter or digit at both ends`,
    );
}

/** Of bytes: at least 1 MiB, so that a forgotten unit is told. */
export function checkBytes(problems: Problems, field: string, text: string): void {
  const value = quantityValue(text);
  if (!isGiven(problems, field, text)) return;
  if (!parseQuantity(text)) problems.add(field, `"${shown(text)}" is no quantity: 512Mi, 2Gi`);
  else if (value <= 0) problems.add(field, 'must be more than nothing');
  else if (value < MIB) problems.add(field, `${text} is less than 1 MiB; give a unit: Mi, Gi`);
  else if (value >= 2 ** 60) problems.add(field, 'is more than 1 EiB');
}

export function checkLabels(
  problems: Problems,
  field: string,
  labels: Readonly<Record<string, string>>,
  values: 'label' | 'any' = 'label',
): void {
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) problems.add(field, `"${shown(key)}" is no key of a label`);
    else if (values === 'label' && value !== '' && !LABEL_NAME.test(value))
      problems.add(
        `${field}.${key}`,
        `"${shown(value)}" is no value of a label: at most 63 letters, digits, -, _ and .`,
      );
  }
}

export function isLabelKey(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').toReversed();
  return more.length === 0 && LABEL_NAME.test(name) && (prefix === undefined || isDnsName(prefix));
}

export function checkMac(problems: Problems, field: string, text: string): void {
  if (!isMac(text)) problems.add(field, `"${shown(text)}" is no MAC address: 02:00:00:00:00:01`);
  else if ((Number.parseInt(text.slice(0, 2), 16) & 1) === 1)
    problems.add(field, `${text} is an address of a group; its first byte must be even`);
}

/** `192.0.2.10/24`. */
export function checkCidr(problems: Problems, field: string, text: string): void {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most)
    problems.add(field, `"${shown(text)}" is no address with a prefix: 192.0.2.10/24`);
}

export function checkIp(problems: Problems, field: string, text: string): void {
  if (isIP(text) === 0) problems.add(field, `"${shown(text)}" is no IP address`);
}

export function checkDeviceName(problems: Problems, field: string, text: string): void {
  if (isGiven(problems, field, text) && !DEVICE.test(text))
    problems.add(field, `"${shown(text)}" is no device: vendor.example/name`);
}

/** A container image without its transport. */
export function checkImage(problems: Problems, field: string, text: string): void {
  if (isGiven(problems, field, text) && !IMAGE.test(text))
    problems.add(field, `"${shown(text)}" is no container image: registry.example/name:tag`);
}

export function checkHttp(problems: Problems, field: string, text: string): void {
  if (!isGiven(problems, field, text)) return;
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    problems.add(field, 'is no http or https address');
  else if (url.username !== '' || url.password !== '')
    problems.add(
      field,
      'must not hold a name and password: put them into a Secret and name it',
      'FieldValueForbidden',
    );
}

function isGiven(problems: Problems, field: string, text: string): boolean {
  if (text !== '') return true;
  problems.add(field, 'is still missing', 'FieldValueRequired');
  return false;
}

const shown = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 80)}…`);
