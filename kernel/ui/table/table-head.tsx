import type { ReactElement } from 'react';
import { Icon } from '../parts/icon.tsx';
import { strings } from '../strings.ts';
import { isNumeric, orderOf, type TableColumn } from './table-column.ts';

export function TableHead(props: {
  readonly columns: readonly TableColumn[];
  readonly visible: readonly number[];
  readonly sort: string | undefined;
  readonly onSort: (name: string) => void;
  /** Narrow screens show no heads, screen readers hear them. */
  readonly hidden: boolean;
  /** Whether rows can be chosen, and whether all that are loaded are. */
  readonly chosen: 'none' | 'some' | 'all' | undefined;
  readonly onChooseAll: () => void;
}): ReactElement {
  const { columns, visible, sort, onSort, hidden, chosen, onChooseAll } = props;
  return (
    <div className={hidden ? 'only-spoken' : 'table-head'} role="row" aria-rowindex={1}>
      {chosen !== undefined && !hidden && (
        <div role="columnheader" className="cell-check">
          <button
            type="button"
            className="plain check-head"
            aria-label={strings.chooseLoaded}
            title={strings.chooseLoaded}
            aria-pressed={chosen === 'some' ? 'mixed' : chosen === 'all'}
            onClick={onChooseAll}
          >
            <Check state={chosen} />
          </button>
        </div>
      )}
      {visible.map((index) => {
        const column = columns[index]!;
        const order = orderOf(sort, column.name);
        return (
          <div
            key={column.name}
            role="columnheader"
            aria-sort={order}
            className={isNumeric(column) ? 'cell cell-right' : 'cell'}
            title={column.description}
          >
            {column.sortable === false ? (
              <span className="no-sorter">{column.title}</span>
            ) : (
              <button
                type="button"
                className="plain sorter"
                tabIndex={hidden ? -1 : 0}
                onClick={() => onSort(column.mostFirst ? `-${column.name}` : column.name)}
              >
                <span className="only-spoken">{strings.sortBy('')}</span>
                {column.title}
                {order !== 'none' && <Icon name={order === 'ascending' ? 'up' : 'down'} />}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Drawn, not a control: the row says to screen readers whether it is chosen. */
export function Check({ state }: { readonly state: 'none' | 'some' | 'all' }): ReactElement {
  return (
    <span className={`check check-${state}`} aria-hidden="true">
      {state === 'all' && <Icon name="check" />}
    </span>
  );
}
