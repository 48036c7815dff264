import { StatusError } from '@krateyard/status/status-error';
import jsonPatch, { type Operation } from 'fast-json-patch';

/** What kube-apiserver accepts in one request before it answers 413. */
export const MAX_OPERATIONS = 10_000;

/**
 * Applies an RFC 6902 patch and returns a new document; `document` stays as it is.
 * Throws StatusError: BadRequest for a body that is no patch, RequestEntityTooLarge for more than `MAX_OPERATIONS`,
 * Invalid (422) where an operation cannot be applied or a `test` does not hold.
 */
export function applyJsonPatch<T>(document: T, patch: unknown): T {
  if (!Array.isArray(patch))
    throw new StatusError('BadRequest', 'a JSON patch must be an array of operations');
  if (patch.length > MAX_OPERATIONS)
    throw new StatusError(
      'RequestEntityTooLarge',
      `a JSON patch may hold ${MAX_OPERATIONS} operations, this one holds ${patch.length}`,
    );
  const operations = structuredClone(patch) as Operation[];
  try {
    return jsonPatch.applyPatch(document, operations, true, false).newDocument;
  } catch (error) {
    throw new StatusError('Invalid', `the patch cannot be applied: ${reasonOf(error)}`, { cause: error });
  }
}

/** The library's message goes on with a dump of the whole document, which may hold secrets: only its first line is told. */
function reasonOf(error: unknown): string {
  const { message, index, operation } = error as {
    message?: string;
    index?: number;
    operation?: { op?: unknown; path?: unknown };
  };
  const [reason] = String(message).split('\n');
  if (operation === undefined) return reason!;
  return `operation ${index ?? 0} (${String(operation.op)} ${String(operation.path)}): ${reason}`;
}
