import { loadPart } from '@krateyard/ui/page/load-part';
import { actionStrings as strings } from './action-strings.ts';
import type { ObjectAction } from './object-action.ts';
import { patchRight } from './workload-actions.ts';

export const kubectlAction: ObjectAction = {
  id: 'copy-kubectl',
  label: strings.copyKubectl,
  icon: 'copy',
  keys: 'c',
  group: 'change',
  fits: () => true,
  // What is copied does nothing yet; who sees the row may get it.
  right: (target) => ({ ...patchRight(target), verb: 'get' }),
  many: true,
  run: async (targets) =>
    (await loadPart(() => import('../explorer/kubectl-dialog.tsx'))).openKubectlDialog(targets),
};
