import type { ManagedFieldsEntry } from '@krateyard/kube/meta/object';
import { isFields, type FieldPath, type FieldStep } from './field-path.ts';

/** Who wrote a field last, as the API server remembers it. */
export interface FieldOwner {
  readonly manager: string;
  /** `Apply`: it says what the field should be, and will again. */
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  /** Milliseconds since the epoch. */
  readonly at: number | undefined;
}

/** The managers of the field at a path, of something in it, or of the whole that it is in where that is owned as one. */
export function ownersOf(
  managed: readonly ManagedFieldsEntry[] | undefined,
  path: FieldPath,
): readonly FieldOwner[] {
  return (managed ?? [])
    .filter((entry) => owns(entry.fieldsV1, path))
    .map(({ manager = '', operation = 'Update', subresource = '', time }) => {
      const at = time === undefined ? Number.NaN : Date.parse(time);
      return { manager, operation, subresource, at: Number.isNaN(at) ? undefined : at };
    });
}

function owns(fields: unknown, path: FieldPath): boolean {
  if (!isFields(fields)) return false;
  let here: Readonly<Record<string, unknown>> = fields;
  for (const step of path) {
    const names = Object.keys(here).filter((name) => name !== '.');
    // A leaf: what is below belongs to who owns it.
    if (names.length === 0) return here !== fields;
    const next = names.find((name) => fits(name, step));
    if (next === undefined || !isFields(here[next])) return false;
    here = here[next];
  }
  return true;
}

/** `f:name` is a field, `k:{"name":"x"}` an item of a list by its keys. */
function fits(name: string, step: FieldStep): boolean {
  if (typeof step === 'string') return name === `f:${step}`;
  if (!name.startsWith('k:')) return false;
  try {
    const keys: unknown = JSON.parse(name.slice(2));
    return isFields(keys) && keys[step.by] === step.value;
  } catch {
    return false;
  }
}

/** The last who wrote anything, for the history: undefined where nobody is told. */
export function lastWriter(managed: readonly ManagedFieldsEntry[] | undefined): FieldOwner | undefined {
  return (managed ?? [])
    .map(({ manager = '', operation = 'Update', subresource = '', time }) => ({
      manager,
      operation,
      subresource,
      at: time === undefined ? undefined : Date.parse(time),
    }))
    .toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
}
