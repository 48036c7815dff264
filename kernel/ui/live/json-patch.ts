import type { PatchOperation } from './live-frames.ts';

/**
 * Applies the three operations of RFC 6902 that live collections use. What is not touched is shared with the old value, which
 * is never changed: parts of a row that are equal stay identical. Throws RangeError when a path leads nowhere: then the two
 * sides have parted and the collection must be asked for anew.
 */
export function applyPatch<T>(value: T, operations: readonly PatchOperation[]): T {
  let result: unknown = value;
  for (const operation of operations) result = applyAt(result, pathOf(operation.path), operation);
  return result as T;
}

function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function applyAt(node: unknown, path: readonly string[], operation: PatchOperation): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return operation.op === 'remove' ? undefined : operation.value;
  if (Array.isArray(node)) return applyToArray(node as unknown[], step, rest, operation);
  if (typeof node !== 'object' || node === null) throw new RangeError(`Nothing at ${operation.path}`);
  const fields = node as Record<string, unknown>;
  if (rest.length === 0 && operation.op === 'remove') {
    const { [step]: _, ...kept } = fields;
    return kept;
  }
  if (rest.length > 0 && !Object.hasOwn(fields, step)) throw new RangeError(`Nothing at ${operation.path}`);
  // A computed key in a literal defines an own field even for `__proto__`.
  return { ...fields, [step]: applyAt(fields[step], rest, operation) };
}

function applyToArray(
  items: readonly unknown[],
  step: string,
  rest: readonly string[],
  operation: PatchOperation,
): unknown[] {
  const index = step === '-' ? items.length : Number(step);
  const inserts = rest.length === 0 && operation.op === 'add';
  if (!Number.isInteger(index) || index < 0 || index > items.length - (inserts ? 0 : 1)) {
    throw new RangeError(`Nothing at ${operation.path}`);
  }
  if (inserts) return items.toSpliced(index, 0, operation.value);
  if (rest.length === 0 && operation.op === 'remove') return items.toSpliced(index, 1);
  return items.with(index, applyAt(items[index], rest, operation));
}
