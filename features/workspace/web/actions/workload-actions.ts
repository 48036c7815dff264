import { loadPart } from '@krateyard/ui/page/load-part';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget, ObjectAction } from './object-action.ts';
import type { NeededRight } from '@krateyard/ui/rights/access-check';
import { fieldAt, isOneOf } from './target-facts.ts';
import { postAction } from './post-action.ts';

const ROLLED_OUT = new Set(['apps/deployments', 'apps/statefulsets', 'apps/daemonsets']);
const WITH_IMAGES = new Set([...ROLLED_OUT, 'apps/replicasets', 'batch/cronjobs', '/pods']);
const isDeployment = (target: ActionTarget): boolean => isOneOf(target, new Set(['apps/deployments']));
const isPaused = ({ object }: ActionTarget): boolean => fieldAt(object, 'spec', 'paused') === true;
const whyPaused = (target: ActionTarget): string | undefined =>
  isDeployment(target) && isPaused(target) ? strings.isPaused : undefined;

export const patchRight = ({ kind, object }: ActionTarget): NeededRight => ({
  verb: 'patch',
  group: kind.group,
  resource: kind.resource,
  namespace: object.metadata.namespace,
  name: object.metadata.name,
});

const scale: ObjectAction = {
  id: 'scale',
  label: strings.scale,
  icon: 'scale',
  keys: 'S',
  group: 'change',
  fits: ({ kind, object }) =>
    kind.resource !== 'jobs' && typeof fieldAt(object, 'spec', 'replicas') === 'number',
  right: (target) => ({ ...patchRight(target), subresource: 'scale' }),
  many: true,
  run: async (targets) => (await loadPart(() => import('./scale-dialog.tsx'))).openScaleDialog(targets),
};

const restart: ObjectAction = {
  id: 'restart',
  label: strings.restart,
  icon: 'history',
  keys: 'R',
  group: 'change',
  fits: (target) => isOneOf(target, ROLLED_OUT),
  blocked: whyPaused,
  right: patchRight,
  many: true,
  run: async (targets) => (await loadPart(() => import('./confirm-actions.tsx'))).confirmRestart(targets),
};

const setImage: ObjectAction = {
  id: 'set-image',
  label: strings.setImage,
  icon: 'boxes',
  group: 'change',
  fits: (target) => isOneOf(target, WITH_IMAGES),
  right: patchRight,
  many: false,
  run: async (targets) => (await loadPart(() => import('./image-dialog.tsx'))).openImageDialog(targets[0]!),
};

const pauseRollout: ObjectAction = {
  id: 'pause-rollout',
  label: strings.pauseRollout,
  icon: 'pause',
  group: 'change',
  fits: (target) => isDeployment(target) && !isPaused(target),
  right: patchRight,
  many: true,
  run: async (targets) => void (await postAction('pause-rollout', targets, {})),
};

const resumeRollout: ObjectAction = {
  id: 'resume-rollout',
  label: strings.resumeRollout,
  icon: 'play',
  group: 'change',
  fits: (target) => isDeployment(target) && isPaused(target),
  right: patchRight,
  many: true,
  run: async (targets) => void (await postAction('resume-rollout', targets, {})),
};

const rollback: ObjectAction = {
  id: 'rollback',
  label: strings.rollback,
  icon: 'back',
  group: 'change',
  fits: (target) => isOneOf(target, ROLLED_OUT),
  blocked: whyPaused,
  right: patchRight,
  many: false,
  run: async (targets) =>
    (await loadPart(() => import('./rollback-dialog.tsx'))).openRollbackDialog(targets[0]!),
};

export const workloadActions: readonly ObjectAction[] = [
  scale,
  restart,
  setImage,
  pauseRollout,
  resumeRollout,
  rollback,
];
