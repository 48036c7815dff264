import type { KeyboardEvent, PointerEvent, ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { ABOVE_PX, LEAST_PX, resized, USUAL_PX } from './tray-changes.ts';
import { trayStrings } from './tray-strings.ts';
import { tray } from './tray.ts';

const STEP_PX = 24;

/** The upper edge of the tray: dragged, moved by arrows, brought back to the usual height by a double click. */
export function TrayEdge(): ReactElement {
  const { heightPx } = useStore(tray);
  const put = (px: number): void => tray.set(resized(tray.get(), px, innerHeight));
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = {
      ArrowUp: heightPx + STEP_PX,
      ArrowDown: heightPx - STEP_PX,
      PageUp: heightPx + STEP_PX * 5,
      PageDown: heightPx - STEP_PX * 5,
      Home: LEAST_PX,
      End: innerHeight,
      Enter: USUAL_PX,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    put(to);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) put(innerHeight - event.clientY);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator with a value is a control
    <div
      role="separator"
      className="tray-edge"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      aria-label={trayStrings.resize}
      aria-orientation="horizontal"
      aria-valuenow={heightPx}
      aria-valuemin={LEAST_PX}
      aria-valuemax={Math.max(LEAST_PX, innerHeight - ABOVE_PX)}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onDoubleClick={() => put(USUAL_PX)}
    />
  );
}
