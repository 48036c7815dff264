import { memo, useMemo, useState, type ReactElement, type ReactNode, type RefObject } from 'react';
import { Link } from 'wouter';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { usePointerRest } from '@krateyard/ui/table/use-pointer-rest';
import type { FeedEntry } from '../../contract/overview.ts';
import { objectHref } from '@krateyard/ui/page/object-href';
import { groupRepeats, matchesLine, type FeedLine } from './overview-model.ts';
import { overviewStrings as strings } from './overview-strings.ts';

export interface ChangesFeedProps {
  readonly changes: readonly FeedLine[];
  readonly input: RefObject<HTMLInputElement | null>;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onlyWarnings: boolean;
  readonly onOnlyWarnings: (only: boolean) => void;
  readonly paused: boolean;
  readonly onPaused: (paused: boolean) => void;
}

/** What changed lately, newest first. Stands still while it is paused, pointed at or has the focus, and says how much has come meanwhile. */
export function ChangesFeed(props: ChangesFeedProps): ReactElement {
  const { changes, filter, onlyWarnings, paused, onPaused } = props;
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const rest = usePointerRest(setPointed);
  const held = useHeld(changes, paused || pointed || focused);
  const groups = useMemo(
    () => groupRepeats(held.lines.filter((line) => matchesLine(line, filter, onlyWarnings))),
    [held.lines, filter, onlyWarnings],
  );
  return (
    <section className="overview-part changes" aria-labelledby="overview-changes">
      <header className="overview-head">
        <h2 id="overview-changes">{strings.changes}</h2>
        <span className="overview-dim changes-held" aria-live="off">
          {held.fresh > 0 && strings.fresh(held.fresh)}
        </span>
        <button type="button" aria-pressed={paused} onClick={() => onPaused(!paused)}>
          {paused ? strings.goOn : strings.pause}
        </button>
      </header>
      <FeedFilter {...props} />
      {groups.length === 0 ? (
        <p className="overview-note">{changes.length === 0 ? strings.noChanges : strings.noMatch}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it is told where the focus is, and does nothing else
        <ul
          className="change-lines"
          {...rest}
          onFocus={() => setFocused(true)}
          onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
        >
          {groups.map(({ id, lines }) => (
            <ChangeGroup key={id} lines={lines} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FeedFilter(props: ChangesFeedProps): ReactElement {
  const { input, filter, onFilter, onlyWarnings, onOnlyWarnings } = props;
  return (
    <search className="changes-filter">
      <Icon name="search" />
      <input
        ref={input}
        type="text"
        aria-label={strings.changesHint}
        placeholder={strings.changesHint}
        spellCheck={false}
        autoComplete="off"
        value={filter}
        onChange={(event) => onFilter(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onFilter('');
          event.currentTarget.blur();
        }}
      />
      <button type="button" aria-pressed={onlyWarnings} onClick={() => onOnlyWarnings(!onlyWarnings)}>
        {strings.onlyWarnings}
      </button>
    </search>
  );
}

/** The lines as they stood when they were held, and how many newer ones wait. */
function useHeld(
  changes: readonly FeedLine[],
  hold: boolean,
): { readonly lines: readonly FeedLine[]; readonly fresh: number } {
  const [held, setHeld] = useState<readonly FeedLine[]>();
  if (hold && held === undefined) setHeld(changes);
  if (!hold && held !== undefined) setHeld(undefined);
  return useMemo(() => {
    if (!held) return { lines: changes, fresh: 0 };
    const known = new Map(held.map(({ id, entry }) => [id, entry.at]));
    return { lines: held, fresh: changes.filter(({ id, entry }) => known.get(id) !== entry.at).length };
  }, [held, changes]);
}

/** One line, or the newest of several that say the same, with the others behind a button. */
const ChangeGroup = memo(
  function ChangeGroup({ lines }: { readonly lines: readonly FeedLine[] }): ReactElement {
    const [open, setOpen] = useState(false);
    const [first, ...others] = lines;
    return (
      <>
        <ChangeLine
          entry={first!.entry}
          more={
            others.length > 0 && (
              <button
                type="button"
                className="plain change-more"
                aria-expanded={open}
                onClick={() => setOpen(!open)}
              >
                <Icon name="chevron" />
                {open ? strings.less : strings.more(others.length)}
              </button>
            )
          }
        />
        {open && others.map(({ id, entry }) => <ChangeLine key={id} entry={entry} inner />)}
      </>
    );
  },
  (one, other) =>
    one.lines.length === other.lines.length &&
    one.lines.every(({ entry }, index) => entry === other.lines[index]!.entry),
);

const ChangeLine = memo(function ChangeLine(props: {
  readonly entry: FeedEntry;
  readonly more?: ReactNode;
  readonly inner?: boolean;
}): ReactElement {
  const { entry, more, inner = false } = props;
  const { type, kind, kindName, namespace, name, reason, message, count, at } = entry;
  const label = (
    <>
      {namespace !== undefined && namespace !== '' && <span className="problem-namespace">{namespace}/</span>}
      <bdi>{name}</bdi>
    </>
  );
  return (
    <li
      className={`change-line ${type === 'Warning' ? 'change-warning' : ''} ${inner ? 'change-inner' : ''}`}
    >
      <span className="change-mark">
        {type === 'Warning' && <StatusMark word="Failed" />}
        {type === 'Warning' && <span className="only-spoken">{strings.onlyWarnings}</span>}
      </span>
      <span className="change-what">
        <b>{reason}</b>
        {count > 1 && <span className="overview-dim">{uiStrings.times(count)}</span>}
        {more}
        <span className="change-object">
          <span className="overview-dim">{kindName}</span>
          {kind === undefined || name === '' ? (
            <span className="clip">{label}</span>
          ) : (
            <Link className="clip" href={objectHref(kind, clusterScoped(kind) ? undefined : namespace, name)}>
              {label}
            </Link>
          )}
        </span>
      </span>
      <span className="change-age">
        <Age at={at} />
      </span>
      {message !== '' && (
        <span className="change-message" title={message}>
          {message}
        </span>
      )}
    </li>
  );
});

/** Events of what is in no namespace are in one. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'v1/nodes',
  'namespaces',
  'v1/persistentvolumes',
  'storage.k8s.io/v1/storageclasses',
  'crds',
]);
const clusterScoped = (kind: string): boolean => CLUSTER_SCOPED.has(kind);
