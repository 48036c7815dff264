import type { GroupVersionResource } from '@krateyard/kube/meta/group-version';
import { listAt, textAt } from '../../../contract/columns/read.ts';
import type { Grant } from '../../../contract/who-can.ts';

/** One object, as rules speak of it. */
export interface RuleTarget {
  readonly gvr: GroupVersionResource;
  readonly name: string;
}

/**
 * What a role's rules allow on one object. A rule counts where its groups, resources (subresources too) and, if it has any,
 * names fit. `create` and `deletecollection` know no name: a rule that is limited to names never grants them on the object.
 */
export function grantsOf(rules: readonly unknown[], { gvr, name }: RuleTarget): readonly Grant[] {
  const grants = new Map<string, Grant>();
  for (const rule of rules) {
    if (!fits(texts(rule, 'apiGroups'), gvr.group)) continue;
    const names = texts(rule, 'resourceNames');
    if (names.length > 0 && !names.includes(name)) continue;
    for (const subresource of subresourcesOf(texts(rule, 'resources'), gvr.resource)) {
      for (const verb of texts(rule, 'verbs')) {
        if (names.length > 0 && NAMELESS.has(verb)) continue;
        grants.set(`${verb} ${subresource}`, { verb, ...(subresource !== '' && { subresource }) });
      }
    }
  }
  return [...grants.values()];
}

const NAMELESS = new Set(['create', 'deletecollection']);

/** '' for the resource itself. `*` holds for the resource and every subresource. */
function subresourcesOf(resources: readonly string[], resource: string): readonly string[] {
  const found = resources.flatMap((entry) => {
    if (entry === '*') return ['', '*'];
    const [named, subresource = ''] = entry.split('/', 2);
    return named === resource || named === '*' ? [subresource] : [];
  });
  return [...new Set(found)];
}

const fits = (listed: readonly string[], wanted: string): boolean =>
  listed.includes(wanted) || listed.includes('*');

function texts(rule: unknown, field: string): readonly string[] {
  return listAt(rule, field).flatMap((entry) => {
    const text = textAt({ entry }, 'entry');
    return text === null ? [] : [text];
  });
}
