import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react';
import { Icon, type IconName } from './icon.tsx';
import { Chord } from './keys-help.tsx';
import { movedBy, TYPE_AHEAD_MS, typedTo } from './menu-keys.ts';
import { useOutside } from './picker.tsx';
import './menu.css';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: IconName | undefined;
  /** The key that does the same without the menu; shown at the right. */
  readonly keys?: string | undefined;
  /** A line parts it from an item of another group. */
  readonly group?: string | undefined;
  /** Why it cannot be chosen now: it stays, can be reached, and says so. */
  readonly disabled?: string | undefined;
  readonly tone?: 'bad' | undefined;
  /** For choices: whether it is chosen. */
  readonly checked?: boolean | undefined;
  readonly run: () => void;
}

/** A point in the window, or the box of what the menu belongs to: it opens below it, or above where there is more room. */
export type MenuPlace = { readonly x: number; readonly y: number } | DOMRect;

/**
 * A popup menu in the top layer: arrows, Home, End and typing move, Enter and Space choose, Esc and Tab close. Whoever opens it
 * gives the focus back when `onClose` is called.
 */
export function Menu(props: {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly place: MenuPlace;
  readonly onClose: (how: 'chosen' | 'escaped' | 'left') => void;
}): ReactElement {
  const { label, items, place, onClose } = props;
  const root = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const typed = useRef({ text: '', when: 0 });
  const id = useId();
  usePlaced(root, place);
  useOutside(root, true, () => onClose('left'));
  const index = Math.min(at, items.length - 1);
  const denied = deniedAlike(items);
  useEffect(() => {
    root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]')[index]?.focus();
  }, [index]);
  const choose = (item: MenuItem): void => {
    if (item.disabled !== undefined) return;
    onClose('chosen');
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') onClose('escaped');
    else if (event.key === 'Enter' || (event.key === ' ' && !isTypingOn(event, typed.current))) {
      if (items[index]) choose(items[index]);
    } else {
      const next = movedBy(event.key, index, items.length) ?? typedPlace(event, typed.current, items, index);
      if (next === undefined) return;
      setAt(next);
    }
    event.preventDefault();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are onKeyDown; a click must not reach the row behind
    <div
      ref={root}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className="menu"
      onKeyDown={onKeyDown}
      onClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.stopPropagation()}
    >
      {denied !== undefined && (
        <p id={`${id}-denied`} className="menu-denied" role="presentation">
          {denied}
        </p>
      )}
      {items.map((item, place) => (
        <Line
          key={item.id}
          id={denied === undefined ? `${id}-${place}` : `${id}-denied`}
          why={denied === undefined}
          item={item}
          parted={place > 0 && item.group !== items[place - 1]!.group}
          current={place === index}
          onEnter={() => setAt(place)}
          onChoose={() => choose(item)}
        />
      ))}
    </div>
  );
}

/** Why none of several can be chosen, where that is one reason: said once. */
function deniedAlike(items: readonly MenuItem[]): string | undefined {
  const why = items[0]?.disabled;
  return items.length > 1 && items.every(({ disabled }) => disabled === why) ? why : undefined;
}

function Line(props: {
  /** Of the words that say why it cannot be chosen. */
  readonly id: string;
  /** Whether they stand in the line itself. */
  readonly why: boolean;
  readonly item: MenuItem;
  readonly parted: boolean;
  readonly current: boolean;
  readonly onEnter: () => void;
  readonly onChoose: () => void;
}): ReactElement {
  const { id, why, item, parted, current, onEnter, onChoose } = props;
  const { icon, label, keys, disabled, tone, checked } = item;
  return (
    <>
      {parted && <hr />}
      <button
        type="button"
        role={checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
        aria-checked={checked}
        aria-disabled={disabled !== undefined || undefined}
        aria-describedby={disabled === undefined ? undefined : id}
        tabIndex={current ? 0 : -1}
        className={`menu-item plain ${tone ? `menu-${tone}` : ''}`}
        onPointerMove={current ? undefined : onEnter}
        onClick={onChoose}
      >
        <span className="menu-icon">
          {checked === undefined ? icon && <Icon name={icon} /> : checked && <Icon name="check" />}
        </span>
        <span className="menu-words">
          <span>{label}</span>
          {why && disabled !== undefined && <small id={id}>{disabled}</small>}
        </span>
        {keys !== undefined && (
          <span className="menu-keys" aria-hidden="true">
            <Chord keys={keys} />
          </span>
        )}
      </button>
    </>
  );
}

/** A space chooses, unless a word has been begun that it may belong to. */
const isTypingOn = (event: KeyboardEvent, typed: { text: string; when: number }): boolean =>
  typed.text !== '' && event.timeStamp - typed.when <= TYPE_AHEAD_MS;

function typedPlace(
  event: KeyboardEvent,
  typed: { text: string; when: number },
  items: readonly MenuItem[],
  at: number,
): number | undefined {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  typed.text = event.timeStamp - typed.when > TYPE_AHEAD_MS ? event.key : typed.text + event.key;
  typed.when = event.timeStamp;
  return typedTo(items, typed.text, at);
}

const EDGE_PX = 8;

/** Shows the popover where it belongs and wholly inside of the window; scrolling in it where it is too long. */
function usePlaced(root: { readonly current: HTMLDivElement | null }, place: MenuPlace): void {
  useLayoutEffect(() => {
    if (root.current) showAt(root.current, place);
  }, [root, place]);
}

function showAt(menu: HTMLElement, place: MenuPlace): void {
  menu.showPopover();
  const box = 'width' in place ? place : new DOMRect(place.x, place.y, 0, 0);
  const below = innerHeight - box.bottom - EDGE_PX;
  const above = box.top - EDGE_PX;
  const down = menu.offsetHeight <= below || below >= above;
  menu.style.maxHeight = `${Math.max(80, down ? below : above)}px`;
  menu.style.top = `${down ? box.bottom + 2 : Math.max(EDGE_PX, box.top - menu.offsetHeight - 2)}px`;
  const left = box.left + menu.offsetWidth > innerWidth - EDGE_PX ? box.right - menu.offsetWidth : box.left;
  menu.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - menu.offsetWidth - EDGE_PX))}px`;
}

/** A button with a menu: the arrow down opens it too. */
export function MenuButton(props: {
  readonly label: string;
  /** Without: three dots. */
  readonly face?: ReactNode;
  readonly items: readonly MenuItem[] | (() => readonly MenuItem[]);
  readonly className?: string;
}): ReactElement {
  const { label, face, items, className = 'plain square' } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<MenuPlace>();
  const open = (): void => setPlace(button.current?.getBoundingClientRect());
  return (
    <>
      <button
        type="button"
        ref={button}
        className={className}
        aria-haspopup="menu"
        aria-expanded={place !== undefined}
        aria-label={face === undefined ? label : undefined}
        title={face === undefined ? label : undefined}
        onPointerDown={(event) => {
          // The menu closes when pressed outside; this press must not do so and open it again.
          if (place) event.stopPropagation();
        }}
        onMouseDown={(event) => {
          if (place) event.preventDefault();
        }}
        onClick={(event) => {
          event.stopPropagation();
          if (place) setPlace(undefined);
          else open();
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.stopPropagation();
          open();
        }}
      >
        {face ?? <Icon name="more" />}
      </button>
      {place && (
        <Menu
          label={label}
          items={typeof items === 'function' ? items() : items}
          place={place}
          onClose={(how) => {
            setPlace(undefined);
            if (how !== 'left') button.current?.focus();
          }}
        />
      )}
    </>
  );
}
