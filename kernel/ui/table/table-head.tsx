import type { ReactElement } from 'react';
import { Icon } from '../parts/icon.tsx';
import { strings } from '../strings.ts';
import { isNumeric, type TableColumn } from './table-column.ts';

export function TableHead(props: {
  readonly columns: readonly TableColumn[];
  readonly visible: readonly number[];
  readonly sort: string | undefined;
  readonly onSort: (name: string) => void;
  /** Narrow screens show no heads, screen readers hear them. */
  readonly hidden: boolean;
}): ReactElement {
  const { columns, visible, sort, onSort, hidden } = props;
  return (
    <div className={hidden ? 'only-spoken' : 'table-head'} role="row" aria-rowindex={1}>
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
            <button
              type="button"
              className="plain sorter"
              tabIndex={hidden ? -1 : 0}
              onClick={() => onSort(column.name)}
            >
              <span className="only-spoken">{strings.sortBy('')}</span>
              {column.title}
              {order !== 'none' && <Icon name={order === 'ascending' ? 'up' : 'down'} />}
            </button>
          </div>
        );
      })}
    </div>
  );
}

function orderOf(sort: string | undefined, name: string): 'ascending' | 'descending' | 'none' {
  if (sort === name) return 'ascending';
  return sort === `-${name}` ? 'descending' : 'none';
}
