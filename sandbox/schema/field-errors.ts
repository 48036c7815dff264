import { orderOfEnum } from './enum-order.ts';
import { formatPath, type FieldPath } from './field-path.ts';
import type { FieldError } from './type-schema.ts';

/** Collects what is wrong with an object, worded as the API server words it. */
export class FieldErrors {
  readonly list: FieldError[] = [];

  required(path: FieldPath | undefined, detail?: string): void {
    this.add(path, 'FieldValueRequired', `Required value${detail === undefined ? '' : `: ${detail}`}`);
  }

  invalid(path: FieldPath | undefined, value: unknown, detail: string): void {
    this.add(path, 'FieldValueInvalid', `Invalid value: ${shown(value)}: ${detail}`);
  }

  wrongType(path: FieldPath | undefined, value: unknown, detail: string): void {
    this.add(path, 'FieldValueTypeInvalid', `Invalid value: ${shown(value)}: ${detail}`);
  }

  unsupported(path: FieldPath | undefined, value: unknown, supported: readonly unknown[]): void {
    const list = orderOfEnum(supported)
      .map((item) => (typeof item === 'number' ? `"${item}"` : JSON.stringify(item)))
      .join(', ');
    this.add(path, 'FieldValueNotSupported', `Unsupported value: ${shown(value)}: supported values: ${list}`);
  }

  forbidden(path: FieldPath | undefined, detail: string): void {
    this.add(path, 'FieldValueForbidden', `Forbidden: ${detail}`);
  }

  duplicate(path: FieldPath | undefined, value: unknown): void {
    this.add(path, 'FieldValueDuplicate', `Duplicate value: ${shown(value)}`);
  }

  notFound(path: FieldPath | undefined, value: unknown): void {
    this.add(path, 'FieldValueNotFound', `Not found: ${shown(value)}`);
  }

  tooMany(path: FieldPath | undefined, count: number, maximum: number): void {
    const items = maximum === 1 ? 'item' : 'items';
    this.add(path, 'FieldValueTooMany', `Too many: ${count}: must have at most ${maximum} ${items}`);
  }

  /** Of combinations of schemas, which have no place of their own. */
  combination(path: FieldPath | undefined, detail: string): void {
    this.list.push({
      field: '<nil>',
      reason: 'FieldValueInvalid',
      message: `Invalid value: "": "${formatPath(path)}" ${detail}`,
    });
  }

  tooLong(path: FieldPath | undefined, maximum: number): void {
    this.add(path, 'FieldValueTooLong', `Too long: may not be more than ${maximum} bytes`);
  }

  add(path: FieldPath | undefined, reason: FieldError['reason'], message: string): void {
    this.list.push({ field: formatPath(path), reason, message });
  }
}

/** Go's way to show a value in a message: texts in quotes, objects as JSON, nothing as `null`. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}
