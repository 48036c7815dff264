import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';
import { FindBar } from './find-bar.tsx';
import { LineBar } from './line-bar.tsx';
import { questionOf, titleOf, type LogAddress } from './log-address.ts';
import { LogBar } from './log-bar.tsx';
import type { LogFeed } from './log-feed.ts';
import { CatchUp, FindMarks, LogLines } from './log-lines.tsx';
import { LogBand, LogNotice } from './log-notices.tsx';
import { logPrefs, setLogPrefs, type LogPrefs } from './log-prefs.ts';
import { logStrings as strings } from './log-strings.ts';
import type { TimeStyle } from './log-time.ts';
import { useChosenLines, type ChosenLines } from './use-chosen-lines.ts';
import { useFind } from './use-find.ts';
import { useLineLink } from './use-line-link.ts';
import { useLogFeed } from './use-log-feed.ts';
import { useLineActions, type LineActions } from './use-line-actions.ts';
import { useLogKeys, type LogKeyActions } from './use-log-keys.ts';
import type { LogScroll } from './use-log-scroll.ts';
import './logs.css';

export interface LogViewProps {
  readonly address: LogAddress;
  readonly onAddress: (change: Partial<LogAddress>) => void;
  readonly shown: boolean;
  /** On a page the keys are its own; in the tray only while the focus is in it. */
  readonly page: boolean;
  readonly onPage?: () => void;
  /** Told whenever something has changed, also while nothing is shown. */
  readonly onFeed?: (feed: LogFeed) => void;
  /** Takes the focus when it appears. */
  readonly focus?: boolean;
}

const NEVER = new Store(0);

/** One log: what is asked for, the lines, and what can be done with them. */
export function LogView(props: LogViewProps): ReactElement {
  const { address, onAddress, shown } = props;
  const prefs = useStore(logPrefs);
  const feed = useLogFeed(useMemo(() => questionOf(address).toString(), [address]));
  const version = useStore(shown && feed ? feed.version : NEVER);
  useTold(feed, props.onFeed);
  const root = useRef<HTMLElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const scroll = useRef<LogScroll>(null);
  const find = useFinding(feed, props, root);
  const chosen = useChosenLines(feed);
  const { cursor } = chosen;
  const goTo = (seq: number): void => {
    chosen.choose(seq, false);
    scroll.current?.goTo(seq);
  };
  const missing = useLineLink(feed, version, address.line, (seq) => {
    if (seq !== cursor) goTo(seq);
  });
  const containers = useSeenContainers(feed, version);
  const acts = useLineActions(feed, address, chosen.range);
  const found = feed?.search?.found ?? [];
  const moves = useMoves(feed, scroll, cursor, goTo);
  useViewKeys({ view: props, feed, root, filter, find, moves, acts, chosen, prefs });
  const toLines = useLinesFocus(root, props.focus === true, feed);
  return (
    <section
      ref={root}
      className="logs"
      aria-label={strings.title(titleOf(address))}
      data-log-phase={feed?.client.state.get().phase}
    >
      <LogBar
        address={address}
        onAddress={onAddress}
        prefs={prefs}
        feed={feed}
        containers={containers}
        filter={filter}
        onFiltered={toLines}
        onFind={find.open}
        onCopy={acts.copyAll}
        onDownload={acts.download}
        onPage={props.onPage}
      />
      {find.on && (
        <FindBar
          value={address.find}
          at={cursor === undefined ? 0 : found.indexOf(cursor) + 1}
          count={found.length}
          problem={find.problem}
          onChange={(text) => onAddress({ find: text })}
          onMove={moves.match}
          onClose={find.close}
        />
      )}
      {feed && <LogBand feed={feed} />}
      {missing && (
        <p className="logs-missing" role="status">
          {strings.lineMissing}
        </p>
      )}
      {feed && (
        <LogBody
          view={props}
          feed={feed}
          version={version}
          prefs={prefs}
          chosen={chosen}
          onFetch={acts.fetch}
          control={scroll}
        />
      )}
      {feed && <ChosenLine feed={feed} chosen={chosen} acts={acts} times={prefs.times} />}
    </section>
  );
}

/** The lines, or what stands where they would, and what lies over them. */
function LogBody(props: {
  readonly view: LogViewProps;
  readonly feed: LogFeed;
  readonly version: number;
  readonly prefs: LogPrefs;
  readonly chosen: ChosenLines;
  readonly onFetch: (seq: number) => void;
  readonly control: RefObject<LogScroll | null>;
}): ReactElement {
  const { view, feed, version, prefs, chosen, onFetch, control } = props;
  const { address, onAddress, shown } = view;
  const hidden = useMemo(() => new Set(address.hidden), [address.hidden]);
  const empty = feed.buffer.size === 0 && feed.buffer.waiting === 0;
  const { choose } = chosen;
  const onChoose = useCallback(
    (seq: number, further: boolean) => {
      // What somebody looks at must not run away.
      feed.follow(false);
      choose(seq, further);
    },
    [feed, choose],
  );
  return (
    <div className="logs-body">
      <LogLines
        feed={feed}
        version={version}
        label={strings.list(titleOf(address))}
        wrap={prefs.wrap}
        times={prefs.times}
        hidden={hidden}
        opened={chosen.opened}
        chosen={chosen.range}
        cursor={chosen.cursor}
        lead={leadOf(feed, address)}
        shown={shown}
        onChoose={onChoose}
        onOpen={chosen.toggle}
        onFetch={onFetch}
        control={control}
      />
      {empty && (
        <div className="logs-notice">
          <LogNotice feed={feed} address={address} onAddress={onAddress} />
        </div>
      )}
      <FindMarks marks={feed.marks} />
      {!empty && !feed.following && <CatchUp count={feed.cameSince} onFollow={() => feed.follow(true)} />}
    </div>
  );
}

const NEXT_TIMES = { off: 'local', local: 'utc', utc: 'off' } as const;

function useViewKeys(parts: {
  readonly view: LogViewProps;
  readonly feed: LogFeed | undefined;
  readonly root: RefObject<HTMLElement | null>;
  readonly filter: RefObject<HTMLInputElement | null>;
  readonly find: Finding;
  readonly moves: Moves;
  readonly acts: LineActions;
  readonly chosen: ChosenLines;
  readonly prefs: LogPrefs;
}): void {
  const { view, feed, root, filter, find, moves, acts, chosen, prefs } = parts;
  const { cursor } = chosen;
  const within = useFocusWithin(root);
  useLogKeys(
    {
      filter: () => filter.current?.focus(),
      find: find.open,
      ...moves,
      ...drawing(prefs),
      pause: () => feed?.pause(!feed.paused),
      copy: acts.copy,
      json: () => cursor !== undefined && chosen.toggle(cursor),
      link: () => acts.link(cursor === undefined ? undefined : feed?.buffer.at(cursor)?.entry),
      clear: find.on ? find.close : cursor === undefined ? undefined : chosen.clear,
    },
    view.shown && (view.page || within),
    find.on && (feed?.search?.found.length ?? 0) > 0,
  );
}

const drawing = (prefs: LogPrefs): Pick<LogKeyActions, 'wrap' | 'times'> => ({
  wrap: () => setLogPrefs({ wrap: !prefs.wrap }),
  times: () => setLogPrefs({ times: NEXT_TIMES[prefs.times] }),
});

type Moves = Pick<LogKeyActions, 'match' | 'move' | 'screen' | 'first' | 'last'>;

/** To lines and matches by keys. */
function useMoves(
  feed: LogFeed | undefined,
  scroll: RefObject<LogScroll | null>,
  cursor: number | undefined,
  goTo: (seq: number) => void,
): Moves {
  const to = (seq: number | undefined): void => {
    if (seq !== undefined && seq !== cursor) goTo(seq);
  };
  const edge = (direction: 1 | -1): number | undefined =>
    scroll.current?.seen()[direction === 1 ? 'first' : 'last'];
  return {
    match: (direction) => to(feed?.search?.next(cursor ?? (edge(direction) ?? 0) - direction, direction)),
    move: (by) => to(cursor === undefined ? edge(by > 0 ? 1 : -1) : feed?.buffer.step(cursor, by)?.seq),
    screen: (direction) => scroll.current?.screen(direction),
    first: () => scroll.current?.home(),
    last: () => feed?.follow(true),
  };
}

interface Finding {
  readonly on: boolean;
  readonly problem: string | undefined;
  readonly open: () => void;
  readonly close: () => void;
}

/** Whether the field to find things is there, and what is wrong with what stands in it. */
function useFinding(
  feed: LogFeed | undefined,
  { address, onAddress }: LogViewProps,
  root: RefObject<HTMLElement | null>,
): Finding {
  const [on, setOn] = useState(address.find !== '');
  const problem = useFind(feed, on ? address.find : '');
  return {
    on,
    problem,
    open: () => {
      setOn(true);
      root.current?.querySelector<HTMLInputElement>('.logs-find input')?.select();
    },
    close: () => {
      setOn(false);
      onAddress({ find: '' });
      root.current?.querySelector<HTMLElement>('.logs-scroll')?.focus();
    },
  };
}

function ChosenLine(props: {
  readonly feed: LogFeed;
  readonly chosen: ChosenLines;
  readonly acts: LineActions;
  readonly times: TimeStyle;
}): ReactElement | null {
  const { feed, chosen, acts, times } = props;
  const { cursor, opened } = chosen;
  const entry = cursor === undefined ? undefined : feed.buffer.at(cursor)?.entry;
  if (entry?.type !== 'line' || cursor === undefined) return null;
  return (
    <LineBar
      entry={entry}
      count={acts.count}
      opened={opened.has(cursor)}
      times={times}
      onCopy={acts.copy}
      onLink={() => acts.link(entry)}
      onOpen={() => chosen.toggle(cursor)}
      onClose={chosen.clear}
    />
  );
}

function leadOf(feed: LogFeed, address: LogAddress): string {
  if (feed.buffer.size === 0) return '';
  if (feed.buffer.dropped > 0) return strings.letGo(feed.buffer.dropped);
  return address.previous ? strings.previousBeginning : strings.beginning;
}

/** Containers that were ever read here: one that is not read now can be chosen again. */
function useSeenContainers(feed: LogFeed | undefined, version: number): readonly string[] {
  const seen = useRef(new Set<string>());
  return useMemo(() => {
    for (const { container } of feed?.sources ?? []) seen.current.add(container);
    return [...seen.current].toSorted();
    // oxlint-disable-next-line react/exhaustive-deps -- the feed's list grows with its version
  }, [feed, version]);
}

function useTold(feed: LogFeed | undefined, onFeed: ((feed: LogFeed) => void) | undefined): void {
  const latest = useRef(onFeed);
  useEffect(() => {
    latest.current = onFeed;
  });
  useEffect(() => feed?.version.subscribe(() => latest.current?.(feed)), [feed]);
}

function useFocusWithin(root: { readonly current: HTMLElement | null }): boolean {
  const [within, setWithin] = useState(false);
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const look = (): void => setWithin(element.contains(document.activeElement));
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', look);
    look();
    return () => {
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', look);
    };
  }, [root]);
  return within;
}

/**
 * Puts the focus into the lines once they are there, where that is `wanted` from the beginning. What it returns does so again: now, and
 * after another question (`anew`) when its lines are there.
 */
function useLinesFocus(
  root: { readonly current: HTMLElement | null },
  wanted: boolean,
  feed: LogFeed | undefined,
): (anew: boolean) => void {
  const wants = useRef(wanted);
  const focus = (): void => root.current?.querySelector<HTMLElement>('.logs-scroll')?.focus();
  useEffect(() => {
    if (!wants.current || !feed) return;
    wants.current = false;
    focus();
    // oxlint-disable-next-line react/exhaustive-deps -- when the lines come
  }, [feed]);
  return (anew) => {
    wants.current = anew;
    focus();
  };
}
