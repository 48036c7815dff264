import type { ActionBody, ActionName } from '../../contract/action-api.ts';
import type { Action } from './action.ts';
import { deleteObjects } from './delete-action.ts';
import { drain } from './drain-action.ts';
import { setImage } from './image-action.ts';
import { resume, suspend, trigger } from './job-actions.ts';
import { annotate, label } from './metadata-actions.ts';
import { cordon, uncordon } from './node-actions.ts';
import { rollback } from './rollback-action.ts';
import { pauseRollout, restart, resumeRollout, scale } from './workload-actions.ts';

export const ACTIONS: { readonly [Name in ActionName]: Action<ActionBody<Name>> } = {
  scale,
  restart,
  'pause-rollout': pauseRollout,
  'resume-rollout': resumeRollout,
  rollback,
  cordon,
  uncordon,
  drain,
  trigger,
  suspend,
  resume,
  delete: deleteObjects,
  label,
  annotate,
  'set-image': setImage,
};
