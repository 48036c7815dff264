import { useId, useRef, useState, type ReactElement, type ReactNode } from 'react';

/** A button with a panel in the top layer, which closes at a press elsewhere and by Esc. */
export function Popover(props: {
  readonly label: string;
  readonly face: ReactNode;
  readonly children: (close: () => void) => ReactNode;
}): ReactElement {
  const [open, setOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const place = (button: HTMLElement): void => {
    const { bottom, right } = button.getBoundingClientRect();
    Object.assign(panel.current!.style, { top: `${bottom + 4}px`, right: `${innerWidth - right}px` });
  };
  return (
    <>
      <button
        type="button"
        className="plain"
        title={props.label}
        aria-expanded={open}
        popoverTarget={id}
        onClick={(event) => place(event.currentTarget)}
      >
        <span className="only-spoken">{props.label} </span>
        {props.face}
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc closes this and nothing behind it */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="term-panel"
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => event.stopPropagation()}
      >
        {open && props.children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
