import { navigate } from 'wouter/use-browser-location';
import { loadPart } from '@krateyard/ui/page/load-part';
import { formatObjectUrl, objectHref } from '@krateyard/ui/page/object-href';
import { alikeOf } from '../../contract/alike-events.ts';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import { patchRight } from './workload-actions.ts';

const getRight: ObjectAction['right'] = (target) => ({ ...patchRight(target), verb: 'get' });

/** Of a row that stands for several: the latest, whose words it says. */
function place({ kind, object }: ActionTarget): [string, string | undefined, string] {
  const { namespace, name = '' } = object.metadata;
  return [kind.path, namespace, alikeOf(object)?.items.at(-1)?.name ?? name];
}

export const openPage: ObjectAction = {
  id: 'open-page',
  label: strings.openPage,
  icon: 'expand',
  keys: 'o',
  group: 'open',
  fits: () => true,
  right: getRight,
  many: false,
  run: ([target]) => {
    if (target) navigate(objectHref(...place(target)));
  },
};

export const editYaml: ObjectAction = {
  id: 'edit',
  label: strings.edit,
  icon: 'edit',
  keys: 'e',
  group: 'change',
  fits: () => true,
  right: patchRight,
  many: false,
  run: ([target]) => {
    if (!target) return;
    const [kind, namespace, name] = place(target);
    navigate(formatObjectUrl({ kind, namespace, name, tab: 'yaml', container: undefined, edit: true }));
  },
};

const metadataAction = (id: 'label' | 'annotate', label: string): ObjectAction => ({
  id,
  label,
  icon: 'tag',
  group: 'change',
  fits: () => true,
  right: patchRight,
  many: true,
  run: async (targets) =>
    (await loadPart(() => import('./metadata-dialog.tsx'))).openMetadataDialog(id, targets),
});

export const labelAction = metadataAction('label', strings.label);
export const annotateAction = metadataAction('annotate', strings.annotate);

export const deleteAction: ObjectAction = {
  id: 'delete',
  label: strings.delete,
  icon: 'trash',
  keys: 'd',
  group: 'destroy',
  fits: () => true,
  right: (target) => ({ ...patchRight(target), verb: 'delete' }),
  many: true,
  run: async (targets) => (await loadPart(() => import('./delete-dialog.tsx'))).openDeleteDialog(targets),
};
