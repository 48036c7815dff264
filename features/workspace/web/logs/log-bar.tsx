import type { ReactElement, RefObject } from 'react';
import { FilterField } from '@krateyard/ui/forms/filter-field.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import { MenuButton, type MenuItem } from '@krateyard/ui/parts/menu.tsx';
import type { Severity } from '../../contract/log-protocol.ts';
import { MOST_LINES, type LogAddress } from './log-address.ts';
import type { LogFeed } from './log-feed.ts';
import { setLogPrefs, type LogPrefs } from './log-prefs.ts';
import { logStrings as strings } from './log-strings.ts';
import { fullTime } from './log-time.ts';

/** A pause in typing after which the log is asked for anew. */
const PAUSE_MS = 400;
const SEVERITIES: readonly Severity[] = ['error', 'warn', 'info', 'debug'];
const TAILS: readonly number[] = [100, 1_000, 10_000, MOST_LINES];
const SPANS = ['5m', '15m', '1h', '6h', '24h'] as const;

export interface LogBarProps {
  readonly address: LogAddress;
  readonly onAddress: (change: Partial<LogAddress>) => void;
  readonly prefs: LogPrefs;
  readonly feed: LogFeed | undefined;
  /** All that were seen, also those that are not read now. */
  readonly containers: readonly string[];
  readonly filter: RefObject<HTMLInputElement | null>;
  /** The filter was left by a key; `anew`: with something else to ask for. */
  readonly onFiltered: (anew: boolean) => void;
  readonly onFind: () => void;
  readonly onCopy: () => void;
  readonly onDownload: () => void;
  readonly onPage: (() => void) | undefined;
}

/** What is asked for, and how it is drawn. */
export function LogBar(props: LogBarProps): ReactElement {
  const { address, onAddress, prefs, feed, containers, filter } = props;
  const paused = feed?.paused ?? false;
  return (
    <div className="logs-bar">
      <FilterField
        className="logs-filter"
        icon="filter"
        label={strings.filter}
        hint={strings.filterHint}
        title={strings.filterTitle}
        maxLength={1024}
        pauseMs={PAUSE_MS}
        isWhole={isWhole}
        input={filter}
        value={address.filter}
        onChange={(text) => onAddress({ filter: text })}
        onLeave={props.onFiltered}
      />
      <MenuButton
        label={strings.severity}
        className="plain logs-menu"
        face={<Face label={strings.severity} text={severityText(address.severity)} />}
        items={severityItems(address, onAddress)}
      />
      <MenuButton
        label={strings.range}
        className="plain logs-menu"
        face={<Face label={strings.range} text={rangeText(address)} />}
        items={rangeItems(address, onAddress)}
      />
      <Sources address={address} onAddress={onAddress} feed={feed} containers={containers} />
      <span className="logs-tools">
        <IconButton icon="search" label={strings.find} onPress={props.onFind} />
        <IconButton
          icon="wrap"
          label={strings.wrap}
          pressed={prefs.wrap}
          onPress={() => setLogPrefs({ wrap: !prefs.wrap })}
        />
        <IconButton
          icon={paused ? 'play' : 'pause'}
          label={paused ? strings.resume : strings.pause}
          pressed={paused}
          onPress={() => feed?.pause(!paused)}
        />
        <MenuButton label={strings.view} items={() => viewItems(props)} />
      </span>
      <LogStatus feed={feed} />
    </div>
  );
}

function Face({ label, text }: { readonly label: string; readonly text: string }): ReactElement {
  return (
    <>
      <span className="only-spoken">{label}: </span>
      <span className="clip">{text}</span>
      <Icon name="chevron" />
    </>
  );
}

/** An expression is asked for when its second slash is there, not at every letter before. */
const isWhole = (text: string): boolean => !text.startsWith('/') || /^\/.+\/[a-z]*$/.test(text);

const severityText = (severity: Severity | undefined): string =>
  severity === undefined ? strings.anySeverity : strings.severities[severity];

function severityItems(address: LogAddress, onAddress: LogBarProps['onAddress']): readonly MenuItem[] {
  return [undefined, ...SEVERITIES].map((severity) => ({
    id: severity ?? 'any',
    label: severityText(severity),
    checked: address.severity === severity,
    run: () => onAddress({ severity }),
  }));
}

function rangeText(address: LogAddress): string {
  if (address.previous) return strings.previousOn;
  const value = address.range.slice(address.range.indexOf(':') + 1);
  if (address.range.startsWith('tail:')) return strings.tails(Number(value));
  const span = strings.spans[value as keyof typeof strings.spans];
  if (span) return strings.since(span);
  return value.includes('T') ? strings.sinceTime(fullTime(value, 'local')) : strings.since(value);
}

function rangeItems(address: LogAddress, onAddress: LogBarProps['onAddress']): readonly MenuItem[] {
  const item = (range: string, label: string, group: string): MenuItem => ({
    id: range,
    label,
    group,
    checked: !address.previous && address.range === range,
    run: () => onAddress({ range, previous: false, line: undefined }),
  });
  return [
    ...TAILS.map((count) => item(`tail:${count}`, strings.tails(count), 'tail')),
    ...SPANS.map((span) => item(`since:${span}`, strings.since(strings.spans[span]), 'since')),
    {
      id: 'previous',
      label: strings.previous,
      group: 'previous',
      checked: address.previous,
      run: () => onAddress({ previous: !address.previous, line: undefined }),
    },
  ];
}

/** Pods are drawn or not; containers are read or not, as a noisy one would push the others out. */
function Sources(props: {
  readonly address: LogAddress;
  readonly onAddress: LogBarProps['onAddress'];
  readonly feed: LogFeed | undefined;
  readonly containers: readonly string[];
}): ReactElement | null {
  const { address, onAddress, feed, containers } = props;
  const pods = [...new Set(feed?.sources.map(({ pod }) => pod) ?? [])].toSorted();
  if (pods.length < 2 && containers.length < 2) return null;
  const shown = pods.filter((pod) => !address.hidden.includes(pod)).length;
  const text =
    pods.length > 1
      ? strings.sourceCount(shown, pods.length)
      : address.containers.length === 0
        ? strings.containers
        : address.containers.join(', ');
  const items = (): readonly MenuItem[] => [
    {
      id: 'all',
      label: strings.showAllSources,
      group: 'all',
      run: () => onAddress({ hidden: [], containers: [] }),
    },
    ...(containers.length > 1 ? containers : []).map((container) => ({
      id: `c ${container}`,
      label: strings.container(container),
      group: 'containers',
      checked: address.containers.length === 0 || address.containers.includes(container),
      run: () => onAddress({ containers: toggled(address.containers, container, containers) }),
    })),
    ...(pods.length > 1 ? pods : []).map((pod) => ({
      id: `p ${pod}`,
      label: pod,
      group: 'pods',
      checked: !address.hidden.includes(pod),
      run: () =>
        onAddress({
          hidden: address.hidden.includes(pod)
            ? address.hidden.filter((one) => one !== pod)
            : [...address.hidden, pod],
        }),
    })),
  ];
  return (
    <MenuButton
      label={strings.sources}
      className="plain logs-menu"
      face={<Face label={strings.sources} text={text} />}
      items={items}
    />
  );
}

/** None chosen means all: the first one that is taken away leaves the others. */
function toggled(chosen: readonly string[], name: string, all: readonly string[]): readonly string[] {
  const before = chosen.length === 0 ? all : chosen;
  const next = before.includes(name) ? before.filter((one) => one !== name) : [...before, name];
  return next.length === all.length ? [] : next;
}

function viewItems({ prefs, onCopy, onDownload, onPage }: LogBarProps): readonly MenuItem[] {
  return [
    ...(['off', 'local', 'utc'] as const).map((times) => ({
      id: times,
      label: strings.timeStyles[times],
      group: 'times',
      checked: prefs.times === times,
      run: () => setLogPrefs({ times }),
    })),
    { id: 'copy', label: strings.copyAll, icon: 'copy' as const, group: 'take', run: onCopy },
    { id: 'download', label: strings.download, icon: 'down' as const, group: 'take', run: onDownload },
    ...(onPage
      ? [{ id: 'page', label: strings.openPage, icon: 'expand' as const, group: 'page', run: onPage }]
      : []),
  ];
}

/** How true the lines are, and how many. */
function LogStatus({ feed }: { readonly feed: LogFeed | undefined }): ReactElement {
  const state = feed?.client.state.get();
  const count = feed?.buffer.size ?? 0;
  const waiting = feed?.buffer.waiting ?? 0;
  const word = statusWord(feed);
  return (
    <span className="logs-status">
      <span className="logs-count">{waiting > 0 ? strings.pausedCount(waiting) : strings.count(count)}</span>
      <span className={`logs-state logs-state-${state?.phase ?? 'connecting'}`} data-log-state={word}>
        <span className="logs-state-mark" aria-hidden="true" />
        {word}
      </span>
    </span>
  );
}

export function statusWord(feed: LogFeed | undefined): string {
  const state = feed?.client.state.get();
  switch (state?.phase) {
    case 'live':
      if (feed?.paused) return strings.paused;
      return state.synced ? strings.live : strings.reading;
    case 'reconnecting':
      return strings.reconnecting;
    case 'ended':
      return strings.ended;
    case 'failed':
      return strings.failed;
    case 'connecting':
    case undefined:
      return strings.connecting;
  }
}
