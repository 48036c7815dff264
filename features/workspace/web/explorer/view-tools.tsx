import { useState, type ReactElement } from 'react';
import type { CollectionView } from '@krateyard/ui/live/live-collection';
import type { LiveHead, LiveQuery } from '@krateyard/ui/live/live-source';
import { MenuButton, type MenuItem } from '@krateyard/ui/parts/menu.tsx';
import type { Cells } from '@krateyard/ui/table/cells';
import { ColumnPicker } from '@krateyard/ui/table/column-picker.tsx';
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
}): ReactElement {
  const { view, query, sort, all, shown } = props;
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
  const items: readonly MenuItem[] = [
    { id: 'kubectl', label: strings.copyView, icon: 'copy', run: () => void copyView(view, query) },
    { id: 'yaml', label: strings.exportYaml, icon: 'download', group: 'export', run: download('yaml') },
    { id: 'csv', label: strings.exportCsv, icon: 'download', group: 'export', run: download('csv') },
  ];
  return (
    <span className="view-tools">
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

async function copyView(view: CollectionView<LiveHead>, query: LiveQuery): Promise<void> {
  if (!view.head) return;
  const { openViewDialog } = await import('./kubectl-dialog.tsx');
  const cells = Object.entries(query.where ?? {}).map(([name, texts]) => `${name}: ${texts.join(', ')}`);
  const further = [...(query.search ? [query.search] : []), ...cells].join('; ');
  openViewDialog({
    kind: view.head.kind,
    namespaces: query.namespaces,
    labelSelector: query.labelSelector,
    fieldSelector: query.fieldSelector,
    further,
  });
}
