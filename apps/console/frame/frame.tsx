import { Suspense, useEffect, useState, type ReactElement } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { KeyBinding } from '@krateyard/ui/keys/key-chord';
import { keyBindings } from '@krateyard/ui/keys/keys';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { followApiServer } from '@krateyard/ui/live/api-server';
import { LiveContext } from '@krateyard/ui/live/live-context';
import type { LiveSource } from '@krateyard/ui/live/live-source';
import { useStore } from '@krateyard/ui/live/use-store';
import { history } from '@krateyard/ui/plots/history';
import { followTasks, showTask, TASKS_TAB } from '@krateyard/ui/tasks/task-store';
import { taskStrings } from '@krateyard/ui/tasks/task-strings';
import { TrayHost } from '@krateyard/ui/tray/tray-host.tsx';
import { useKeptTray } from '@krateyard/ui/tray/use-kept-tray';
import type { RoomPage, TrayView } from '@krateyard/ui/room';
import { DialogHost } from '@krateyard/ui/dialogs/dialog-host.tsx';
import { ApiServerBanner } from '@krateyard/ui/parts/api-server-banner.tsx';
import { KeysHelp } from '@krateyard/ui/parts/keys-help.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { settings, startSettings } from '@krateyard/ui/settings/settings';
import { ObjectPagesContext, type ObjectPagesOf } from '@krateyard/ui/page/object-pages';
import { lazyPart } from '@krateyard/ui/page/lazy-part';
import { spotlightStrings } from '@krateyard/ui/spotlight/spotlight-strings';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { ownPages } from '../own-pages.ts';
import { rooms } from '../rooms.ts';
import type { Session } from '../session-api.ts';
import { strings } from '../strings.ts';
import { Find } from './find.tsx';
import { startLiveSource } from './live-source.ts';
import { PageGuard } from './page-guard.tsx';
import { Rail } from './rail.tsx';
import { useKeepNamespaces } from './use-keep-namespaces.ts';
import { usePageFocus } from './use-page-focus.ts';
import { useUncoveredPage } from './use-uncovered-page.ts';
import { useVisits } from './use-visits.ts';
import { TopBar } from './top-bar.tsx';
import './frame.css';

/** The frame around every room: rail, top bar, the page, and below it the place of the tray. */
export function Frame({ session }: { readonly session: Session }): ReactElement {
  const [source, setSource] = useState<LiveSource>();
  useEffect(() => {
    const started = startLiveSource();
    setSource(started.source);
    const unfollow = followTasks(started.source);
    const unfollowApiServer = followApiServer(started.source);
    return () => {
      unfollow();
      unfollowApiServer();
      started.stop();
    };
  }, []);
  useState(() => startSettings(session.user?.username ?? ''));
  useKeptTray(session.user?.username ?? '');
  history.open(session.user?.username ?? '');
  const [path] = useLocation();
  const [over, setOver] = useState<'keys' | 'find'>();
  const bindings = useStore(keyBindings);
  useUncoveredPage(path);
  usePageFocus(path);
  useFrameKeys(setOver);
  useVisits(session.user?.username ?? '');
  const room = rooms.find(({ path: root, pages = [] }) =>
    [{ path: root }, ...pages].some((one) => path === one.path || path.startsWith(`${one.path}/`)),
  );
  if (!source) return <main aria-busy="true" />;
  return (
    <LiveContext value={source}>
      <ObjectPagesContext value={objectPages}>
        <div className="frame">
          <a className="skip" href="#page">
            {strings.skip}
          </a>
          <Rail current={room} onFind={() => setOver('find')} />
          <TopBar
            session={session}
            room={room}
            onHelp={() => setOver('keys')}
            onFind={() => setOver('find')}
          />
          <Banner source={source} />
          <main id="page" className="page" tabIndex={-1}>
            <PageGuard key={path.split('/')[1]}>
              <Suspense fallback={null}>
                <Switch>
                  <Route path="/">
                    <Redirect to={`${rooms[0]!.start}${startQuery(session)}`} replace />
                  </Route>
                  {PAGES.map((one) => (
                    <Route key={one.path} path={`${one.path}/*?`} component={one.Page} />
                  ))}
                  {ownPages.map(({ path, Page }) => (
                    <Route key={path} path={`${path}/*?`} component={Page} />
                  ))}
                  <Route component={UnknownPage} />
                </Switch>
              </Suspense>
            </PageGuard>
          </main>
          <TrayHost views={VIEWS} />
          <DialogHost />
          {over === 'keys' && <KeysHelp bindings={bindings} onClose={() => setOver(undefined)} />}
          {over === 'find' && <Find onClose={() => setOver(undefined)} />}
        </div>
      </ObjectPagesContext>
    </LiveContext>
  );
}

const objectPages: ObjectPagesOf = (kind, object) =>
  rooms.flatMap((room) => room.objectPages?.(kind, object) ?? []);

/** The longest paths first: a page below a room's root is not the root's. */
const PAGES: readonly RoomPage[] = rooms
  .flatMap(({ path, Page, pages = [] }) => [{ path, Page }, ...pages])
  .toSorted((a, b) => b.path.split('/').length - a.path.split('/').length);

function Banner({ source }: { readonly source: LiveSource }): ReactElement {
  return <ApiServerBanner connected={useStore(source.state).phase === 'open'} />;
}

const VIEWS: readonly TrayView[] = [
  {
    type: TASKS_TAB.type,
    icon: 'tasks',
    View: lazyPart(async () => ({ default: (await import('@krateyard/ui/tasks/tasks-view.tsx')).TasksView })),
  },
  ...rooms.flatMap(({ tray }) => tray ?? []),
];

/** Links of all rooms that a key leads to. */
const LINKS = rooms
  .flatMap((room) => room.links ?? [])
  .filter((link): link is typeof link & { letter: string } => link.letter !== undefined);

/** `g` and a letter go to rooms and their links, keeping the namespaces. */
function useFrameKeys(show: (over: 'keys' | 'find') => void): void {
  const [, navigate] = useLocation();
  const keep = useKeepNamespaces();
  const goes = (letter: string, title: string, path: string): KeyBinding => ({
    keys: `g ${letter}`,
    label: strings.goTo(title),
    group: strings.goGroup,
    run: () => navigate(keep(path)),
  });
  useKeys([
    { keys: '?', label: uiStrings.showKeys, group: strings.frameKeys, run: () => show('keys') },
    {
      keys: 'Mod+k',
      label: spotlightStrings.open,
      group: strings.frameKeys,
      whileTyping: true,
      run: () => show('find'),
    },
    { keys: 'g t', label: taskStrings.title, group: strings.goGroup, run: () => showTask() },
    goes(',', strings.settings, '/settings'),
    goes('m', strings.rights, '/me'),
    ...rooms.map(({ letter, title, start }) => goes(letter, title, start)),
    ...LINKS.map(({ letter, title, path }) => goes(letter, title, path)),
  ]);
}

/** What the person has chosen to begin with, or else the namespace of the kubeconfig's context: there they were last. */
function startQuery({ namespace }: Session): string {
  const { namespaces } = settings.get();
  if (namespaces.length > 0) return `?ns=${namespaces.join(',')}`;
  return namespace === undefined ? '' : `?ns=${namespace}`;
}

function UnknownPage(): ReactElement {
  const [, navigate] = useLocation();
  return (
    <Notice
      icon="search"
      title={strings.unknownPageTitle}
      actions={
        <button type="button" onClick={() => navigate('/')}>
          {strings.toStart}
        </button>
      }
    >
      <p>{strings.unknownPage}</p>
    </Notice>
  );
}
