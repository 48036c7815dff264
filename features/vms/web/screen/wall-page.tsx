import { useCallback, useEffect, useMemo, useRef, type ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { FilterLine } from '@krateyard/ui/page/filter-line.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { SCREENSHOT_EVERY_MS, SCREENSHOTS_AT_ONCE } from '../../contract/screen-protocol.ts';
import type { VmInfo } from '../../contract/vm-api.ts';
import { useMachines } from '../live/use-machines.ts';
import { screenStrings as strings } from './screen-strings.ts';
import { WallGrid } from './wall-grid.tsx';
import './wall.css';

/** Many machines as pictures: `/vms/wall?ns=&q=`. */
export function WallPage(): ReactElement {
  const [params, setParams] = useSearchParams();
  const namespaces = params.get('ns') ?? '';
  const text = params.get('q') ?? '';
  const input = useRef<HTMLInputElement>(null);
  const chosen = useMemo(() => namespaces.split(',').filter(Boolean), [namespaces]);
  const { view, truth, retry } = useMachines(chosen);
  const { status } = view;
  const machines = useMemo(
    () => (view.phase === 'ready' ? [...view.machines.values()].toSorted(byName) : undefined),
    [view.phase, view.machines],
  );
  const shown = useMemo(() => machines?.filter(fits(text)), [machines, text]);
  const find = useCallback(
    (typed: string) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (typed === '') after.delete('q');
          else after.set('q', typed);
          return after;
        },
        { replace: true },
      ),
    [setParams],
  );
  useEffect(() => {
    document.title = `${strings.wallTitle} · Krateyard`;
  }, []);
  useKeys([
    { keys: '/', label: strings.wallFind, group: strings.wallKeys, run: () => input.current?.focus() },
    { keys: 'j', label: strings.wallNext, group: strings.wallKeys, run: () => focusTile() },
    { keys: 'v', label: strings.wallTray, group: strings.wallKeys, run: () => focusTile() },
  ]);
  return (
    <section className="wall" aria-label={strings.wallTitle}>
      <header className="wall-head">
        <h1>{strings.wallTitle}</h1>
        <p>{strings.wallBudget(SCREENSHOT_EVERY_MS / 1000, SCREENSHOTS_AT_ONCE)}</p>
      </header>
      <FilterLine
        input={input}
        value={text}
        onChange={find}
        hint={strings.wallFind}
        truth={truth}
        count={machines && strings.wallCount(shown?.length ?? 0, machines.length)}
      />
      <StaleBand truth={truth} onRetry={retry} />
      {status && !machines && (
        <Notice
          icon="lock"
          tone="warn"
          title={strings.wallFailed}
          status={status}
          actions={
            <button type="button" onClick={retry}>
              {uiStrings.tryAgain}
            </button>
          }
        />
      )}
      {machines?.length === 0 && (
        <Notice icon="machine" title={strings.wallEmptyTitle}>
          <p>{strings.wallEmpty}</p>
        </Notice>
      )}
      {machines && machines.length > 0 && shown?.length === 0 && (
        <Notice icon="search" title={strings.wallNothingTitle}>
          <p>{strings.wallNothing(text)}</p>
        </Notice>
      )}
      {shown && shown.length > 0 && <WallGrid machines={shown} />}
    </section>
  );
}

/** Names are plain ASCII: no words of a language. */
function byName(a: VmInfo, b: VmInfo): number {
  const [one, other] = [`${a.name}/${a.namespace}`, `${b.name}/${b.namespace}`];
  return one < other ? -1 : Number(one > other);
}

/** Words that must all stand in name, namespace, node, address or status. */
function fits(text: string): (vm: VmInfo) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (vm) => {
    const found = [vm.name, vm.namespace, vm.nodeName, vm.ipAddress, vm.status].join(' ').toLowerCase();
    return words.every((word) => found.includes(word));
  };
}

/** Into the wall, from where arrows and the other keys are the tiles' own. */
function focusTile(): void {
  document.querySelector<HTMLElement>('.wall-tile[tabindex="0"]')?.focus();
}
