import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { parseNameQuery, matchedRanges } from '@krateyard/kube/meta/name-rank';
import { useStore } from '../live/use-store.ts';
import { Icon } from '../parts/icon.tsx';
import { Chord } from '../parts/keys-help.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import type { SpotlightEntry, SpotlightSource } from '../room.ts';
import { recents, remember } from './recents.ts';
import { groupEntries, type SpotlightGroup } from './spotlight-rank.ts';
import { spotlightStrings } from './spotlight-strings.ts';
import { useFound, type Found } from './use-found.ts';
import './spotlight.css';

export interface SpotlightProps {
  /** Pages, keys, namespaces: known without asking. */
  readonly entries: readonly SpotlightEntry[];
  readonly sources: readonly SpotlightSource[];
  readonly onGo: (path: string) => void;
  readonly onClose: () => void;
}

/** What is listed: all there is, or what can be done with one thing. */
type Place = { readonly at: 'all' } | { readonly at: 'actions'; readonly of: SpotlightEntry };

/**
 * Finds anything and goes there: a text field that has the focus all the time, and a list below it. Arrows move, Enter opens, Tab
 * (or → at the end of the text) shows what can be done with an object, Esc goes back.
 */
export function Spotlight(props: SpotlightProps): ReactElement {
  const { onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [place, setPlace] = useState<Place>({ at: 'all' });
  useEffect(() => {
    const before = document.activeElement;
    const shown = dialog.current;
    shown?.showModal();
    input.current?.focus();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const go = (next: Place): void => {
    setPlace(next);
    setText('');
    input.current?.focus();
  };
  const back = (): void => (place.at === 'all' ? onClose() : go({ at: 'all' }));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- a press beside it closes; the key for it is Esc
    <dialog
      ref={dialog}
      className="spotlight"
      aria-label={spotlightStrings.title}
      onCancel={(event) => {
        event.preventDefault();
        back();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <SpotlightList
        {...props}
        input={input}
        text={text}
        onText={setText}
        place={place}
        onPlace={go}
        onBack={back}
      />
    </dialog>
  );
}

interface ListProps extends SpotlightProps {
  readonly input: { current: HTMLInputElement | null };
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  readonly onBack: () => void;
}

function SpotlightList(props: ListProps): ReactElement {
  const { input, text, onText, place, onPlace, onBack } = props;
  const { groups, found } = useGroups(props);
  const flat = useMemo(() => groups.flatMap(({ entries }) => entries), [groups]);
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [text, place]);
  const index = Math.min(at, flat.length - 1);
  const choose = useChoose(props, found, flat[index]);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    const { selectionStart, value } = event.currentTarget;
    const opens =
      event.key === 'Tab' || (event.key === 'ArrowRight' && selectionStart === value.length && value !== '');
    if (move !== undefined) setAt(Math.max(0, Math.min(flat.length - 1, index + move)));
    else if (event.key === 'Enter') choose();
    else if (opens && !event.shiftKey) {
      const entry = flat[index];
      if (entry?.actions) onPlace({ at: 'actions', of: entry });
      else if (event.key === 'ArrowRight') return;
    } else if (
      place.at === 'actions' &&
      value === '' &&
      (event.key === 'Backspace' || event.key === 'ArrowLeft')
    )
      onBack();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="spotlight-ask">
        <Icon name="search" />
        {place.at === 'actions' && <span className="spotlight-of clip">{place.of.title}</span>}
        <input
          ref={input}
          role="combobox"
          aria-label={place.at === 'all' ? spotlightStrings.open : spotlightStrings.actionsOf(place.of.title)}
          aria-expanded={flat.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={flat[index] ? `${id}-${index}` : undefined}
          placeholder={place.at === 'all' ? spotlightStrings.ask : spotlightStrings.askAction}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="plain spotlight-close" onClick={onBack}>
          {place.at === 'all' ? spotlightStrings.close : spotlightStrings.back}
        </button>
      </div>
      <Results
        id={id}
        groups={groups}
        busy={isSearching(found, text, place)}
        index={index}
        text={text}
        onEnter={setAt}
        onChoose={(entry) => choose(entry)}
      />
      <Told found={found} count={flat.length} text={text} place={place} />
      <Footer actions={flat[index]?.actions !== undefined} deep={place.at === 'actions'} />
    </>
  );
}

/** The groups to list, and how far the search is. */
function useGroups({ entries, sources, text, place }: ListProps): {
  groups: readonly SpotlightGroup[];
  found: Found;
} {
  const actionSource = useMemo(() => actionsSource(place), [place]);
  const found = useFound(actionSource ?? sources, actionSource ? '' : text.trim());
  const been = useStore(recents);
  const groups = useMemo(() => {
    const typed = text.trim();
    if (place.at === 'actions') {
      if (typed === '')
        return found.entries.length > 0 ? [{ title: spotlightStrings.actions, entries: found.entries }] : [];
      return groupEntries(found.entries, typed);
    }
    const recent = been.map((one) => ({
      ...one,
      id: `recent ${one.path}`,
      group: spotlightStrings.recent,
      run: () => {},
    })) as readonly SpotlightEntry[];
    if (typed === '') return startGroups(recent, entries);
    return groupEntries(
      [...found.entries.filter((entry) => fits(entry, found.text, typed)), ...entries, ...recent],
      typed,
    );
  }, [been, entries, found, place, text]);
  return { groups, found };
}

/** Before anything is typed: where the person was, and where one can go. */
function startGroups(
  recent: readonly SpotlightEntry[],
  entries: readonly SpotlightEntry[],
): readonly SpotlightGroup[] {
  const pages = entries.filter(({ group }) => group === spotlightStrings.goTo);
  return [
    { title: spotlightStrings.recent, entries: recent.slice(0, 6) },
    { title: spotlightStrings.goTo, entries: pages },
  ].filter((group) => group.entries.length > 0);
}

/** What was found for an older text shows on only if it still fits by name. */
function fits(entry: SpotlightEntry, foundFor: string, typed: string): boolean {
  return (
    foundFor === typed ||
    parseNameQuery(typed).words.every(({ text }) => entry.title.toLowerCase().includes(text))
  );
}

function actionsSource(place: Place): readonly SpotlightSource[] | undefined {
  if (place.at === 'all') return undefined;
  const { actions } = place.of;
  return [async (_text, _limit, signal) => (await actions?.(signal)) ?? []];
}

/** Runs the entry. Enter before the answer came waits for it: people type a name and Enter faster than any network. */
function useChoose(
  { text, place, onGo, onClose }: ListProps,
  found: Found,
  current: SpotlightEntry | undefined,
): (entry?: SpotlightEntry) => void {
  const [waits, setWaits] = useState<string>();
  const settled =
    place.at === 'actions' ? found.done : text.trim() === '' || (found.done && found.text === text.trim());
  const run = (entry: SpotlightEntry): void => {
    if (entry.disabled !== undefined) return;
    onClose();
    const { title, hint, icon, path } = entry;
    if (path !== undefined) remember({ title, hint, icon, path });
    // After the dialog is gone and the focus is back: what runs may open a dialog of its own.
    requestAnimationFrame(() => (path === undefined ? entry.run() : onGo(path)));
  };
  useEffect(() => {
    if (waits === undefined || !settled) return;
    setWaits(undefined);
    if (waits === text && current) run(current);
  }, [waits, settled, text, current]); // oxlint-disable-line react/exhaustive-deps -- `run` closes over nothing else that changes
  return (entry) => {
    if (entry) run(entry);
    else if (settled && current) run(current);
    else if (!settled && text.trim() !== '') setWaits(text);
  };
}

function Results(props: {
  readonly id: string;
  readonly groups: readonly SpotlightGroup[];
  /** More, or others, may come. */
  readonly busy: boolean;
  readonly index: number;
  readonly text: string;
  readonly onEnter: (index: number) => void;
  readonly onChoose: (entry: SpotlightEntry) => void;
}): ReactElement {
  const { id, groups, busy, index, text, onEnter, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = list.current?.querySelector('[data-at]');
    // The heading above the first entry comes into sight with it.
    (index === 0 ? here?.parentElement : here)?.scrollIntoView({ block: 'nearest' });
  }, [index, groups]);
  let place = 0;
  return (
    <div
      className="spotlight-list"
      id={`${id}-list`}
      role="listbox"
      aria-label={spotlightStrings.results}
      aria-busy={busy}
      ref={list}
    >
      {groups.map(({ title, entries }) => (
        <div key={title} role="group" aria-label={title} className="spotlight-group">
          <div className="spotlight-title" aria-hidden="true">
            {title}
          </div>
          {entries.map((entry) => {
            const at = place++;
            return (
              <Line
                key={entry.id}
                id={`${id}-${at}`}
                entry={entry}
                text={text}
                current={at === index}
                onEnter={() => onEnter(at)}
                onChoose={() => onChoose(entry)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

function Line(props: {
  readonly id: string;
  readonly entry: SpotlightEntry;
  readonly text: string;
  readonly current: boolean;
  readonly onEnter: () => void;
  readonly onChoose: () => void;
}): ReactElement {
  const { id, entry, text, current, onEnter, onChoose } = props;
  const { title, hint, icon, keys, status, disabled } = entry;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the text field has focus and keys; aria-activedescendant points here
    <div
      id={id}
      role="option"
      aria-selected={current}
      aria-disabled={disabled !== undefined || undefined}
      className="spotlight-line"
      data-at={current || undefined}
      onPointerMove={current ? undefined : onEnter}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <Icon name={icon} />
      <span className="spotlight-name clip">
        <Marked name={title} text={text} />
      </span>
      {status && (
        <span className="spotlight-status">
          <StatusMark word={status.word} />
          {status.text}
        </span>
      )}
      <span className="spotlight-hint clip">{disabled ?? hint}</span>
      {keys !== undefined && (
        <span className="spotlight-keys" aria-hidden="true">
          <Chord keys={keys} />
        </span>
      )}
    </div>
  );
}

/** The name with what was typed drawn in it. */
function Marked({ name, text }: { readonly name: string; readonly text: string }): ReactElement {
  const ranges = matchedRanges(name, parseNameQuery(text));
  if (ranges.length === 0) return <>{name}</>;
  const pieces: (string | ReactElement)[] = [];
  let done = 0;
  for (const [from, to] of ranges) {
    pieces.push(name.slice(done, from), <mark key={from}>{name.slice(from, to)}</mark>);
    done = to;
  }
  return (
    <>
      {pieces}
      {name.slice(done)}
    </>
  );
}

const isSearching = (found: Found, text: string, place: Place): boolean =>
  !found.done || (place.at === 'all' && found.text !== text.trim());

/** What the list cannot say: that nothing was found, that it is still searched, that it failed. Screen readers hear the count. */
function Told(props: {
  readonly found: Found;
  readonly count: number;
  readonly text: string;
  readonly place: Place;
}): ReactElement {
  const { found, count, place } = props;
  const text = props.text.trim();
  const searching = isSearching(found, text, place);
  return (
    <div className="spotlight-told">
      <p role="status" className={count > 0 && !found.problem ? 'only-spoken' : undefined}>
        {found.problem !== undefined && spotlightStrings.failed(found.problem)}
        {found.problem === undefined && wordsFor(place, text, count, searching)}
      </p>
      {count === 0 && !searching && place.at === 'all' && text !== '' && (
        <small>{spotlightStrings.noneHint}</small>
      )}
    </div>
  );
}

function wordsFor(place: Place, text: string, count: number, searching: boolean): string {
  if (place.at === 'actions' && count === 0)
    return searching ? spotlightStrings.asking : spotlightStrings.noActions;
  if (count > 0) return spotlightStrings.found(count);
  if (searching) return spotlightStrings.searching;
  return text === '' ? '' : spotlightStrings.none(text);
}

function Footer({ actions, deep }: { readonly actions: boolean; readonly deep: boolean }): ReactElement {
  const hints: [string, string][] = [
    ['↑↓', spotlightStrings.move],
    ['↵', spotlightStrings.choose],
  ];
  if (actions) hints.push(['Tab', spotlightStrings.more]);
  hints.push(['Esc', deep ? spotlightStrings.back : spotlightStrings.close]);
  return (
    <footer className="spotlight-foot" aria-hidden="true">
      {hints.map(([key, words]) => (
        <span key={key}>
          <kbd>{key}</kbd> {words}
        </span>
      ))}
    </footer>
  );
}
