import { useState, type ReactElement } from 'react';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { CollectionView } from '@krateyard/ui/live/live-collection';
import type { LiveHead, LiveQuery } from '@krateyard/ui/live/live-source';
import { loadPart } from '@krateyard/ui/page/load-part';
import { MenuButton, type MenuItem } from '@krateyard/ui/parts/menu.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import type { Cells } from '@krateyard/ui/table/cells';
import { ColumnPicker } from '@krateyard/ui/table/column-picker.tsx';
import { SortPicker } from '@krateyard/ui/table/sort-picker.tsx';
import type { TableColumn } from '@krateyard/ui/table/table-column';
import { explorerStrings as strings } from './explorer-strings.ts';
import { exportHref } from './list-params.ts';
import type { ShownColumns } from '@krateyard/ui/table/use-shown-columns';

/** What can be done with the view as a whole: choose its columns, copy it as a command, take it away as a file. */
export function ViewTools(props: {
  readonly view: CollectionView<LiveHead>;
  readonly query: LiveQuery;
  readonly sort: string;
  readonly all: Cells;
  readonly shown: ShownColumns;
  /** With the columns that are measured. */
  readonly sortable: readonly TableColumn[];
  readonly onSort: (name: string) => void;
}): ReactElement {
  const { view, query, sort, all, shown, sortable, onSort } = props;
  const [open, setOpen] = useState(false);
  const download = (format: 'yaml' | 'csv') => (): void => {
    location.assign(
      exportHref(
        query,
        sort,
        format,
        shown.chosen === undefined ? [] : shown.columns.map(({ name }) => name),
      ),
    );
  };
  const words = strings.export[query.merge ? 'merged' : 'objects'];
  const items: readonly MenuItem[] = [
    { id: 'kubectl', label: strings.copyView, icon: 'copy', run: () => copyView(view, query) },
    { id: 'yaml', label: words.yaml, icon: 'download', group: 'export', run: download('yaml') },
    { id: 'csv', label: words.csv, icon: 'download', group: 'export', run: download('csv') },
  ];
  return (
    <span className="view-tools">
      <SortPicker columns={sortable} sort={sort} onSort={onSort} />
      <ColumnPicker
        columns={all.columns}
        chosen={shown.chosen}
        onChoose={shown.choose}
        open={open}
        onOpenChange={setOpen}
      />
      <MenuButton label={strings.view} items={items} />
    </span>
  );
}

function copyView({ head }: CollectionView<LiveHead>, query: LiveQuery): void {
  if (!head) return;
  const cells = Object.entries(query.where ?? {}).map(([name, texts]) => `${name}: ${texts.join(', ')}`);
  const further = [...(query.search ? [query.search] : []), ...cells].join('; ');
  const { namespaces, labelSelector, fieldSelector, merge: merged } = query;
  loadPart(() => import('./kubectl-dialog.tsx')).then(
    ({ openViewDialog }) =>
      openViewDialog({ kind: head.kind, namespaces, labelSelector, fieldSelector, further, merged }),
    (error: unknown) => toast('bad', statusOf(error).message),
  );
}
