import { loadPart } from '@krateyard/ui/page/load-part';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import { postAction } from './post-action.ts';
import { fieldAt, isOneOf } from './target-facts.ts';
import { patchRight } from './workload-actions.ts';

const CRON_JOBS = new Set(['batch/cronjobs']);
const SUSPENDABLE = new Set(['batch/cronjobs', 'batch/jobs']);
const isSuspended = ({ object }: ActionTarget): boolean => fieldAt(object, 'spec', 'suspend') === true;
const isOver = ({ object }: ActionTarget): boolean =>
  fieldAt(object, 'status', 'completionTime') !== undefined;

export const jobActions: readonly ObjectAction[] = [
  {
    id: 'trigger',
    label: strings.trigger,
    icon: 'play',
    group: 'change',
    fits: (target) => isOneOf(target, CRON_JOBS),
    right: ({ object }) => ({
      verb: 'create',
      group: 'batch',
      resource: 'jobs',
      namespace: object.metadata.namespace,
    }),
    many: true,
    run: async (targets) => (await loadPart(() => import('./confirm-actions.tsx'))).confirmTrigger(targets),
  },
  {
    id: 'suspend',
    label: strings.suspend,
    icon: 'pause',
    group: 'change',
    fits: (target) => isOneOf(target, SUSPENDABLE) && !isSuspended(target) && !isOver(target),
    right: patchRight,
    many: true,
    run: async (targets) => void (await postAction('suspend', targets, {})),
  },
  {
    id: 'resume',
    label: strings.resume,
    icon: 'play',
    group: 'change',
    fits: (target) => isOneOf(target, SUSPENDABLE) && isSuspended(target),
    right: patchRight,
    many: true,
    run: async (targets) => void (await postAction('resume', targets, {})),
  },
];
