import { useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import './popover.css';

/** A button with a panel in the top layer, which closes at a press elsewhere and by Esc. */
export function Popover(props: {
  readonly label: string;
  readonly face: ReactNode;
  readonly className?: string;
  readonly children: (close: () => void) => ReactNode;
}): ReactElement {
  const { label, face, className = 'plain', children } = props;
  const [open, setOpen] = useState(false);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  const place = (button: HTMLElement): void => {
    const { bottom, right } = button.getBoundingClientRect();
    const space = Math.max(8, innerWidth - right);
    Object.assign(panel.current!.style, { top: `${bottom + 4}px`, right: `${space}px` });
  };
  return (
    <>
      <button
        type="button"
        className={className}
        title={label}
        aria-expanded={open}
        popoverTarget={id}
        onClick={(event) => place(event.currentTarget)}
      >
        <span className="only-spoken">{label} </span>
        {face}
      </button>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc closes this and nothing behind it */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="popover"
        onToggle={(event) => setOpen(event.newState === 'open')}
        onKeyDown={(event) => event.stopPropagation()}
      >
        {open && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
