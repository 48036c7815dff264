import { useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import './popover.css';

const WIDTH_PX = 320;

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
    Object.assign(panel.current!.style, placeBeside(button.getBoundingClientRect()));
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

const EDGE_PX = 8;
const GAP_PX = 4;

/** On the side with more room, with the right edges in line, and wholly within the window. */
function placeBeside({ top, bottom, right }: DOMRect): Partial<CSSStyleDeclaration> {
  const width = Math.min(WIDTH_PX, innerWidth - 2 * EDGE_PX);
  const inLine = Math.max(EDGE_PX, innerWidth - right);
  const below = innerHeight - bottom - GAP_PX - EDGE_PX;
  const above = top - GAP_PX - EDGE_PX;
  const isBelow = below >= above;
  return {
    width: `${width}px`,
    right: `${Math.min(inLine, innerWidth - width - EDGE_PX)}px`,
    top: isBelow ? `${bottom + GAP_PX}px` : 'auto',
    bottom: isBelow ? 'auto' : `${innerHeight - top + GAP_PX}px`,
    maxHeight: `${isBelow ? below : above}px`,
  };
}
