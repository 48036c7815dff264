import { alikeOf } from '../../contract/alike-events.ts';
import type { ActionTarget } from './object-action.ts';

/** How many objects these rows stand for. */
export const countOf = (targets: readonly ActionTarget[]): number =>
  targets.reduce((sum, { object }) => sum + (alikeOf(object)?.total ?? 1), 0);

/** Each object that these rows stand for, as a target of its own. */
export function eachOf(targets: readonly ActionTarget[]): readonly ActionTarget[] {
  return targets.flatMap((target) => {
    const { kind, key, object } = target;
    const { alike: _, metadata, ...said } = object;
    const { uid: _oldest, ...others } = metadata;
    const { namespace } = metadata;
    const each = alikeOf(object)?.items.map(({ name, uid }) => ({
      kind,
      key: namespace === undefined ? name : `${namespace}/${name}`,
      object: { ...said, metadata: { ...others, name, ...(uid !== undefined && { uid }) } },
      row: key,
    }));
    return each ?? [target];
  });
}
