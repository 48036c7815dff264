import { lazy, Suspense, useEffect, useRef, type ReactElement } from 'react';
import { useLiveSource } from '@krateyard/ui/live/live-context';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { truthOf } from '@krateyard/ui/live/truth';
import { useCollection } from '@krateyard/ui/live/use-collection';
import { useStore } from '@krateyard/ui/live/use-store';
import { Freshness } from '@krateyard/ui/parts/freshness.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { ObjectSummary } from './object-summary.tsx';
import { objectQuery } from './query-of.ts';
import { strings } from './strings.ts';
import { useCells } from './use-cells.ts';
import './object-panel.css';

const YamlView = lazy(async () => ({ default: (await import('./yaml-view.tsx')).YamlView }));

type Tab = 'summary' | 'yaml';

/** One object, live, beside the table that it was opened from. */
export function ObjectPanel(props: {
  readonly kind: string;
  readonly objectKey: string;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { kind, objectKey, tab, onTab, onClose } = props;
  const socket = useStore(useLiveSource().state);
  const { view } = useCollection(objectQuery(kind, objectKey));
  const truth = truthOf(socket, view);
  const { columns, cellsOf } = useCells(view.head);
  const row = view.rows.find((candidate) => candidate.key === objectKey);
  const last = useRef(row);
  useEffect(() => {
    if (row) last.current = row;
    else if (truth.state === 'lost' || truth.state === 'failed') last.current = undefined;
  });
  const shown = row ?? (truth.state === 'lost' ? undefined : last.current);
  const name = objectKey.slice(objectKey.indexOf('/') + 1);
  return (
    <aside className="panel" aria-label={`${strings.details}: ${name}`}>
      <header className="panel-head">
        <div className="panel-title">
          <small>{view.head?.kind.kind ?? kind}</small>
          <h2 dir="auto">{name}</h2>
        </div>
        <Freshness truth={truth} />
        <button type="button" className="plain square" aria-label={strings.closeDetails} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <Tabs tab={tab} onTab={onTab} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so Tab must reach it */}
      <div
        tabIndex={0}
        className="panel-body"
        role="tabpanel"
        aria-label={tab === 'yaml' ? strings.yaml : strings.summary}
      >
        {shown && !row && view.phase === 'ready' && <p className="panel-gone">{strings.objectGone}</p>}
        {shown && tab === 'summary' && (
          <ObjectSummary object={shown.object} columns={columns} cells={cellsOf(shown)} />
        )}
        {shown && tab === 'yaml' && <Yaml object={shown.object} />}
        {!shown && truth.state !== 'loading' && (
          <Notice
            icon="search"
            title={strings.objectMissing(name)}
            status={'status' in truth ? truth.status : undefined}
          >
            <p>{strings.objectMissingHint}</p>
          </Notice>
        )}
      </div>
    </aside>
  );
}

function Yaml({ object }: { readonly object: LiveObject }): ReactElement {
  return (
    <Suspense fallback={<p className="panel-wait">{strings.loading}</p>}>
      <YamlView object={object} />
    </Suspense>
  );
}

function Tabs(props: { readonly tab: Tab; readonly onTab: (tab: Tab) => void }): ReactElement {
  const { tab, onTab } = props;
  const tabs: readonly [Tab, string][] = [
    ['summary', strings.summary],
    ['yaml', strings.yaml],
  ];
  return (
    <div className="tabs" role="tablist" aria-label={strings.details}>
      {tabs.map(([name, title], index) => (
        <button
          key={name}
          type="button"
          role="tab"
          className="plain tab"
          aria-selected={tab === name}
          tabIndex={tab === name ? 0 : -1}
          onClick={() => onTab(name)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
            event.preventDefault();
            event.stopPropagation();
            onTab(tabs[(index + 1) % tabs.length]![0]);
            const other =
              event.currentTarget.parentElement?.querySelectorAll('button')[(index + 1) % tabs.length];
            other?.focus();
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
