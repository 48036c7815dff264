import type { LiveObject } from '@krateyard/ui/live/live-frames';
import type { ActionTarget } from './object-action.ts';

/** The value at a path of names, or undefined where the way ends; never throws, whatever the object is. */
export function fieldAt(object: LiveObject, ...path: readonly string[]): unknown {
  let here: unknown = object;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[name];
  }
  return here;
}

/** Whether the kind is one of `group/resource`. */
export const isOneOf = ({ kind }: ActionTarget, kinds: ReadonlySet<string>): boolean =>
  kinds.has(`${kind.group}/${kind.resource}`);
