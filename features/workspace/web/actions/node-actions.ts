import { loadPart } from '@krateyard/ui/page/load-part';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import { postAction } from './post-action.ts';
import { fieldAt, isOneOf } from './target-facts.ts';
import { patchRight } from './workload-actions.ts';

const isNode = (target: ActionTarget): boolean => isOneOf(target, new Set(['/nodes']));
const isCordoned = ({ object }: ActionTarget): boolean => fieldAt(object, 'spec', 'unschedulable') === true;

export const nodeActions: readonly ObjectAction[] = [
  {
    id: 'cordon',
    label: strings.cordon,
    icon: 'lock',
    group: 'change',
    fits: (target) => isNode(target) && !isCordoned(target),
    right: patchRight,
    many: true,
    run: async (targets) => void (await postAction('cordon', targets, {})),
  },
  {
    id: 'uncordon',
    label: strings.uncordon,
    icon: 'play',
    group: 'change',
    fits: (target) => isNode(target) && isCordoned(target),
    right: patchRight,
    many: true,
    run: async (targets) => void (await postAction('uncordon', targets, {})),
  },
  {
    id: 'drain',
    label: strings.drain,
    icon: 'out',
    group: 'destroy',
    fits: isNode,
    right: () => ({ verb: 'create', group: '', resource: 'pods', subresource: 'eviction' }),
    many: false,
    run: async (targets) => (await loadPart(() => import('./drain-dialog.tsx'))).openDrainDialog(targets[0]!),
  },
];
