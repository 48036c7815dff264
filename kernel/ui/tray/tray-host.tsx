import { useCallback, useEffect, useRef, type ReactElement } from 'react';
import { useKeys } from '../keys/use-keys.ts';
import { useStore } from '../live/use-store.ts';
import { NARROW, useMedia } from '../look/use-media.ts';
import { announce } from '../parts/announce.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { MenuButton } from '../parts/menu.tsx';
import type { TrayView } from '../room.ts';
import { closeByPerson } from './close-by-person.ts';
import { tabMenu } from './tab-menu.ts';
import { folded, shownTab, unfolded } from './tray-changes.ts';
import { TrayEdge } from './tray-edge.tsx';
import { TrayPanel } from './tray-panel.tsx';
import { trayStrings } from './tray-strings.ts';
import { focusTab, panelId, TrayTabs } from './tray-tabs.tsx';
import { tray, type TrayState, type TrayTab } from './tray.ts';
import './tray.css';

/** The tray at the bottom of the frame; nothing while it has no tabs. */
export function TrayHost({ views }: { readonly views: readonly TrayView[] }): ReactElement | null {
  const state = useStore(tray);
  const narrow = useMedia(NARROW);
  const viewOf = useCallback((tab: TrayTab) => views.find(({ type }) => type === tab.type), [views]);
  const close = useCallback(
    (tab: TrayTab) => {
      void closeByPerson(tab, viewOf(tab)).then((closed) => closed && focusAfterClose());
    },
    [viewOf],
  );
  const root = useRef<HTMLElement>(null);
  useTrayKeys(state, root);
  useToldMarks(state);
  useTrayHeight(state, narrow);
  useVisibleHeight(narrow && state.shown.length > 0);
  if (state.tabs.length === 0) return null;
  // A phone has no room for two.
  const shown = narrow ? state.shown.slice(-1) : state.shown;
  const open = shown.length > 0;
  // The panels' own order never changes: an element that is moved in the document loses its scroll and its focus.
  const panels = state.tabs.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return (
    <section
      ref={root}
      className={`tray ${open ? 'tray-open' : ''} ${state.full ? 'tray-full' : ''}`}
      aria-label={trayStrings.tray}
      style={open && !state.full && !narrow ? { height: state.heightPx } : undefined}
    >
      {open && !state.full && !narrow && <TrayEdge />}
      <div className="tray-bar">
        <TrayTabs state={state} iconOf={(tab) => viewOf(tab)?.icon ?? 'boxes'} onClose={close} />
        <TrayTools state={state} open={open} narrow={narrow} close={close} />
      </div>
      <div className="tray-panels">
        {panels.map((tab) => (
          <TrayPanel
            key={tab.id}
            tab={tab}
            view={viewOf(tab)}
            shown={shown.includes(tab.id)}
            place={shown.indexOf(tab.id)}
          />
        ))}
      </div>
    </section>
  );
}

function TrayTools(props: {
  readonly state: TrayState;
  readonly open: boolean;
  readonly narrow: boolean;
  readonly close: (tab: TrayTab) => void;
}): ReactElement {
  const { state, open, narrow, close } = props;
  const current = state.tabs.find((tab) => tab.id === state.shown.at(-1));
  return (
    <div className="tray-tools" role="group" aria-label={trayStrings.tools}>
      {state.tabs.length > 1 && (
        <MenuButton
          label={trayStrings.allTabs(state.tabs.length)}
          className="plain tray-count"
          face={
            <>
              <span className="only-spoken">{trayStrings.allTabs(state.tabs.length)}</span>
              <span aria-hidden="true">{state.tabs.length}</span>
              <Icon name="chevron" />
            </>
          }
          items={() => allTabs(state)}
        />
      )}
      {current && <MenuButton label={trayStrings.more} items={() => tabMenu(state, current, close)} />}
      {open && !narrow && (
        <IconButton
          icon="expand"
          label={state.full ? trayStrings.notFull : trayStrings.full}
          pressed={state.full}
          onPress={toggleFull}
        />
      )}
      <IconButton
        icon={open ? 'fold' : 'up'}
        label={open ? trayStrings.fold : trayStrings.unfold}
        onPress={toggleFold}
      />
    </div>
  );
}

const allTabs = (state: TrayState) =>
  state.tabs.map((tab) => ({
    id: tab.id,
    label: tab.mark ? trayStrings.told(tab.title, trayStrings.marks[tab.mark]) : tab.title,
    checked: state.shown.includes(tab.id),
    run: () => {
      tray.set(shownTab(tray.get(), tab.id));
      requestAnimationFrame(() => focusTab(tab.id));
    },
  }));

function toggleFull(): void {
  const state = tray.get();
  tray.set({ ...state, full: !state.full });
}

function toggleFold(): void {
  const state = tray.get();
  tray.set(state.shown.length > 0 ? folded(state) : unfolded(state));
}

/** The neighbour's tab, or where the tray was the page. */
function focusAfterClose(): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const { shown, tabs } = tray.get();
    const next = shown.at(-1) ?? tabs.at(-1)?.id;
    if (next === undefined) document.getElementById('page')?.focus();
    else focusTab(next);
  });
}

function useTrayKeys(state: TrayState, root: { readonly current: HTMLElement | null }): void {
  const { group } = trayStrings;
  const open = state.shown.length > 0;
  const toPage = (): void => document.getElementById('page')?.focus();
  const between = (): void => {
    if (root.current?.contains(document.activeElement) && tray.get().shown.length > 0) {
      if (tray.get().full) toggleFull();
      requestAnimationFrame(toPage);
      return;
    }
    tray.set(unfolded(tray.get()));
    requestAnimationFrame(() => focusInside(tray.get().shown.at(-1)));
  };
  useKeys(
    [{ keys: 'Mod+`', label: trayStrings.goTray, group, whileTyping: true, run: between }],
    state.tabs.length > 0,
  );
  useKeys([{ keys: 'f', label: trayStrings.full, group, run: toggleFull }], open);
  useKeys([{ keys: 'Escape', label: trayStrings.notFull, group, run: toggleFull }], open && state.full);
}

/** What takes the keys of a panel, the best first: what says so, a terminal's own field, the first control. */
const TAKES_KEYS = ['[data-focus]', 'textarea', 'input, button:not(:disabled), [tabindex="0"]'];

/** Into what shows, or its panel where nothing in it takes keys. */
function focusInside(id: string | undefined): void {
  if (id === undefined) return;
  const panel = document.getElementById(panelId({ id }));
  const [first] = TAKES_KEYS.flatMap((selector) => panel?.querySelector<HTMLElement>(selector) ?? []);
  (first ?? panel)?.focus();
}

/** Screen readers hear when a tab that does not show ends or fails. */
function useToldMarks({ tabs, shown }: TrayState): void {
  const before = useRef(new Map<string, TrayTab['mark']>());
  useEffect(() => {
    for (const { id, title, mark } of tabs) {
      if (mark === before.current.get(id) || shown.includes(id)) continue;
      if (mark === 'ended' || mark === 'bad') announce(trayStrings.told(title, trayStrings.marks[mark]));
    }
    before.current = new Map(tabs.map(({ id, mark }) => [id, mark]));
  }, [tabs, shown]);
}

/** On a phone the keyboard takes half of the screen: the sheet is as high as what is left, or the last line would be under it. */
function useVisibleHeight(active: boolean): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!active || !view) return undefined;
    const { style } = document.documentElement;
    const measure = (): void => style.setProperty('--visible-height', `${Math.round(view.height)}px`);
    measure();
    view.addEventListener('resize', measure);
    return () => {
      view.removeEventListener('resize', measure);
      style.removeProperty('--visible-height');
    };
  }, [active]);
}

const BAR_PX = 34;

/** Tells what else stands at the bottom (toasts) how much of it the tray takes. */
function useTrayHeight({ tabs, shown, full, heightPx }: TrayState, narrow: boolean): void {
  const open = shown.length > 0;
  const px = tabs.length === 0 || (open && (full || narrow)) ? 0 : open ? heightPx : BAR_PX;
  useEffect(() => {
    document.documentElement.style.setProperty('--tray-px', `${px}px`);
  }, [px]);
}
