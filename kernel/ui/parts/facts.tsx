import { useState, type ReactElement, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Age } from './age.tsx';
import { Time } from './time.tsx';
import { objectHref } from '../page/object-href.ts';
import { useNow } from './use-now.ts';
import { strings } from '../strings.ts';
import './facts.css';

/** A part of a summary under a heading. */
export function Section(props: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  const { title, aside, children } = props;
  return (
    <section className="panel-section">
      <h3>
        {title}
        {aside !== undefined && <small>{aside}</small>}
      </h3>
      {children}
    </section>
  );
}

/** Names with what they are; `Fact` inside. */
export function Facts({ children }: { readonly children: ReactNode }): ReactElement {
  return <dl className="facts">{children}</dl>;
}

/** Nothing is drawn where there is nothing to say. */
export function Fact({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  if (children === undefined || children === null || children === '' || children === false) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

/** The way to another object. */
export function ObjectLink(props: {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly children?: ReactNode;
}): ReactElement {
  const { kind, namespace, name, children } = props;
  return (
    <Link href={objectHref(kind, namespace, name)} className="object-link" dir="auto">
      {children ?? name}
    </Link>
  );
}

/** Local time and how long ago; undefined is nothing. */
export function When({ at }: { readonly at: number | undefined | null }): ReactNode {
  const now = useNow();
  if (at === undefined || at === null || Number.isNaN(at)) return null;
  const future = at > now + 60_000;
  return (
    <>
      <Time iso={new Date(at).toISOString()} />{' '}
      {future ? (
        <span className="absent">({strings.fromFuture})</span>
      ) : (
        <span className="absent">
          (<Age at={at} />)
        </span>
      )}
    </>
  );
}

export interface MiniColumn<Row> {
  readonly title: string;
  readonly numeric?: boolean;
  readonly render: (row: Row) => ReactNode;
}

const FOLDED_ROWS = 12;
/** Where there is little room, a table of more columns is a list of two lines each. */
const LINE_COLUMNS = 3;

/** A small table that shows the first rows and unfolds. */
export function MiniTable<Row>(props: {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly MiniColumn<Row>[];
  readonly keyOf: (row: Row, index: number) => string;
}): ReactElement {
  const { label, rows, columns, keyOf } = props;
  const [open, setOpen] = useState(false);
  const shown = open ? rows : rows.slice(0, FOLDED_ROWS);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls sideways, so Tab must reach it */}
      <div className="mini-table-scroll" tabIndex={0} role="region" aria-label={label}>
        <table className={`mini-table ${columns.length > LINE_COLUMNS ? 'mini-table-lines' : ''}`}>
          <thead>
            <tr>
              {columns.map(({ title, numeric }) => (
                <th key={title} scope="col" className={numeric ? 'numeric' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={keyOf(row, index)}>
                {columns.map(({ title, numeric, render }) => (
                  <td key={title} className={numeric ? 'numeric' : undefined} data-title={title} dir="auto">
                    {render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > FOLDED_ROWS && (
        <button type="button" className="plain unfold" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? strings.showLess : strings.showAll(rows.length)}
        </button>
      )}
    </>
  );
}

/** How much of a whole, with its parts named; `tone` by what it means. */
export function Meter(props: {
  readonly label: string;
  readonly share: number;
  readonly tone?: 'ok' | 'warn' | 'bad' | 'off';
}): ReactElement {
  const { label, share, tone = 'ok' } = props;
  const percent = Math.max(0, Math.min(100, share * 100));
  return (
    <span
      className={`meter tone-${tone}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <span style={{ width: `${percent}%` }} />
    </span>
  );
}

export function Chips({ items }: { readonly items: readonly string[] }): ReactNode {
  if (items.length === 0) return null;
  return (
    <span className="chips">
      {items.map((item) => (
        <span key={item} className="chip mono" dir="auto">
          {item}
        </span>
      ))}
    </span>
  );
}
