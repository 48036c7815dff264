import type { ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { requestJson } from '@krateyard/ui/live/api-client';
import { toast } from '@krateyard/ui/parts/toasts';
import type { SnapshotInfo } from '../../contract/vm-api.ts';
import { snapshotStrings as strings } from './snapshot-strings.ts';

export function openDeleteSnapshot(snapshot: SnapshotInfo): void {
  openDialog(() => <DeleteSnapshot snapshot={snapshot} />);
}

function DeleteSnapshot({ snapshot }: { readonly snapshot: SnapshotInfo }): ReactElement {
  const { namespace, name } = snapshot;
  return (
    <ConfirmDialog
      title={strings.removeTitle(name)}
      effects={strings.removeEffects}
      verb={strings.remove}
      typed={name}
      onConfirm={async () => {
        await requestJson<unknown>(
          `/api/snapshots/${encodeURIComponent(name)}?${new URLSearchParams({ namespace })}`,
          { method: 'DELETE' },
        );
        toast('ok', strings.removed(name));
      }}
    />
  );
}
