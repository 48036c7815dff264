import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { truthOf } from '@krateyard/ui/live/truth';
import { useParts } from '@krateyard/ui/live/use-parts';
import { useStore } from '@krateyard/ui/live/use-store';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import type { Ingredient } from '../../contract/overview.ts';
import { CapacityTable } from './capacity-table.tsx';
import { CapacityTotals } from './capacity-totals.tsx';
import { ChangesFeed } from './changes-feed.tsx';
import { moveAmongLines } from './move-among-lines.ts';
import { overviewModel, type OverviewModel } from './overview-model.ts';
import { OverviewState } from './overview-state.tsx';
import { overviewStrings as strings } from './overview-strings.ts';
import { TlsCheck } from './tls-check.tsx';
import { Problems } from './problems.tsx';
import './overview.css';

/** The start of the console: what is wrong, how full it is, what changed. */
export function OverviewPage(): ReactElement {
  const source = useLiveSource();
  const socket = useStore(source.state);
  const address = useAddress();
  const { namespaces } = address;
  const spec = useMemo(
    () => ({ parts: 'overview', ask: namespaces.length > 0 ? { namespaces } : {} }),
    [namespaces],
  );
  const { view, retry } = useParts(spec);
  const truth = truthOf(socket, view);
  const model = useMemo(() => overviewModel(view.parts), [view.parts]);
  useEffect(() => {
    document.title = strings.title;
  }, []);
  // Lists that are still coming would say that nothing is wrong.
  const known = view.phase === 'ready' && view.freshness?.state !== 'syncing' && model.total !== undefined;
  return (
    <div className={truth.state === 'disconnected' ? 'overview overview-stale' : 'overview'}>
      <header className="overview-bar">
        <h1>{strings.room}</h1>
        <Freshness truth={truth} />
      </header>
      <StaleBand truth={truth} onRetry={() => source.wake()} />
      {known && view.status === undefined ? (
        <Known model={model} address={address} />
      ) : (
        <OverviewState truth={truth} onRetry={retry} />
      )}
    </div>
  );
}

function Known({
  model,
  address,
}: {
  readonly model: OverviewModel;
  readonly address: Address;
}): ReactElement {
  const [paused, setPaused] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLDivElement>(null);
  const { ingredients } = model;
  const state = (name: string): Ingredient['state'] | undefined => ingredients.get(name)?.state;
  useKeys([
    { keys: 'j', label: strings.nextKey, group: strings.keys, run: () => moveAmongLines(page.current, 1) },
    { keys: 'k', label: strings.beforeKey, group: strings.keys, run: () => moveAmongLines(page.current, -1) },
    { keys: '/', label: strings.filterKey, group: strings.keys, run: () => input.current?.focus() },
    { keys: 'p', label: strings.pauseKey, group: strings.keys, run: () => setPaused((before) => !before) },
  ]);
  const nodesSeen = state('nodes') === 'all' && model.nodes.length > 0;
  return (
    <div className="overview-columns" ref={page}>
      <div className="overview-main">
        <Problems model={model} />
        <section className="overview-part" aria-labelledby="overview-capacity">
          <header className="overview-head">
            <h2 id="overview-capacity">{strings.capacity}</h2>
          </header>
          <CapacityTotals total={model.total!} phases={model.phases} namespaces={address.namespaces} />
        </section>
        {nodesSeen && (
          <CapacityTable of="nodes" rows={model.nodes} measured={measured(ingredients.get('nodeUsage'))} />
        )}
        {model.namespaces.length > 0 && (
          <CapacityTable
            of="namespaces"
            rows={model.namespaces}
            measured={measured(ingredients.get('podUsage'))}
          />
        )}
        <TlsCheck key={address.namespaces.join()} namespaces={address.namespaces} />
        <NotSeen ingredients={[...ingredients.values()]} />
      </div>
      <ChangesFeed
        changes={model.changes}
        input={input}
        filter={address.filter}
        onFilter={address.setFilter}
        onlyWarnings={address.onlyWarnings}
        onOnlyWarnings={address.setOnlyWarnings}
        paused={paused}
        onPaused={setPaused}
      />
    </div>
  );
}

const measured = (ingredient: Ingredient | undefined): boolean =>
  ingredient?.state === 'all' || ingredient?.state === 'some';

/** What this overview is not made of, and why. */
function NotSeen({ ingredients }: { readonly ingredients: readonly Ingredient[] }): ReactElement | null {
  const forbidden = ingredients.filter(({ state }) => state === 'forbidden');
  const dark = ingredients.filter(({ state }) => state === 'dark');
  const pods = ingredients.find(({ name }) => name === 'pods')?.namespaces ?? 0;
  const partly = Map.groupBy(
    ingredients.filter(({ state, namespaces = 0 }) => state === 'some' && namespaces < pods),
    ({ namespaces = 0 }) => namespaces,
  );
  const reasons = Map.groupBy(dark, ({ reason = '' }) => reason);
  if (forbidden.length === 0 && dark.length === 0 && partly.size === 0) return null;
  return (
    <section className="overview-part overview-not-seen" aria-labelledby="overview-not-seen">
      <h3 id="overview-not-seen">{strings.notSeen}</h3>
      <ul>
        {forbidden.length > 0 && (
          <li>{strings.mayNot(forbidden.map(({ name }) => strings.ingredient(name)).join(', '))}</li>
        )}
        {[...partly].map(([count, ones]) => (
          <li key={count}>
            {strings.seenIn(ones.map(({ name }) => strings.ingredient(name)).join(', '), count, pods)}
          </li>
        ))}
        {[...reasons].map(([reason, ones]) => (
          <li key={reason}>
            {strings.dark(ones.map(({ name }) => strings.ingredient(name)).join(', '), reason)}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Address {
  readonly namespaces: readonly string[];
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly onlyWarnings: boolean;
  readonly setOnlyWarnings: (only: boolean) => void;
}

/** What a link to this page restores. */
function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const ns = params.get('ns') ?? '';
  const namespaces = useMemo(() => ns.split(',').filter(Boolean).toSorted(), [ns]);
  const set = (name: string, value: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  return {
    namespaces,
    filter: params.get('q') ?? '',
    setFilter: (filter) => set('q', filter),
    onlyWarnings: params.get('changes') === 'warnings',
    setOnlyWarnings: (only) => set('changes', only ? 'warnings' : ''),
  };
}
