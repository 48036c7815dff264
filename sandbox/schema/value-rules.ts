import { isIP } from 'node:net';

import { quantityValue } from '@krateyard/kube/meta/quantity';

import type { FieldErrors } from './field-errors.ts';
import { child, element, mapKey, type FieldPath } from './field-path.ts';
import { objectAt, objectsAt, textAt } from './json-access.ts';
import { checkLabelValue, checkName, checkPortName, checkQualifiedName, type NameSyntax } from './names.ts';
import { isObject, type JsonObject } from './schema-node.ts';

type Path = FieldPath | undefined;

export function checkAtLeast(value: unknown, minimum: number, path: Path, errors: FieldErrors): void {
  if (typeof value !== 'number' || value >= minimum) return;
  errors.invalid(
    path,
    value,
    minimum === 1 ? 'must be greater than 0' : `must be greater than or equal to ${minimum}`,
  );
}

export function checkPort(value: unknown, path: Path, errors: FieldErrors): void {
  if (typeof value === 'number' && (value < 1 || value > 65_535))
    errors.invalid(path, value, 'must be between 1 and 65535, inclusive');
}

/** A port by number or by name. */
export function checkPortOrName(value: unknown, path: Path, errors: FieldErrors): void {
  if (typeof value !== 'string') {
    checkPort(value, path, errors);
    return;
  }
  const wrong = checkPortName(value);
  if (wrong !== undefined) errors.invalid(path, value, wrong);
}

export function checkNamed(syntax: NameSyntax, value: unknown, path: Path, errors: FieldErrors): void {
  const name = typeof value === 'string' ? value : '';
  const wrong = checkName(syntax, name);
  if (wrong !== undefined) errors.invalid(path, name, wrong);
}

export function checkAddress(value: unknown, path: Path, errors: FieldErrors): void {
  if (isIP(String(value)) === 0)
    errors.invalid(path, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
}

export function checkCidr(value: unknown, path: Path, errors: FieldErrors): void {
  const [address = '', length = ''] = String(value).split('/');
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(length) || Number(length) > (isIP(address) === 4 ? 32 : 128))
    errors.invalid(path, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}

export function checkNotNegative(value: unknown, path: Path, errors: FieldErrors): void {
  if ((typeof value === 'string' || typeof value === 'number') && quantityValue(value) < 0)
    errors.invalid(path, value, 'must be greater than or equal to 0');
}

/** A number or a percentage. */
export function checkCountOrPercent(value: unknown, path: Path, errors: FieldErrors): void {
  if (typeof value === 'string' && !/^\d+%$/.test(value))
    errors.invalid(
      path,
      value,
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    );
  checkAtLeast(value, 0, path, errors);
}

export function checkLabelMap(labels: JsonObject | undefined, path: Path, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    const wrongKey = checkQualifiedName(key);
    if (wrongKey !== undefined) errors.invalid(path, key, wrongKey);
    const wrongValue = checkLabelValue(String(value));
    if (wrongValue !== undefined) errors.invalid(path, value, wrongValue);
  }
}

const SELECTOR_OPERATORS = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

export function checkSelector(selector: unknown, path: Path, errors: FieldErrors): void {
  if (!isObject(selector)) return;
  checkLabelMap(objectAt(selector, 'matchLabels'), child(path, 'matchLabels'), errors);
  for (const [index, term] of objectsAt(selector, 'matchExpressions').entries()) {
    const at = element(child(path, 'matchExpressions'), index);
    const operator = textAt(term, 'operator') ?? '';
    const values = Array.isArray(term['values']) ? term['values'] : [];
    if (!SELECTOR_OPERATORS.has(operator))
      errors.invalid(child(at, 'operator'), operator, 'not a valid selector operator');
    else if (operator.endsWith('In') && values.length === 0)
      errors.required(child(at, 'values'), "must be specified when `operator` is 'In' or 'NotIn'");
    else if (!operator.endsWith('In') && values.length > 0)
      errors.forbidden(
        child(at, 'values'),
        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      );
    const key = textAt(term, 'key') ?? '';
    const wrong = checkQualifiedName(key);
    if (wrong !== undefined) errors.invalid(child(at, 'key'), key, wrong);
  }
}

/** Requests up to limits, nothing below zero. */
export function checkResources(resources: JsonObject | undefined, path: Path, errors: FieldErrors): void {
  const limits = objectAt(resources, 'limits') ?? {};
  const requests = objectAt(resources, 'requests') ?? {};
  for (const [name, value] of Object.entries(limits))
    checkNotNegative(value, mapKey(child(path, 'limits'), name), errors);
  for (const [name, value] of Object.entries(requests)) {
    checkNotNegative(value, mapKey(child(path, 'requests'), name), errors);
    const limit = textAt(limits, name);
    if (limit !== undefined && quantityValue(String(value)) > quantityValue(limit))
      errors.invalid(
        child(path, 'requests'),
        value,
        `must be less than or equal to ${name} limit of ${limit}`,
      );
  }
}
