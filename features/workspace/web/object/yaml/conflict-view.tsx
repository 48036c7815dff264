import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { conflictOwners, type Conflict } from './edit-outcome.ts';
import { formatValue } from './format-value.ts';
import type { FieldConflict, Side } from './three-way-merge.ts';
import { yamlStrings as strings } from './yaml-strings.ts';

/** Fields that both sides changed: what each was, is and would be, who changed it, and the choice. */
export function ConflictView(props: {
  readonly conflict: Conflict;
  readonly onResolve: (sides: ReadonlyMap<string, Side>) => void;
  readonly onBack: () => void;
}): ReactElement {
  const { conflict, onResolve, onBack } = props;
  const [sides, setSides] = useState<ReadonlyMap<string, Side>>(new Map());
  const all = (side: Side): void => setSides(new Map(conflict.conflicts.map(({ id }) => [id, side])));
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const left = conflict.conflicts.filter(({ id }) => !sides.has(id)).length;
  return (
    <section className="conflicts" aria-labelledby="conflict-title">
      <h2 id="conflict-title" tabIndex={-1} ref={title}>
        {strings.conflictTitle}
      </h2>
      <p>{strings.conflictHint(conflict.conflicts.length)}</p>
      <div className="yaml-bar">
        <button type="button" onClick={() => all('mine')}>
          {strings.allMine}
        </button>
        <button type="button" onClick={() => all('theirs')}>
          {strings.allTheirs}
        </button>
      </div>
      {conflict.conflicts.map((one) => (
        <ConflictField
          key={one.id}
          conflict={conflict}
          field={one}
          side={sides.get(one.id)}
          onSide={(side) => setSides(new Map([...sides, [one.id, side]]))}
        />
      ))}
      <div className="yaml-bar">
        <button type="button" className="primary" disabled={left > 0} onClick={() => onResolve(sides)}>
          {strings.resolve}
        </button>
        <button type="button" className="plain" onClick={onBack}>
          {strings.back}
        </button>
      </div>
    </section>
  );
}

function ConflictField(props: {
  readonly conflict: Conflict;
  readonly field: FieldConflict;
  readonly side: Side | undefined;
  readonly onSide: (side: Side) => void;
}): ReactElement {
  const { conflict, field, side, onSide } = props;
  const owners = conflictOwners(conflict, field);
  const last = owners.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
  const choice = (value: Side, title: string, shown: unknown): ReactElement => (
    <label className="conflict-side" data-chosen={side === value || undefined}>
      <span>
        <input type="radio" name={field.id} checked={side === value} onChange={() => onSide(value)} />
        {title}
      </span>
      <Shown value={shown} />
    </label>
  );
  return (
    <fieldset className="conflict">
      <legend className="mono">{field.id}</legend>
      {last && (
        <small>
          {strings.changedBy(last.manager)} {last.at !== undefined && <Age at={last.at} />}
        </small>
      )}
      <div className="conflict-sides">
        <div className="conflict-side">
          <span>{strings.base}</span>
          <Shown value={field.base} />
        </div>
        {choice('mine', strings.mine, field.mine)}
        {choice('theirs', strings.theirs, field.theirs)}
      </div>
    </fieldset>
  );
}

function Shown({ value }: { readonly value: unknown }): ReactElement {
  return value === undefined ? (
    <em className="absent">{strings.absent}</em>
  ) : (
    <pre dir="auto">{formatValue(value)}</pre>
  );
}
