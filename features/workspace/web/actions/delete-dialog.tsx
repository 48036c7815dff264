import { useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { SelectField } from '@krateyard/ui/forms/select-field.tsx';
import type { BlastRadius, Taken } from '../../contract/action-api.ts';
import { formatCount } from '@krateyard/ui/words/format-time';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { postAction, refOf, whatOf } from './post-action.ts';
import { fieldAt, isOneOf } from './target-facts.ts';
import { useAsked, type Asked } from '@krateyard/ui/live/use-asked';
import './dialogs.css';

export function openDeleteDialog(targets: readonly ActionTarget[]): void {
  openDialog(() => <DeleteDialog targets={targets} />);
}

/** What was in them is gone for good: nobody makes it anew out of a manifest. */
const FOR_GOOD = new Set([
  '/namespaces',
  '/persistentvolumes',
  '/persistentvolumeclaims',
  'apiextensions.k8s.io/customresourcedefinitions',
]);
/** So many at once are typed too: a slip of the selection. */
const MANY = 20;

const POLICIES = ['Background', 'Foreground', 'Orphan'] as const;
type Policy = (typeof POLICIES)[number];

function DeleteDialog({ targets }: { readonly targets: readonly ActionTarget[] }): ReactElement {
  const asked = useAsked<BlastRadius>('/api/blast-radius', { body: { targets: targets.map(refOf) } });
  const [policy, setPolicy] = useState<Policy>('Background');
  const [grace, setGrace] = useState<'usual' | 'now'>('usual');
  const pods = targets.every((target) => isOneOf(target, new Set(['/pods'])));
  const rows = new Set(targets.map(({ row, key }) => row ?? key)).size;
  const confirm = async (): Promise<void> => {
    await postAction('delete', targets, {
      propagationPolicy: policy,
      ...(grace === 'now' && { gracePeriodSeconds: 0 }),
    });
  };
  return (
    <ConfirmDialog
      title={strings.deleteTitle(whatOf(targets))}
      effects={policy === 'Orphan' ? [] : effectsOf(targets, asked)}
      verb={strings.delete}
      typed={typedFor(targets)}
      onConfirm={confirm}
    >
      <p className="where" dir="auto">
        {whereOf(targets)}
      </p>
      {rows < targets.length && <p>{strings.alikeGo(rows, targets.length)}</p>}
      <details className="more-options">
        <summary>{strings.options}</summary>
        <SelectField
          label={strings.propagation}
          value={policy}
          options={POLICIES.map((value) => ({ value, label: strings.propagations[value] }))}
          onChange={setPolicy}
        />
        {pods && (
          <SelectField
            label={strings.grace}
            hint={grace === 'now' ? strings.graceHint : undefined}
            value={grace}
            options={(['usual', 'now'] as const).map((value) => ({ value, label: strings.graces[value] }))}
            onChange={setGrace}
          />
        )}
      </details>
    </ConfirmDialog>
  );
}

function typedFor(targets: readonly ActionTarget[]): string | undefined {
  if (targets.length >= MANY) return String(targets.length);
  if (!targets.some((target) => isOneOf(target, FOR_GOOD))) return undefined;
  return targets.length === 1 ? targets[0]!.object.metadata.name : String(targets.length);
}

/** Where a single one is; of several the first names. */
function whereOf(targets: readonly ActionTarget[]): string {
  const keys = targets.slice(0, 5).map(({ key }) => key);
  const more = targets.length - keys.length;
  return [...keys, ...(more > 0 ? [`+ ${formatCount(more)}`] : [])].join(', ');
}

function effectsOf(targets: readonly ActionTarget[], asked: Asked<BlastRadius>): readonly string[] {
  if (asked.state === 'asking') return [strings.blastLoading];
  if (asked.state === 'failed') return [strings.blastFailed(asked.status.message)];
  const { takes, notes, unknown } = asked.answer;
  const owner = targets.length === 1 ? controllerOf(targets[0]!) : undefined;
  return [
    ...(owner === undefined ? [] : [strings.comesBack(owner)]),
    ...(takes.length === 0 ? [strings.takesNothing] : takes.map(takenWords)),
    ...notes,
    ...unknown.slice(0, 5).map(strings.unknown),
  ];
}

function takenWords({ kind, count, atLeast, examples }: Taken): string {
  const number = atLeast ? strings.atLeast(count) : formatCount(count);
  const named = count <= 3 ? examples.slice(0, 3).join(', ') : '';
  return strings.takes(number, kind, named);
}

function controllerOf({ object }: ActionTarget): string | undefined {
  const owners = fieldAt(object, 'metadata', 'ownerReferences');
  if (!Array.isArray(owners)) return undefined;
  const owner = (owners as { controller?: boolean; kind?: string; name?: string }[]).find(
    ({ controller }) => controller === true,
  );
  return owner && `${owner.kind} ${owner.name}`;
}
