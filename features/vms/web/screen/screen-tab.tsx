import { useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { markTrayTab, type TrayTab } from '@krateyard/ui/tray/tray';
import { readScreenAddress, screenHref } from './screen-address.ts';
import type { ScreenSnapshot } from './screen-snapshot.ts';
import { screenStrings as strings } from './screen-strings.ts';
import { ScreenView } from './screen-view.tsx';

/** A screen as a tab of the tray. The params name the machine: a reload comes back to it. */
export function ScreenTab({ tab, shown }: { readonly tab: TrayTab; readonly shown: boolean }): ReactElement {
  const [address] = useState(() => readScreenAddress(tab.params));
  // After a reload the person is on the page, and keys meant for it must not go to a machine.
  const [fresh] = useState(() => performance.now() > RELOAD_MS);
  if (!address) return <Notice icon="screen" title={strings.missingTitle} />;
  return (
    <ScreenView
      address={address}
      title={
        <Link href={screenHref(address)} title={strings.fullPage}>
          {address.name}
        </Link>
      }
      shown={shown}
      takesFocus={fresh}
      ownsFull={false}
      onSnapshot={(snapshot) => markTrayTab(tab.id, markOf(snapshot))}
    />
  );
}

/** A tab that is mounted sooner after the page came back with it. */
const RELOAD_MS = 3000;

function markOf({ phase, machine }: ScreenSnapshot): TrayTab['mark'] {
  switch (phase.phase) {
    case 'connecting':
      return 'busy';
    case 'live':
      return machine?.state === 'stopped' ? 'ended' : undefined;
    case 'reconnecting':
    case 'refused':
      return 'bad';
    case 'ended':
      return 'ended';
  }
}
