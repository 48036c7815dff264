import { jobActions } from './job-actions.ts';
import { logsAction } from './logs-action.ts';
import { nodeActions } from './node-actions.ts';
import type { ObjectAction } from './object-action.ts';
import { annotateAction, deleteAction, editYaml, labelAction, openPage } from './object-edit-actions.ts';
import { kubectlAction } from './kubectl-action.ts';
import { shellAction } from './shell-action.ts';
import { subjectAction } from './subject-action.ts';
import { workloadActions } from './workload-actions.ts';

/** Every action, in the order of menus. One file per action (or family of them) beside this one. */
export const OBJECT_ACTIONS: readonly ObjectAction[] = [
  subjectAction,
  openPage,
  logsAction,
  shellAction,
  editYaml,
  ...workloadActions,
  ...jobActions,
  ...nodeActions.filter(({ group }) => group === 'change'),
  labelAction,
  annotateAction,
  kubectlAction,
  ...nodeActions.filter(({ group }) => group === 'destroy'),
  deleteAction,
];
