import { useState, type ReactElement, type ReactNode } from 'react';
import { objectStrings as strings } from './object-strings.ts';

/** Any JSON as a tree that folds; the first levels stand open while they are small. */
export function ValueTree({
  value,
  label,
}: {
  readonly value: unknown;
  readonly label: string;
}): ReactElement {
  return (
    <div className="value-tree mono" role="group" aria-label={label}>
      <Node value={value} depth={0} />
    </div>
  );
}

const OPEN_DEPTH = 2;
const OPEN_ENTRIES = 12;
const FIRST_ENTRIES = 50;
const LONGEST_TEXT = 300;

function Node({ value, depth }: { readonly value: unknown; readonly depth: number }): ReactNode {
  const [all, setAll] = useState(false);
  if (typeof value !== 'object' || value === null) return <Scalar value={value} />;
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : Object.entries(value);
  if (entries.length === 0) return <span className="absent">{Array.isArray(value) ? '[]' : '{}'}</span>;
  const shown = all ? entries : entries.slice(0, FIRST_ENTRIES);
  return (
    <ul>
      {shown.map(([name, item]) => (
        <li key={name}>
          <Entry name={name} value={item} depth={depth} listed={Array.isArray(value)} />
        </li>
      ))}
      {shown.length < entries.length && (
        <li>
          <button type="button" className="plain unfold" onClick={() => setAll(true)}>
            {strings.more(entries.length - shown.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

function Entry(props: {
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
  readonly listed: boolean;
}): ReactElement {
  const { name, value, depth, listed } = props;
  const size = sizeOf(value);
  const [open, setOpen] = useState(depth < OPEN_DEPTH && size <= OPEN_ENTRIES);
  const title = listed ? titleOf(value, name) : name;
  if (size === 0) {
    return (
      <span className="value-line">
        <span className="value-name">{title}</span> <Node value={value} depth={depth + 1} />
      </span>
    );
  }
  return (
    <>
      <button type="button" className="plain value-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="value-name">{title}</span>
        {!open && <small>{size}</small>}
      </button>
      {open && <Node value={value} depth={depth + 1} />}
    </>
  );
}

const sizeOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.keys(value).length : 0;

/** An item of a list is called by its name or type where it has one. */
function titleOf(value: unknown, index: string): string {
  if (typeof value !== 'object' || value === null) return index;
  const { name, type } = value as Record<string, unknown>;
  const said = typeof name === 'string' ? name : typeof type === 'string' ? type : undefined;
  return said === undefined ? index : `${index} ${said}`;
}

function Scalar({ value }: { readonly value: unknown }): ReactNode {
  const [all, setAll] = useState(false);
  if (value === null || value === undefined) return <span className="absent">null</span>;
  if (typeof value !== 'string') return <span className="value-plain">{JSON.stringify(value)}</span>;
  if (value === '') return <span className="absent">“”</span>;
  if (value.length <= LONGEST_TEXT || all) return <span dir="auto">{value}</span>;
  return (
    <>
      <span dir="auto">{value.slice(0, LONGEST_TEXT)}</span>{' '}
      <button type="button" className="plain unfold" onClick={() => setAll(true)}>
        {strings.more(value.length - LONGEST_TEXT)}
      </button>
    </>
  );
}
