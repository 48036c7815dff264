import { memo, Suspense, type ReactElement } from 'react';
import { Guard } from '../parts/guard.tsx';
import { Notice } from '../parts/notice.tsx';
import type { TrayView } from '../room.ts';
import { strings } from '../strings.ts';
import { trayStrings } from './tray-strings.ts';
import { panelId, tabId } from './tray-tabs.tsx';
import type { TrayTab } from './tray.ts';

/** What a tab shows: mounted as long as the tab is there. Its failure is its own. */
export const TrayPanel = memo(function TrayPanel(props: {
  readonly tab: TrayTab;
  readonly view: TrayView | undefined;
  readonly shown: boolean;
  /** Left to right among those that show. */
  readonly place: number;
}): ReactElement {
  const { tab, view, shown, place } = props;
  return (
    <div
      id={panelId(tab)}
      role="tabpanel"
      aria-labelledby={tabId(tab)}
      className="tray-panel"
      tabIndex={-1}
      hidden={!shown}
      style={{ order: place }}
    >
      {view ? (
        <Guard Fallback={Failed}>
          <Suspense fallback={<p className="tray-loading">{strings.loading}</p>}>
            <view.View tab={tab} shown={shown} />
          </Suspense>
        </Guard>
      ) : (
        <Notice icon="boxes" title={trayStrings.unknownTitle}>
          <p>{trayStrings.unknown(tab.type)}</p>
        </Notice>
      )}
    </div>
  );
});

function Failed({ retry }: { readonly retry: () => void }): ReactElement {
  return (
    <Notice
      icon="boxes"
      tone="bad"
      title={trayStrings.crashTitle}
      actions={
        <button type="button" onClick={retry}>
          {strings.tryAgain}
        </button>
      }
    >
      <p>{trayStrings.crash}</p>
    </Notice>
  );
}
