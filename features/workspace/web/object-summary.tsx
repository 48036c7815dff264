import type { ReactElement, ReactNode } from 'react';
import type { LiveObject } from '@krateyard/ui/live/live-frames';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { Status, StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { Time } from '@krateyard/ui/parts/time.tsx';
import type { Cell, TableColumn } from '@krateyard/ui/table/table-column';
import { conditionsOf, pairsOf, type Condition } from './object-facts.ts';
import { strings } from './strings.ts';

/** What it is and whether it is well: its columns, then conditions, labels, owners. Works for every kind. */
export function ObjectSummary(props: {
  readonly object: LiveObject;
  readonly columns: readonly TableColumn[];
  readonly cells: readonly Cell[];
}): ReactElement {
  const { object, columns, cells } = props;
  const conditions = conditionsOf(object);
  const owners = (object.metadata['ownerReferences'] ?? []) as readonly { kind: string; name: string }[];
  const created = object.metadata['creationTimestamp'];
  return (
    <>
      <dl className="facts">
        {columns.map((column, at) =>
          column.name === 'name' || column.name === 'age' ? null : (
            <Fact key={column.name} title={column.title}>
              <CellFact column={column} cell={cells[at] ?? null} />
            </Fact>
          ),
        )}
        {typeof created === 'string' && (
          <Fact title={strings.created}>
            <Time iso={created} /> (<Age at={Date.parse(created)} />)
          </Fact>
        )}
        {owners.length > 0 && (
          <Fact title={strings.owners}>{owners.map(({ kind, name }) => `${kind} ${name}`).join(', ')}</Fact>
        )}
        {object.metadata.uid !== undefined && (
          <Fact title={strings.uid}>
            <span className="mono">{object.metadata.uid}</span>
          </Fact>
        )}
      </dl>
      {conditions.length > 0 && <Conditions conditions={conditions} />}
      <Pairs title={strings.labels} pairs={pairsOf(object.metadata['labels'])} />
      <Pairs title={strings.annotations} pairs={pairsOf(object.metadata['annotations'])} />
    </>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{title}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );
}

function CellFact({ column, cell }: { readonly column: TableColumn; readonly cell: Cell }): ReactElement {
  if (cell === null || cell === '') return <span className="absent">{strings.none}</span>;
  if (typeof cell === 'object') return <Status word={cell.word} text={cell.text} />;
  return column.type === 'date' && typeof cell === 'number' ? <Age at={cell} /> : <>{String(cell)}</>;
}

function Conditions({ conditions }: { readonly conditions: readonly Condition[] }): ReactElement {
  return (
    <section className="panel-section">
      <h3>{strings.conditions}</h3>
      <ul className="conditions">
        {conditions.map((condition) => (
          <li key={condition.type}>
            <StatusMark word={condition.word} />
            <span>
              <b>{condition.type}</b> {condition.status}
              {condition.reason !== '' && ` · ${condition.reason}`}
            </span>
            {condition.since !== undefined && <Age at={condition.since} />}
            {condition.message !== '' && <p dir="auto">{condition.message}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Pairs(props: {
  readonly title: string;
  readonly pairs: readonly [string, string][];
}): ReactElement | null {
  const { title, pairs } = props;
  if (pairs.length === 0) return null;
  return (
    <section className="panel-section">
      <h3>{title}</h3>
      <ul className="pairs">
        {pairs.map(([name, value]) => (
          <li key={name}>
            <span>{breakable(name)}</span>
            <span dir="auto">{value}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A long key breaks after its prefix, not in the middle of a word. */
function breakable(key: string): ReactNode {
  const slash = key.indexOf('/') + 1;
  if (slash === 0) return key;
  return (
    <>
      {key.slice(0, slash)}
      <wbr />
      {key.slice(slash)}
    </>
  );
}
