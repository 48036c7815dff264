import { useEffect, useRef, useState } from 'react';
import { useSteadyCallback } from '../table/use-steady-callback.ts';

interface TypedOptions {
  readonly value: string;
  /** Without typing, after which it is told. */
  readonly pauseMs: number;
  /** What is only begun is told by `tell` alone. */
  readonly isWhole?: (typed: string) => boolean;
  readonly onChange: (text: string) => void;
}

/** What stands in a field that is told of after a pause in typing; another value from outside is followed at once. */
export function useTyped({ value, pauseMs, isWhole, onChange }: TypedOptions): {
  readonly typed: string;
  readonly setTyped: (text: string) => void;
  /** Sets it and tells at once. */
  readonly tell: (text: string) => void;
} {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Told as the page is after the pause, not as it was before: what was done meanwhile stays.
  const tell = useSteadyCallback((text: string) => {
    clearTimeout(pause.current);
    setTyped(text);
    setTold(text);
    onChange(text);
  });
  useEffect(() => {
    if (typed === value || isWhole?.(typed) === false) return undefined;
    pause.current = setTimeout(() => tell(typed), pauseMs);
    return () => clearTimeout(pause.current);
    // oxlint-disable-next-line react/exhaustive-deps -- only typing starts the pause
  }, [typed]);
  return { typed, setTyped, tell };
}
