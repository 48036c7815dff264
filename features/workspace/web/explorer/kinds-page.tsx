import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { strings as uiStrings } from '@krateyard/ui/strings';
import { LoadingRows } from '@krateyard/ui/table/loading-rows.tsx';
import { formatCount } from '@krateyard/ui/words/format-time';
import type { KindSummary } from '../../contract/resource-api.ts';
import { kindItems } from '../kind-groups.ts';
import { matchItems, type PickItem } from '@krateyard/ui/parts/pick-list';
import { useKnownKinds, type KnownKinds } from '../use-kinds.ts';
import { formatView } from '../view-url.ts';
import { explorerStrings as strings } from './explorer-strings.ts';
import './explorer.css';

/** Every kind that this person may list, grouped as people think, with how many there are where that is known. */
export function KindsPage(): ReactElement {
  const [round, setRound] = useState(0);
  const known = useKnownKinds(round);
  const { kinds } = known;
  const [typed, setTyped] = useState('');
  useEffect(() => {
    document.title = `${strings.allKinds} · Krateyard`;
  }, []);
  const counts = useMemo(() => new Map(kinds.map((kind) => [kind.path, kind.count])), [kinds]);
  const found = useMemo(() => matchItems(kindItems(kinds), typed), [kinds, typed]);
  const groups = useMemo(() => Map.groupBy(found, (item) => headingOf(item, kinds)), [found, kinds]);
  return (
    <section className="kinds" aria-label={strings.kindsTitle}>
      <header>
        <h1>{strings.kindsTitle}</h1>
        <input
          type="text"
          aria-label={strings.kindsFilter}
          placeholder={strings.kindsFilter}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </header>
      <KindsState known={known} onRetry={() => setRound(round + 1)} />
      {kinds.length > 0 && found.length === 0 && <p role="status">{strings.noKinds}</p>}
      <div className="kinds-groups">
        {[...groups].map(([group, items]) => (
          <section key={group} aria-label={group}>
            <h2>{group}</h2>
            <ul>
              {items.map(({ value, label, hint }) => {
                const twin = items.some((other) => other.label === label && other.value !== value);
                return (
                  <li key={value}>
                    <Link href={formatView({ kind: value })} title={hint}>
                      <span className="clip">
                        {label}
                        {twin && <small className="kinds-twin">{hint}</small>}
                      </span>
                      <Count count={counts.get(value)} />
                    </Link>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}

/** What stands above the kinds, or in their place. */
function KindsState(props: { readonly known: KnownKinds; readonly onRetry: () => void }): ReactElement {
  const { kinds, state } = props.known;
  if (typeof state === 'object')
    return (
      <Notice
        icon="unplugged"
        tone="bad"
        title={kinds.length > 0 ? strings.kindsOld : strings.kindsFailed}
        status={state.failed}
        actions={
          <button type="button" onClick={props.onRetry}>
            {uiStrings.tryAgain}
          </button>
        }
      />
    );
  if (kinds.length > 0) return <p className="kinds-note">{strings.kindsCounts}</p>;
  if (state === 'asking') return <LoadingRows />;
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

function Count({ count }: { readonly count: number | undefined }): ReactElement | null {
  return count === undefined ? null : <small>{formatCount(count)}</small>;
}

/** Custom kinds stand under the API group that they came with. */
function headingOf(item: PickItem, kinds: readonly KindSummary[]): string {
  const kind = kinds.find(({ path }) => path === item.value);
  const custom = kind !== undefined && kind.group.includes('.') && !kind.group.endsWith('.k8s.io');
  return custom ? kind.group : (item.group ?? '');
}
