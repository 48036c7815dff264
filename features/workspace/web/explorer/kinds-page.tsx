import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useKeys } from '@krateyard/ui/keys/use-keys';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import { truthOf, type Truth } from '@krateyard/ui/live/truth';
import { useParts } from '@krateyard/ui/live/use-parts';
import { useStore } from '@krateyard/ui/live/use-store';
import { FilterLine } from '@krateyard/ui/page/filter-line.tsx';
import { NothingKnown } from '@krateyard/ui/parts/live-notices.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { StaleBand } from '@krateyard/ui/parts/stale-band.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { LoadingRows } from '@krateyard/ui/table/loading-rows.tsx';
import type { KindSummary } from '../../contract/resource-api.ts';
import { moveAmongLines } from '../overview/move-among-lines.ts';
import { strings as roomStrings } from '../strings.ts';
import { explorerStrings as strings } from './explorer-strings.ts';
import { KindSection } from './kind-section.tsx';
import { kindSections } from './kind-sections.ts';
import './kinds.css';

const ASK = { parts: 'kinds', ask: {} } as const;

/** Every kind that this person may list, grouped as people think, as they come and go; with how many there are where that is known. */
export function KindsPage(): ReactElement {
  const source = useLiveSource();
  const { view, retry } = useParts(ASK);
  const truth = truthOf(useStore(source.state), view);
  const { filter, setFilter } = useFilter();
  const input = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${strings.allKinds} · Krateyard`;
  }, []);
  useKeys([
    {
      keys: 'j',
      label: strings.nextKind,
      group: roomStrings.keys,
      run: () => moveAmongLines(page.current, 1),
    },
    {
      keys: 'k',
      label: strings.kindBefore,
      group: roomStrings.keys,
      run: () => moveAmongLines(page.current, -1),
    },
    { keys: '/', label: strings.kindsFilter, group: roomStrings.keys, run: () => input.current?.focus() },
  ]);
  const kinds = useMemo(() => [...view.parts.values()] as KindSummary[], [view.parts]);
  const sections = useMemo(() => kindSections(kinds, filter), [kinds, filter]);
  const shown = sections.reduce((sum, section) => sum + section.kinds.length, 0);
  const stale = truth.state === 'disconnected';
  return (
    <section className={stale ? 'kinds kinds-stale' : 'kinds'} aria-labelledby="kinds-title" ref={page}>
      <header className="kinds-head">
        <h1 id="kinds-title">{strings.kindsTitle}</h1>
        <FilterLine
          input={input}
          value={filter}
          onChange={setFilter}
          hint={strings.kindsHint}
          truth={truth}
          count={kinds.length > 0 ? strings.kindsCount(shown, kinds.length) : undefined}
        />
      </header>
      <StaleBand truth={truth} onRetry={() => source.wake()} />
      <div className="kinds-rows">
        {kinds.length === 0 ? (
          <NoKinds truth={truth} onRetry={retry} />
        ) : (
          <>
            {shown === 0 && <NoMatch filter={filter} onClear={() => setFilter('')} />}
            <div className="kinds-groups">
              {sections.map((section) => (
                <KindSection key={section.title} {...section} />
              ))}
            </div>
            <p className="kinds-note">{strings.kindsCounts}</p>
          </>
        )}
      </div>
    </section>
  );
}

/** It stands in the address, as on every page of rows. */
function useFilter(): { readonly filter: string; readonly setFilter: (filter: string) => void } {
  const [params, setParams] = useSearchParams();
  const setFilter = (filter: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (filter === '') after.delete('q');
        else after.set('q', filter);
        return after;
      },
      { replace: true },
    );
  return { filter: params.get('q') ?? '', setFilter };
}

function NoMatch(props: { readonly filter: string; readonly onClear: () => void }): ReactElement {
  return (
    <Notice
      icon="search"
      title={strings.noKinds}
      actions={
        <button type="button" onClick={props.onClear}>
          {uiStrings.clearFilter}
        </button>
      }
    >
      <p>{strings.noKindsWhy(props.filter)}</p>
    </Notice>
  );
}

/** What stands where the kinds would. */
function NoKinds({ truth, onRetry }: { readonly truth: Truth; readonly onRetry: () => void }): ReactElement {
  switch (truth.state) {
    case 'loading':
      return <LoadingRows />;
    case 'disconnected':
      return <NothingKnown />;
    case 'lost':
    case 'failed':
      return (
        <Notice
          icon="unplugged"
          tone="bad"
          title={strings.kindsFailed}
          status={truth.status}
          actions={
            <button type="button" onClick={onRetry}>
              {uiStrings.tryAgain}
            </button>
          }
        />
      );
    case 'live':
    case 'lagging':
      return (
        <Notice
          icon="lock"
          tone="warn"
          title={strings.kindsNone}
          actions={<Link href="/me">{strings.toRights}</Link>}
        >
          <p>{strings.kindsNoneWhy}</p>
        </Notice>
      );
  }
}
