import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { strings } from '../strings.ts';
import { Icon } from './icon.tsx';
import { matchItems, type PickItem } from './pick-list.ts';
import './picker.css';

export interface PickerProps {
  /** Says what is picked, to screen readers and above the list. */
  readonly label: string;
  /** The button's face. */
  readonly face: ReactNode;
  readonly items: readonly PickItem[];
  readonly chosen: ReadonlySet<string>;
  /** Several at once: choosing toggles and the list stays open. */
  readonly several?: boolean;
  readonly onPick: (value: string) => void;
  readonly className?: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** A button with a list that is filtered by typing: arrows move, Enter picks, Esc closes. */
export function Picker(props: PickerProps): ReactElement {
  const { label, face, className = '', open, onOpenChange } = props;
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    onOpenChange(false);
    button.current?.focus();
  };
  useOutside(root, open, () => onOpenChange(false));
  return (
    <div className={`picker ${className}`} ref={root}>
      <button
        type="button"
        ref={button}
        className="plain picker-face"
        aria-haspopup="listbox"
        aria-expanded={open}
        onClick={() => onOpenChange(!open)}
      >
        <span className="only-spoken">{label}: </span>
        {face}
        <Icon name="chevron" />
      </button>
      {open && <PickerList {...props} onClose={close} />}
    </div>
  );
}

/** Nobody reads further, and a thousand namespaces must not make every key slow. */
const MOST_LINES = 250;

function PickerList(props: PickerProps & { readonly onClose: () => void }): ReactElement {
  const { label, items, chosen, several = false, onPick, onClose } = props;
  const [typed, setTyped] = useState('');
  const all = useMemo(() => matchItems(items, typed), [items, typed]);
  const found = useMemo(() => all.slice(0, MOST_LINES), [all]);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const [index, setAt] = usePlace(found, chosen);
  useEffect(() => {
    list.current?.querySelector('[data-at]')?.scrollIntoView({ block: 'nearest' });
  }, [index, found]);
  const pick = (value: string): void => {
    setAt(index);
    onPick(value);
    if (!several) onClose();
  };
  const chooseWhenThere = useChoiceWhenThere(found[index]?.value, items.length === 0, pick);
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (move !== undefined) setAt(Math.max(0, Math.min(found.length - 1, index + move)));
    else if (event.key === 'Enter') chooseWhenThere();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="picker-panel">
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found[index] ? `${id}-${index}` : undefined}
        aria-autocomplete="list"
        placeholder={strings.typeToFilter}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        className="picker-list"
        id={id}
        role="listbox"
        aria-label={label}
        aria-multiselectable={several}
        ref={list}
      >
        {found.length === 0 && <NoLines loading={items.length === 0} />}
        {found.map((item, place) => (
          <Line
            key={item.value}
            id={`${id}-${place}`}
            item={item}
            heading={item.group !== undefined && item.group !== found[place - 1]?.group}
            current={place === index}
            chosen={chosen.has(item.value)}
            onPick={pick}
          />
        ))}
        {all.length > found.length && (
          <p className="picker-none">{strings.moreMatches(all.length - found.length)}</p>
        )}
      </div>
    </div>
  );
}

/** Which line is current: until the person moves, the first that is chosen, as the list may still be on its way. */
function usePlace(
  found: readonly PickItem[],
  chosen: ReadonlySet<string>,
): [index: number, setIndex: (index: number) => void] {
  const [at, setAt] = useState<number>();
  const first = (): number => found.findIndex((item) => chosen.has(item.value));
  return [Math.min(at ?? Math.max(0, first()), found.length - 1), setAt];
}

function NoLines({ loading }: { readonly loading: boolean }): ReactElement {
  return <p className="picker-none">{loading ? strings.loadingRow : strings.nothingMatches}</p>;
}

/** Chooses now; while the list is still on its way, as soon as it is there: who knows the keys does not wait for it. */
function useChoiceWhenThere(
  first: string | undefined,
  loading: boolean,
  pick: (value: string) => void,
): () => void {
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    if (!waits || loading) return;
    setWaits(false);
    if (first !== undefined) pick(first);
    // oxlint-disable-next-line react/exhaustive-deps -- what is chosen changes with the list, not with the function
  }, [waits, loading, first]);
  return () => {
    if (first !== undefined) pick(first);
    else if (loading) setWaits(true);
  };
}

function Line(props: {
  readonly id: string;
  readonly item: PickItem;
  readonly heading: boolean;
  readonly current: boolean;
  readonly chosen: boolean;
  readonly onPick: (value: string) => void;
}): ReactElement {
  const { id, item, heading, current, chosen, onPick } = props;
  return (
    <>
      {heading && (
        <div className="picker-group" role="presentation">
          {item.group}
        </div>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the text field has focus and keys; aria-activedescendant points here */}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        className="picker-item"
        data-at={current || undefined}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onPick(item.value)}
      >
        <span className="picker-check">{chosen && <Icon name="check" />}</span>
        <span className="clip">{item.label}</span>
        {item.hint !== undefined && <span className="picker-hint">{item.hint}</span>}
      </div>
    </>
  );
}

/** Calls back at a press or focus outside of `root`. */
export function useOutside(
  root: { readonly current: HTMLElement | null },
  active: boolean,
  onOutside: () => void,
): void {
  const latest = useRef(onOutside);
  useEffect(() => {
    latest.current = onOutside;
  });
  useEffect(() => {
    if (!active) return undefined;
    const check = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) latest.current();
    };
    document.addEventListener('pointerdown', check);
    document.addEventListener('focusin', check);
    return () => {
      document.removeEventListener('pointerdown', check);
      document.removeEventListener('focusin', check);
    };
  }, [active, root]);
}
