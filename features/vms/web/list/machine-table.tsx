import { useCallback, useEffect, useMemo, type ReactElement } from 'react';
import { useLocation } from 'wouter';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import { NARROW, useMedia } from '@krateyard/ui/look/use-media';
import type { Cells } from '@krateyard/ui/table/cells';
import { SelectionBar } from '@krateyard/ui/table/selection-bar.tsx';
import { NOTHING_CHOSEN, refreshed, type Selection } from '@krateyard/ui/table/table-selection';
import type { Range } from '@krateyard/ui/table/table-window';
import { Table } from '@krateyard/ui/table/table.tsx';
import { useRowMenu } from '@krateyard/ui/table/use-row-menu.tsx';
import { useRowSelection } from '@krateyard/ui/table/use-row-selection';
import type { VmInfo } from '../../contract/vm-api.ts';
import { useMachineKeys } from '../actions/use-machine-keys.ts';
import { useMachineActions } from '../actions/use-machine-actions.ts';
import { vmHref, type VmsUrl } from '../vm-address.ts';
import { vmStrings as strings } from '../vm-strings.ts';
import { machineOf, type MachineRow } from './machine-rows.ts';
import { MachineMenu } from './machine-menu.tsx';

/** The machines with all that can be done to them: open, choose, act by menu, key and bar. */
export function MachineTable(props: {
  readonly url: VmsUrl;
  readonly sort: string;
  readonly onSort: (name: string) => void;
  readonly rows: readonly MachineRow[];
  /** The rows near the screen. */
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  readonly cells: Cells;
  readonly onHold: (held: boolean) => void;
  readonly stale: boolean;
}): ReactElement {
  const { url, sort, onSort, rows, range, onRange, cells, onHold, stale } = props;
  const [, navigate] = useLocation();
  const compact = useMedia(NARROW);
  const place = `${url.filter} ${url.namespaces.join()}`;
  const { selection, setSelection, targetsOfRow, atHand, onCursor } = useRowSelection({
    place,
    rows,
    targetsOf: machinesOf,
    keyGroup: strings.keys,
  });
  useLetGo(rows, selection, setSelection);
  useMachineKeys(atHand);
  const { menu, onMenu } = useRowMenu({ View: MachineMenu, targetsOf: targetsOfRow, keyOf });
  return (
    <>
      <div className="resources-rows">
        <Table
          label={strings.room}
          columns={cells.columns}
          cellsOf={cells.cellsOf}
          rows={rows}
          offset={0}
          total={rows.length}
          window={range}
          onWindow={onRange}
          sort={sort}
          place={`${place} ${url.sort}`}
          onSort={onSort}
          onHold={onHold}
          openKey={undefined}
          onOpen={useCallback(
            (row: LiveRow) => {
              const { namespace, name } = machineOf(row);
              navigate(vmHref(namespace, name));
            },
            [navigate],
          )}
          stale={stale}
          compact={compact}
          selection={selection}
          onSelection={setSelection}
          onCursor={onCursor}
          onMenu={onMenu}
        />
      </div>
      {menu}
      {selection.size > 0 && <BulkBar rows={rows} selection={selection} onSelection={setSelection} />}
    </>
  );
}

/** What is gone is nothing to act on. */
const machinesOf = (rows: readonly LiveRow[]): readonly VmInfo[] =>
  rows.filter(({ gone }) => !gone).map(machineOf);

const keyOf = ({ id }: VmInfo): string => id;

/** What is gone is not chosen any more. */
function useLetGo(
  rows: readonly MachineRow[],
  selection: Selection,
  setSelection: (selection: Selection) => void,
): void {
  const present = useMemo(() => new Set(rows.filter(({ gone }) => !gone).map(({ key }) => key)), [rows]);
  useEffect(() => {
    const kept = [...selection].filter(([key]) => present.has(key));
    if (kept.length < selection.size) setSelection(new Map(kept));
  }, [selection, present, setSelection]);
}

function BulkBar(props: {
  readonly rows: readonly MachineRow[];
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
}): ReactElement {
  const { selection, rows, onSelection } = props;
  const vms = useMemo(() => refreshed(selection, rows).map(machineOf), [selection, rows]);
  const offered = useMachineActions(vms);
  return (
    <SelectionBar
      count={selection.size}
      actions={offered
        .filter(({ action }) => action.id !== 'reset')
        .map(({ action, label, disabled, run }) => ({
          id: action.id,
          label,
          icon: action.icon,
          danger: action.group === 'destroy',
          disabled,
          run,
        }))}
      more={offered
        .filter(({ action }) => action.id === 'reset')
        .map(({ action, label, disabled, run }) => ({
          id: action.id,
          label,
          icon: action.icon,
          disabled,
          run,
        }))}
      onClear={() => onSelection(NOTHING_CHOSEN)}
    />
  );
}
