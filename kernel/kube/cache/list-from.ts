import { StatusError } from '@krateyard/status/status-error';
import type { ListOptions } from '../client/client.ts';
import { matchesFields, parseFieldSelector } from '../meta/field-selector.ts';
import { SelectorSyntaxError, matchesLabels, parseLabelSelector } from '../meta/label-selector.ts';
import type { KubeList, KubeObject } from '../meta/object.ts';
import type { Collection } from './cache.ts';

/**
 * Answers a list from a collection: in the order of keys, as the API server does. `resourceVersion` is not looked at (a
 * cache has one version); `continue` goes on after the key that it names, in whatever the collection holds by then.
 */
export function listFrom<T extends KubeObject>(collection: Collection<T>, options: ListOptions): KubeList<T> {
  const matches = matcher(options);
  const found: (readonly [string, T])[] = [];
  for (const entry of collection.entries(options.namespace)) if (matches(entry[1])) found.push(entry);
  found.sort(([a], [b]) => (a < b ? -1 : 1));
  const after = options.continue === undefined ? undefined : keyIn(options.continue);
  const start = after === undefined ? 0 : found.findIndex(([key]) => key > after);
  const rest = start === -1 ? [] : found.slice(start);
  const page = options.limit ? rest.slice(0, options.limit) : rest;
  const more = rest.length - page.length;
  return {
    metadata: {
      resourceVersion: collection.resourceVersion(),
      ...(more > 0 && {
        continue: Buffer.from(page.at(-1)![0]).toString('base64url'),
        remainingItemCount: more,
      }),
    },
    items: page.map(([, object]) => object),
  };
}

/** A test for a list's selectors. Throws BadRequest for what is no selector. */
function matcher(
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>,
): (object: KubeObject) => boolean {
  try {
    const labels = parseLabelSelector(options.labelSelector ?? '');
    const fields = parseFieldSelector(options.fieldSelector ?? '');
    return (object) =>
      (labels.length === 0 || matchesLabels(labels, object.metadata.labels)) &&
      (fields.length === 0 || matchesFields(fields, object));
  } catch (error) {
    if (error instanceof SelectorSyntaxError) throw new StatusError('BadRequest', error.message);
    throw error;
  }
}

function keyIn(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8');
}
