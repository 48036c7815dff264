import { useMemo, type ReactElement } from 'react';
import { Icon } from '../parts/icon.tsx';
import { Picker } from '../parts/picker.tsx';
import { leadOf, type TableColumn } from './table-column.ts';
import { strings } from '../strings.ts';
import './column-picker.css';
import type { ChosenColumns } from './kept-columns.ts';

const RESET = '';

/** Which columns show. The one that names the row is not among them: it always does. */
export function ColumnPicker(props: {
  /** All that the kind has. */
  readonly columns: readonly TableColumn[];
  readonly chosen: ChosenColumns;
  readonly onChoose: (chosen: ChosenColumns) => void;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}): ReactElement {
  const { columns, chosen, onChoose, open, onOpenChange } = props;
  const lead = leadOf(columns);
  const rest = useMemo(() => columns.filter((_, index) => index !== lead), [columns, lead]);
  const shown = useMemo(
    () => new Set(chosen ?? rest.filter(({ priority }) => priority === 0).map(({ name }) => name)),
    [chosen, rest],
  );
  const pick = (name: string): void => {
    if (name === RESET) return onChoose(undefined);
    const next = new Set(shown);
    if (!next.delete(name)) next.add(name);
    onChoose(rest.map((column) => column.name).filter((one) => next.has(one)));
  };
  return (
    <Picker
      label={strings.columns}
      face={<Icon name="columns" />}
      items={[
        ...(chosen === undefined ? [] : [{ value: RESET, label: strings.resetColumns }]),
        ...rest.map(({ name, title, description }) => ({
          value: name,
          label: title,
          hint: description?.slice(0, 24),
        })),
      ]}
      chosen={shown}
      several
      onPick={pick}
      open={open}
      onOpenChange={onOpenChange}
      className="column-picker"
    />
  );
}
