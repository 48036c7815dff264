import { useState, type ReactElement } from 'react';
import { NARROW, useMedia } from '../look/use-media.ts';
import { Icon } from '../parts/icon.tsx';
import { Picker } from '../parts/picker.tsx';
import { strings } from '../strings.ts';
import { orderOf, type TableColumn } from './table-column.ts';
import './column-picker.css';

/** The table's heads where it has none to press: on narrow screens, what it is sorted by and which way. Nothing elsewhere. */
export function SortPicker(props: {
  readonly columns: readonly TableColumn[];
  /** What the rows are sorted by now, by a column's name, descending with a leading minus. */
  readonly sort: string;
  /** As of a head that is pressed: the same column again turns round. */
  readonly onSort: (name: string) => void;
}): ReactElement | null {
  const { columns, sort, onSort } = props;
  const [open, setOpen] = useState(false);
  if (!useMedia(NARROW)) return null;
  const sortable = columns.filter((column) => column.sortable !== false);
  const by = sortable.find(({ name }) => orderOf(sort, name) !== 'none');
  const order = by && orderOf(sort, by.name);
  return (
    <Picker
      label={strings.sortedBy}
      face={
        <>
          <Icon name="sort" />
          {by && order !== undefined && (
            <span className="only-spoken">{strings.sortedAs(by.title, strings.order[order])}</span>
          )}
        </>
      }
      items={sortable.map(({ name, title }) => ({
        value: name,
        label: title,
        hint: by?.name === name && order !== undefined ? strings.order[order] : undefined,
      }))}
      chosen={new Set(by ? [by.name] : [])}
      onPick={(name) => {
        const column = sortable.find((one) => one.name === name);
        onSort(column?.mostFirst ? `-${name}` : name);
      }}
      open={open}
      onOpenChange={setOpen}
      className="column-picker"
    />
  );
}
