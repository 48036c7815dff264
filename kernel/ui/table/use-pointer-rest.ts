import { useEffect, useRef } from 'react';

/** A pointer that merely passes holds nothing. */
const REST_MS = 200;

/** Tells when the pointer rests on the rows; one that left releases at once. Touch never holds: a finger is there to scroll. */
export function usePointerRest(onHold: (held: boolean) => void): {
  onPointerMove: (event: { pointerType: string }) => void;
  onPointerLeave: () => void;
} {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerMove: ({ pointerType }) => {
      if (pointerType !== 'mouse' || timer.current !== undefined) return;
      timer.current = setTimeout(() => onHold(true), REST_MS);
    },
    onPointerLeave: () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      onHold(false);
    },
  };
}
