import { useState, type ReactElement } from 'react';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import type { TerminalSnapshot } from '@krateyard/ui/terminal/terminal-snapshot';
import { markTrayTab, updateTrayTab, type TrayTab } from '@krateyard/ui/tray/tray';
import { readSerialAddress, serialParams } from './serial-address.ts';
import { serialStrings as strings } from './serial-strings.ts';
import { SerialView } from './serial-view.tsx';

/** A console as a tab of the tray. Session and key stand in the tab's params: a reload goes on where it was. */
export function SerialTab({ tab, shown }: { readonly tab: TrayTab; readonly shown: boolean }): ReactElement {
  // What the tab was when it was mounted: that it has a session now must not make another client.
  const [{ run, address }, setOpened] = useState(() => ({ run: 0, address: readSerialAddress(tab.params) }));
  if (!address) return <Notice icon="screen" title={strings.missingTitle} />;
  const { namespace, name } = address;
  return (
    <SerialView
      key={run}
      address={address}
      shown={shown}
      // After a reload the person is on the page, and keys meant for it must not reach a machine.
      takesFocus={address.key === undefined}
      onLink={(link) => updateTrayTab(tab.id, { params: serialParams({ namespace, name, ...link }) })}
      onSnapshot={(snapshot) => markTrayTab(tab.id, markOf(snapshot))}
      onAgain={() => setOpened({ run: run + 1, address: { namespace, name } })}
    />
  );
}

function markOf({ phase, notice }: TerminalSnapshot): TrayTab['mark'] {
  switch (phase.phase) {
    case 'connecting':
      return 'busy';
    case 'live':
      return notice?.state === 'waiting' ? 'busy' : undefined;
    case 'reconnecting':
    case 'refused':
      return 'bad';
    case 'ended':
      return 'ended';
  }
}
