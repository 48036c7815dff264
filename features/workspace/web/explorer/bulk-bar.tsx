import { useState, type ReactElement } from 'react';
import { requestJson, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveRow } from '@krateyard/ui/live/live-collection';
import { keyOf, type LiveObject } from '@krateyard/ui/live/live-frames';
import type { LiveQuery } from '@krateyard/ui/live/live-source';
import type { MenuItem } from '@krateyard/ui/parts/menu.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import { SelectionBar } from '@krateyard/ui/table/selection-bar.tsx';
import type { Selection } from '@krateyard/ui/table/table-selection';
import { MOST_TARGETS } from '../../contract/most-targets.ts';
import type { ActionTarget } from '../actions/object-action.ts';
import { runAction, useOfferedActions } from '../actions/use-action-items.ts';
import { explorerStrings as strings } from './explorer-strings.ts';
import { listParams } from './list-params.ts';

/** Actions that stand in the bar themselves; all others are behind "More". */
const IN_THE_BAR = new Set(['scale', 'restart', 'delete', 'label', 'logs', 'cordon', 'suspend']);

/** What can be done to the rows that are chosen. Stands below the table, so that nothing jumps. */
export function BulkBar(props: {
  readonly selection: Selection;
  readonly targets: readonly ActionTarget[];
  /** The same with their present states. */
  readonly fresh: () => readonly ActionTarget[];
  readonly query: LiveQuery;
  readonly sort: string | undefined;
  readonly total: number;
  readonly onSelection: (selection: Selection) => void;
}): ReactElement {
  const { selection, targets, fresh, query, sort, total, onSelection } = props;
  const offered = useOfferedActions(targets);
  const barred = offered.filter(({ action }) => IN_THE_BAR.has(action.id));
  const more = offered.filter((one) => !barred.includes(one));
  return (
    <SelectionBar
      count={selection.size}
      actions={barred.map(({ action, disabled }) => ({
        id: action.id,
        label: action.label,
        icon: action.icon,
        danger: action.group === 'destroy',
        disabled,
        run: () => runAction(action, fresh()),
      }))}
      more={more.map(({ action, disabled }): MenuItem => ({
        id: action.id,
        label: action.label,
        icon: action.icon,
        group: action.group,
        disabled,
        run: () => runAction(action, fresh()),
      }))}
      onClear={() => onSelection(new Map())}
    >
      {selection.size < Math.min(total, MOST_TARGETS) && (
        <SelectAll query={query} sort={sort} total={total} onSelection={onSelection} />
      )}
    </SelectionBar>
  );
}

/** The table holds a window of what matches: the rest is asked for, up to what can be acted on at once. */
function SelectAll(props: {
  readonly query: LiveQuery;
  readonly sort: string | undefined;
  readonly total: number;
  readonly onSelection: (selection: Selection) => void;
}): ReactElement {
  const { query, sort, total, onSelection } = props;
  const [busy, setBusy] = useState(false);
  const all = total <= MOST_TARGETS;
  const select = async (): Promise<void> => {
    setBusy(true);
    try {
      const params = listParams(query, sort);
      params.set('limit', String(MOST_TARGETS));
      const { items } = await requestJson<{ items: readonly LiveObject[] }>(
        `/api/resources/${query.kind}?${params}`,
      );
      const rows = items.map((object): LiveRow => ({ key: keyOf(object), object, appearedAt: undefined }));
      onSelection(new Map(rows.map((row) => [row.key, row])));
    } catch (error) {
      toast('bad', strings.selectFailed(statusOf(error).message));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      className="plain"
      disabled={busy}
      title={all ? undefined : strings.selectFirstHint(MOST_TARGETS)}
      onClick={() => void select()}
    >
      {all ? strings.selectAll(total) : strings.selectFirst(MOST_TARGETS, total)}
    </button>
  );
}
