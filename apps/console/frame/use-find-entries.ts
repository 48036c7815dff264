import { useMemo } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { keyBindings } from '@krateyard/ui/keys/keys';
import { useStore } from '@krateyard/ui/live/use-store';
import type { SpotlightEntry } from '@krateyard/ui/room';
import { spotlightStrings } from '@krateyard/ui/spotlight/spotlight-strings';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { shownTab } from '@krateyard/ui/tray/tray-changes';
import { tray } from '@krateyard/ui/tray/tray';
import { trayStrings } from '@krateyard/ui/tray/tray-strings';
import { rooms } from '../rooms.ts';
import { strings } from '../strings.ts';
import { useKeepNamespaces } from './use-keep-namespaces.ts';

/** What the spotlight knows without asking: pages, namespaces, tabs of the tray, and everything that has a key now. */
export function useFindEntries(namespaces: readonly string[]): readonly SpotlightEntry[] {
  const keep = useKeepNamespaces();
  const [, navigate] = useLocation();
  const [, setParams] = useSearchParams();
  const bindings = useStore(keyBindings);
  const { tabs } = useStore(tray);
  return useMemo(() => {
    const page = (
      title: string,
      path: string,
      icon: SpotlightEntry['icon'],
      letter?: string,
      hint?: string,
    ): SpotlightEntry => ({
      id: `page ${path}`,
      group: spotlightStrings.goTo,
      title,
      icon,
      path: keep(path),
      ...(letter !== undefined && { keys: `g ${letter}` }),
      ...(hint !== undefined && { hint }),
      run: () => navigate(keep(path)),
    });
    return [
      ...rooms.flatMap(({ title, start, icon, letter, links = [] }) => [
        page(title, start, icon, letter),
        ...links.map((link) => page(link.title, link.path, icon, link.letter, link.group)),
      ]),
      page(strings.settings, '/settings', 'gear', ','),
      page(strings.rights, '/me', 'key', 'm'),
      ...namespaces.map((name): SpotlightEntry => ({
        id: `namespace ${name}`,
        group: strings.namespaces,
        title: name,
        hint: strings.onlyNamespace,
        icon: 'boxes',
        run: () => setParams((before) => withNamespace(before, name)),
      })),
      ...tabs.map((tab): SpotlightEntry => ({
        id: `tab ${tab.id}`,
        group: trayStrings.tabs,
        title: tab.title,
        icon: 'screen',
        run: () => tray.set(shownTab(tray.get(), tab.id)),
      })),
      ...commands(bindings),
    ];
  }, [bindings, keep, namespaces, navigate, setParams, tabs]);
}

/** Keys that move about are no commands; those that go to pages stand among the pages. */
const NO_COMMANDS: ReadonlySet<string> = new Set([uiStrings.table, strings.goGroup]);

function commands(bindings: ReturnType<typeof keyBindings.get>): readonly SpotlightEntry[] {
  const latest = new Map(bindings.map((binding) => [binding.keys, binding]));
  return [...latest.values()]
    .filter(
      ({ keys, group, label }) =>
        keys !== 'Escape' && label !== spotlightStrings.open && !NO_COMMANDS.has(group),
    )
    .map(({ keys, label, group, run }) => ({
      id: `key ${keys}`,
      group: spotlightStrings.actions,
      title: label,
      hint: group,
      icon: 'keyboard',
      keys,
      run,
    }));
}

function withNamespace(before: URLSearchParams, name: string): URLSearchParams {
  const after = new URLSearchParams(before);
  after.set('ns', name);
  after.delete('open');
  after.delete('tab');
  return after;
}
