import { useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import type { DrainPlan, DrainPod } from '../../contract/action-api.ts';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { postAction } from './post-action.ts';
import { useAsked } from '@krateyard/ui/live/use-asked';
import './dialogs.css';

export function openDrainDialog(target: ActionTarget): void {
  openDialog(() => <DrainDialog target={target} />);
}

function DrainDialog({ target }: { readonly target: ActionTarget }): ReactElement {
  const { name = '' } = target.object.metadata;
  const asked = useAsked<DrainPlan>(`/api/nodes/${encodeURIComponent(name)}/drain-plan`);
  const plan = asked.state === 'known' ? asked.answer : undefined;
  const [force, setForce] = useState(false);
  const [deleteEmptyDirData, setDeleteEmptyDirData] = useState(false);
  const needs = new Set(plan?.pods.flatMap((pod) => pod.needs));
  const ready =
    plan !== undefined &&
    (force || !needs.has('unmanaged')) &&
    (deleteEmptyDirData || !needs.has('emptyDir'));
  return (
    <ConfirmDialog
      title={strings.drainTitle(name)}
      effects={plan ? [strings.drainHow, ...summaryOf(plan)] : []}
      verb={strings.drain}
      size="wide"
      ready={ready}
      onConfirm={async () => void (await postAction('drain', [target], { force, deleteEmptyDirData }))}
    >
      {asked.state === 'asking' && <p role="status">{strings.loading}</p>}
      {asked.state === 'failed' && <StatusWords status={asked.status} />}
      {needs.has('unmanaged') && <Checkbox label={strings.drainForce} checked={force} onChange={setForce} />}
      {needs.has('emptyDir') && (
        <Checkbox
          label={strings.drainEmptyDir}
          checked={deleteEmptyDirData}
          onChange={setDeleteEmptyDirData}
        />
      )}
      {plan && plan.pods.length > 0 && <PodTable pods={plan.pods} />}
    </ConfirmDialog>
  );
}

function summaryOf({ pods, unknown }: DrainPlan): readonly string[] {
  const count = (fate: DrainPod['fate']): number => pods.filter((pod) => pod.fate === fate).length;
  const held = pods.filter((pod) => pod.fate !== 'stays' && pod.budgets.some(({ allowed }) => allowed === 0));
  const [lost, evict, stays] = [count('lost'), count('evict'), count('stays')];
  return [
    ...(lost > 0 ? [strings.drainLost(lost)] : []),
    evict > 0 ? strings.drainEvict(evict) : strings.drainNothing,
    ...(held.length > 0 ? [strings.drainHeld(held.length)] : []),
    ...(stays > 0 ? [strings.drainStays(stays)] : []),
    ...unknown.map(strings.unknown),
  ];
}

function PodTable({ pods }: { readonly pods: readonly DrainPod[] }): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so Tab must reach it
    <div className="drain-pods" tabIndex={0} role="region" aria-label={strings.pod}>
      <table>
        <thead className="only-spoken-narrow">
          <tr>
            <th>{strings.pod}</th>
            <th>{strings.fate}</th>
            <th>{strings.why}</th>
          </tr>
        </thead>
        <tbody>
          {pods.map(({ namespace, name, owner, fate, notes, budgets }) => (
            <tr key={`${namespace}/${name}`}>
              <td className="mono">
                {namespace}/{name}
              </td>
              <td className={`fate-${fate}`}>{strings.fates[fate]}</td>
              <td>
                {[
                  ...notes,
                  ...budgets.map((budget) => strings.budget(budget.name, budget.allowed, budget.about)),
                  ...(notes.length === 0 && owner !== undefined ? [owner] : []),
                ].map((line) => (
                  <span key={line}>{line}</span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
