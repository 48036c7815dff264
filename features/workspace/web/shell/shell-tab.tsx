import { useEffect, useState, type ReactElement } from 'react';
import { markTrayTab, openTrayTab, updateTrayTab, type TrayTab } from '@krateyard/ui/tray/tray';
import { liveShells } from './live-shells.ts';
import { readShellAddress, shellParams, type ShellAddress } from './shell-address.ts';
import type { ShellSnapshot } from './shell-client.ts';
import { shellStrings as strings } from './shell-strings.ts';
import { ShellView } from './shell-view.tsx';

/** A shell as a tab of the tray. Session and key stand in the tab's params: a reload comes back to the same shell. */
export function ShellTab({ tab, shown }: { readonly tab: TrayTab; readonly shown: boolean }): ReactElement {
  // What the tab was when it was mounted: that it has a session now must not make another client.
  const [{ run, address }, setOpened] = useState(() => ({ run: 0, address: readShellAddress(tab.params) }));
  useEffect(() => () => void liveShells.delete(tab.id), [tab.id]);
  const onOpen = (next: ShellAddress, how: 'again' | 'beside'): void => {
    const params = shellParams(next);
    const title = strings.title(next.pod, next.container);
    if (how === 'again') {
      updateTrayTab(tab.id, { params, title, mark: undefined });
      setOpened({ run: run + 1, address: next });
    } else {
      openTrayTab({ type: tab.type, title, params });
    }
  };
  return (
    <ShellView
      key={run}
      address={address}
      shown={shown}
      // After a reload the person is on the page, and keys meant for it must not run in a shell.
      takesFocus={address.key === undefined}
      onOpen={onOpen}
      onAddress={(next) =>
        updateTrayTab(tab.id, { params: shellParams(next), title: strings.title(next.pod, next.container) })
      }
      onSnapshot={(snapshot, client) => {
        if (client) liveShells.set(tab.id, client);
        markTrayTab(tab.id, markOf(snapshot));
      }}
    />
  );
}

function markOf({ phase }: ShellSnapshot): TrayTab['mark'] {
  return { connecting: 'busy', live: undefined, reconnecting: 'bad', refused: 'bad', ended: 'ended' }[
    phase.phase
  ] as TrayTab['mark'];
}
