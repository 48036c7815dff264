import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { MiddleCut } from '../parts/middle-cut.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Menu, type MenuPlace } from '../parts/menu.tsx';
import { tabMenu } from './tab-menu.ts';
import { moved, shownTab } from './tray-changes.ts';
import { trayStrings } from './tray-strings.ts';
import { tray, type TrayState, type TrayTab } from './tray.ts';

export interface TrayTabsProps {
  readonly state: TrayState;
  readonly iconOf: (tab: TrayTab) => IconName;
  readonly onClose: (tab: TrayTab) => void;
}

export const tabId = (tab: { readonly id: string }): string => `tray-tab-${tab.id}`;
export const panelId = (tab: { readonly id: string }): string => `tray-panel-${tab.id}`;

/** Brings the tab's button into the focus. */
export function focusTab(id: string): void {
  document.getElementById(tabId({ id }))?.focus();
}

/**
 * The tabs: arrows show the next one, Shift and arrows move this one, Delete closes it, the menu key has the rest. With many the
 * strip scrolls, and the list of all stands beside it.
 */
export function TrayTabs({ state, iconOf, onClose }: TrayTabsProps): ReactElement {
  const [menu, setMenu] = useState<{ readonly tab: TrayTab; readonly place: MenuPlace }>();
  const current = state.shown.at(-1) ?? state.tabs[0]?.id;
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current === undefined) return;
    document.getElementById(tabId({ id: current }))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current, state.tabs.length]);
  const onKeyDown = (event: KeyboardEvent, tab: TrayTab): void => {
    if (!tabKey(event, state, tab, onClose, (place) => setMenu({ tab, place }))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div
        className="tray-strip"
        role="tablist"
        aria-label={trayStrings.tabs}
        aria-multiselectable
        ref={strip}
      >
        {state.tabs.map((tab) => (
          <Tab
            key={tab.id}
            tab={tab}
            icon={iconOf(tab)}
            shown={state.shown.includes(tab.id)}
            reached={tab.id === current}
            onKeyDown={(event) => onKeyDown(event, tab)}
            onMenu={(place) => setMenu({ tab, place })}
            onClose={() => onClose(tab)}
          />
        ))}
      </div>
      {menu && (
        <Menu
          label={menu.tab.title}
          place={menu.place}
          items={tabMenu(state, menu.tab, onClose)}
          onClose={(how) => {
            setMenu(undefined);
            if (how !== 'left') focusTab(menu.tab.id);
          }}
        />
      )}
    </>
  );
}

/** What a key does on a tab; false when it is none of the strip's. */
function tabKey(
  event: KeyboardEvent,
  state: TrayState,
  tab: TrayTab,
  onClose: (tab: TrayTab) => void,
  onMenu: (place: MenuPlace) => void,
): boolean {
  const at = state.tabs.indexOf(tab);
  const last = state.tabs.length - 1;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
  if (to !== undefined) {
    const next = state.tabs[(to + state.tabs.length) % state.tabs.length]!;
    if (event.shiftKey) tray.set(moved(state, tab.id, to));
    else tray.set(shownTab(state, next.id));
    requestAnimationFrame(() => focusTab(event.shiftKey ? tab.id : next.id));
    return true;
  }
  if (event.key === 'Delete') onClose(tab);
  else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))
    onMenu(event.currentTarget.getBoundingClientRect());
  else return false;
  return true;
}

const DRAGGED = 'application/x-krateyard-tab';

function Tab(props: {
  readonly tab: TrayTab;
  readonly icon: IconName;
  readonly shown: boolean;
  readonly reached: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onMenu: (place: MenuPlace) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { tab, icon, shown, reached, onKeyDown, onMenu, onClose } = props;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the tab inside has the keys; this is where it is dragged
    <div
      role="presentation"
      className={`tray-tab ${shown ? 'tray-tab-shown' : ''}`}
      draggable
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, tab.id)}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
      }}
      onDrop={(event) => {
        const state = tray.get();
        tray.set(
          moved(
            state,
            event.dataTransfer.getData(DRAGGED),
            state.tabs.findIndex((one) => one.id === tab.id),
          ),
        );
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
      onAuxClick={(event) => {
        if (event.button === 1) onClose();
      }}
    >
      <button
        type="button"
        role="tab"
        id={tabId(tab)}
        className="plain"
        aria-selected={shown}
        aria-controls={panelId(tab)}
        aria-keyshortcuts="Delete"
        tabIndex={reached ? 0 : -1}
        title={tab.title}
        // What is cut is in two parts, which would be spoken as two words.
        aria-label={tab.mark ? `${tab.title}, ${trayStrings.marks[tab.mark]}` : tab.title}
        onClick={() => tray.set(shownTab(tray.get(), tab.id))}
        onKeyDown={onKeyDown}
      >
        <Icon name={icon} />
        <MiddleCut text={tab.title} />
        {tab.mark && <span className={`tray-mark tray-mark-${tab.mark}`} data-mark={tab.mark} />}
      </button>
      <button
        type="button"
        className="plain tray-tab-close"
        // For the mouse: by keyboard it is Delete, and a tab list may hold nothing but tabs.
        aria-hidden="true"
        tabIndex={-1}
        title={trayStrings.close}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
