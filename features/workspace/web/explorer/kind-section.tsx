import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { formatCount } from '@krateyard/ui/words/format-time';
import { formatView } from '../view-url.ts';
import { explorerStrings as strings } from './explorer-strings.ts';
import type { KindLine, KindSectionOf } from './kind-sections.ts';

/** Kinds under their heading, each a way to its table. */
export function KindSection({ title, custom, kinds }: KindSectionOf): ReactElement {
  return (
    <section aria-label={title}>
      <h2>
        <span className={custom ? 'clip mono' : 'clip'} title={custom ? title : undefined}>
          {title}
        </span>
        <small aria-hidden="true">{formatCount(kinds.length)}</small>
      </h2>
      <ul>
        {kinds.map((line) => (
          <li key={line.kind.path}>
            <Line {...line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ kind, hint }: KindLine): ReactElement {
  const { path, group, version, resource, count } = kind;
  return (
    <Link
      href={formatView({ kind: path })}
      data-line=""
      title={`${resource} · ${group === '' ? version : `${group}/${version}`}`}
    >
      <span className="clip">{kind.kind}</span>
      {hint !== undefined && <small className="kinds-hint clip">{hint}</small>}
      {count !== undefined && (
        <small className="kinds-count">
          <span className="only-spoken">{strings.kindObjects}</span>
          {formatCount(count)}
        </small>
      )}
    </Link>
  );
}
