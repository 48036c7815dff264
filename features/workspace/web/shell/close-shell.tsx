import { useEffect, type ReactElement } from 'react';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { isOwner } from '@krateyard/ui/terminal/terminal-snapshot';
import type { TrayTab } from '@krateyard/ui/tray/tray';
import { liveShells } from './live-shells.ts';
import { shellStrings as strings } from './shell-strings.ts';

/** Closing the tab of one's own shell ends it; when others are in it, only after asking. Guests just leave. */
export function closeShellTab(tab: TrayTab): boolean | Promise<boolean> {
  const shell = liveShells.get(tab.id);
  const snapshot = shell?.view.get();
  if (!shell || snapshot?.phase.phase !== 'live' || !isOwner(snapshot)) return true;
  const others = snapshot.participants.filter(({ connected }) => connected).length - 1;
  const end = (): void => void shell.say({ type: 'end' });
  if (others < 1) {
    end();
    return true;
  }
  return askToEnd(others, end);
}

function askToEnd(others: number, end: () => void): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onConfirm = (): void => {
    end();
    resolve(true);
  };
  const onGone = (): void => resolve(false);
  openDialog(() => <AskToEnd others={others} onConfirm={onConfirm} onGone={onGone} />);
  return promise;
}

function AskToEnd(props: {
  readonly others: number;
  readonly onConfirm: () => void;
  /** The dialog is gone, confirmed or not. */
  readonly onGone: () => void;
}): ReactElement {
  const { onGone } = props;
  useEffect(() => onGone, [onGone]);
  return (
    <ConfirmDialog
      title={strings.closeTitle}
      effects={[strings.closeOthers(props.others)]}
      verb={strings.closeEnd}
      onConfirm={props.onConfirm}
    />
  );
}
