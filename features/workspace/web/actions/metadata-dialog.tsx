import { useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { Checkbox } from '@krateyard/ui/forms/checkbox.tsx';
import { TextField } from '@krateyard/ui/forms/text-field.tsx';
import { pairsOf } from '../object-facts.ts';
import { actionStrings as strings } from './action-strings.ts';
import type { ActionTarget } from './object-action.ts';
import { readPairs } from './pairs.ts';
import { postAction, whatOf } from './post-action.ts';
import './dialogs.css';

/** Names that are offered for removal. */
const MOST_OFFERED = 60;

export function openMetadataDialog(action: 'label' | 'annotate', targets: readonly ActionTarget[]): void {
  openDialog(() => <MetadataDialog action={action} targets={targets} />);
}

function MetadataDialog(props: {
  readonly action: 'label' | 'annotate';
  readonly targets: readonly ActionTarget[];
}): ReactElement {
  const { action, targets } = props;
  const [text, setText] = useState('');
  const [remove, setRemove] = useState<ReadonlySet<string>>(new Set());
  const [known] = useState(() => namesOf(targets, action === 'label' ? 'labels' : 'annotations'));
  const { set, bad } = readPairs(text);
  const ready = bad === undefined && (Object.keys(set).length > 0 || remove.size > 0);
  const toggle = (name: string): void => {
    const next = new Set(remove);
    if (!next.delete(name)) next.add(name);
    setRemove(next);
  };
  const title = action === 'label' ? strings.labelTitle : strings.annotateTitle;
  return (
    <ConfirmDialog
      title={title(whatOf(targets))}
      effects={[]}
      verb={strings.apply}
      tone="calm"
      ready={ready}
      onConfirm={async () => void (await postAction(action, targets, { set, remove: [...remove] }))}
    >
      <TextField
        label={strings.setPairs}
        hint={strings.setPairsHint}
        value={text}
        onChange={setText}
        rows={3}
        mono
        focused
        error={bad === undefined ? undefined : strings.badPair(bad)}
      />
      {known.length > 0 && (
        <fieldset className="offered-pairs">
          <legend>{strings.removePairs}</legend>
          {known.map(([name, value]) => (
            <Checkbox
              key={name}
              label={
                <span className="mono">{value === undefined ? name : `${name}=${value.slice(0, 80)}`}</span>
              }
              checked={remove.has(name)}
              onChange={() => toggle(name)}
            />
          ))}
        </fieldset>
      )}
    </ConfirmDialog>
  );
}

/** What the targets have, with the value where it is the same everywhere. */
function namesOf(
  targets: readonly ActionTarget[],
  field: 'labels' | 'annotations',
): readonly (readonly [string, string | undefined])[] {
  const values = new Map<string, Set<string>>();
  for (const { object } of targets) {
    for (const [name, value] of pairsOf(object.metadata[field])) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  return [...values]
    .map(([name, seen]) => [name, seen.size === 1 ? [...seen][0] : undefined] as const)
    .slice(0, MOST_OFFERED);
}
