import { useCallback, useEffect, useRef } from 'react';

/** The same function for ever, which calls the latest: rows must not render again for it. */
export function useSteadyCallback<Args extends readonly unknown[]>(
  call: (...args: Args) => void,
): typeof call {
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
