import { useEffect, useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { VmInfo } from '../../contract/vm-api.ts';
import { MACHINE_KIND } from '../vm-address.ts';
import { actionStrings as strings } from './action-strings.ts';
import { askActions } from './ask-action.ts';

/** What the gateway counts of what goes with objects (`POST /api/blast-radius`), as far as it is shown here. */
interface BlastRadius {
  readonly takes: readonly {
    readonly kind: string;
    readonly count: number;
    readonly atLeast?: boolean;
    readonly examples: readonly string[];
  }[];
  readonly notes: readonly string[];
}

/** More are not looked into. */
const MOST_LOOKED_AT = 500;

/** Nobody makes a machine's disks anew: always by typing. */
export function DeleteMachines({ vms }: { readonly vms: readonly VmInfo[] }): ReactElement {
  const takes = useTaken(vms);
  return (
    <ConfirmDialog
      title={strings.confirm(strings.labels.delete, strings.what(vms.map(({ name }) => name)))}
      effects={[...strings.deleteEffects, ...takes]}
      verb={strings.labels.delete}
      typed={vms.length === 1 ? vms[0]!.name : String(vms.length)}
      onConfirm={() => askActions(vms, 'delete')}
    >
      <p className="where" dir="auto">
        {strings.where(vms.map(({ namespace, name }) => `${namespace}/${name}`))}
      </p>
    </ConfirmDialog>
  );
}

function useTaken(vms: readonly VmInfo[]): readonly string[] {
  const [lines, setLines] = useState<readonly string[]>([strings.blastLoading]);
  useEffect(() => {
    const stop = new AbortController();
    const targets = vms
      .slice(0, MOST_LOOKED_AT)
      .map(({ namespace, name, id }) => ({ kind: MACHINE_KIND, namespace, name, uid: id }));
    requestJson<BlastRadius>('/api/blast-radius', { method: 'POST', body: { targets }, signal: stop.signal })
      .then(({ takes, notes }) => setLines([...takes.map(takenWords), ...notes]))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setLines([strings.blastFailed(statusOf(error).message)]);
      });
    return () => stop.abort();
  }, [vms]);
  return lines.length === 0 ? [strings.takesNothing] : lines;
}

function takenWords({ kind, count, atLeast, examples }: BlastRadius['takes'][number]): string {
  const number = atLeast ? strings.atLeast(count) : formatCount(count);
  return strings.takes(number, kind, count <= 3 ? examples.slice(0, 3).join(', ') : '');
}
