import { StatusError } from '@krateyard/status/status-error';
import { isObject } from '../schema/schema-node.ts';

/**
 * Applies an RFC 7386 merge patch to an object and returns a new one; neither argument is changed.
 * Throws StatusError BadRequest for a patch that is no object (an API object cannot be replaced by a scalar).
 */
export function applyMergePatch<T extends object>(document: T, patch: unknown): T {
  if (!isObject(patch)) throw new StatusError('BadRequest', 'a JSON merge patch must be an object');
  return merge(document, patch) as T;
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return structuredClone(patch);
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    if (value === null) delete result[key];
    else result[key] = merge(own(result, key), value);
  }
  return result;
}

function own(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
