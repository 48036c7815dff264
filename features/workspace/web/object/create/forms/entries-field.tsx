import { useEffect, useRef, useState, type ClipboardEvent, type ReactElement } from 'react';
import { IconButton } from '@krateyard/ui/parts/icon-button.tsx';
import type { Entry } from './field-shapes.ts';
import { formStrings as strings } from './form-strings.ts';

/** Names with values, a row for each. Lines of `NAME=value` that are pasted into a name become rows. */
export function EntriesField(props: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly entries: readonly Entry[];
  readonly masked: boolean;
  readonly onChange: (entries: readonly Entry[]) => void;
}): ReactElement {
  const { label, hint, error, entries, masked, onChange } = props;
  const box = useRef<HTMLFieldSetElement>(null);
  const [focus, setFocus] = useState<number>();
  useEffect(() => {
    if (focus === undefined) return;
    const keys = box.current?.querySelectorAll<HTMLElement>('.entry-key');
    (keys?.[Math.min(focus, keys.length - 1)] ?? box.current?.querySelector('button'))?.focus();
    setFocus(undefined);
  }, [focus]);
  const put = (row: number, next: Entry): void => onChange(entries.with(row, next));
  const paste = (row: number, event: ClipboardEvent): void => {
    const pasted = pairsOf(event.clipboardData.getData('text/plain'));
    if (pasted.length === 0) return;
    event.preventDefault();
    onChange([...entries.slice(0, row), ...pasted, ...entries.slice(row + 1)]);
  };
  return (
    <fieldset className="entries" ref={box}>
      <legend>{label}</legend>
      {entries.map(({ key, value }, row) => (
        // Rows have no other name than their place: the name of a row is what one types.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="entry" key={row}>
          <input
            className="entry-key mono"
            aria-label={strings.rowKey(label, row + 1)}
            aria-invalid={error === undefined ? undefined : true}
            placeholder={strings.keyPlaceholder}
            value={key}
            autoComplete="off"
            spellCheck={false}
            onPaste={(event) => paste(row, event)}
            onChange={(event) => put(row, { key: event.target.value, value })}
          />
          <textarea
            className={masked ? 'entry-value mono hidden-text' : 'entry-value mono'}
            aria-label={strings.rowValue(label, row + 1, key)}
            placeholder={strings.valuePlaceholder}
            rows={1}
            value={value}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => put(row, { key, value: event.target.value })}
          />
          <IconButton
            icon="close"
            label={strings.removeRow(key)}
            onPress={() => {
              onChange(entries.toSpliced(row, 1));
              setFocus(row);
            }}
          />
        </div>
      ))}
      <button
        type="button"
        className="plain entries-add"
        aria-label={strings.addTo(label)}
        onClick={() => {
          onChange([...entries, { key: '', value: '' }]);
          setFocus(entries.length);
        }}
      >
        + {strings.addRow}
      </button>
      {hint !== undefined && <small className="field-hint">{hint}</small>}
      {error !== undefined && (
        <small className="field-error" role="alert">
          {error}
        </small>
      )}
    </fieldset>
  );
}

/** Lines of `NAME=value`; none where a text is anything else. */
export function pairsOf(text: string): readonly Entry[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => /^\s*(?:export\s+)?([^\s=]+)=(.*?)\r?$/.exec(line));
  if (!pairs.every((pair) => pair !== null)) return [];
  return pairs.map(([, key = '', value = '']) => ({ key, value }));
}
