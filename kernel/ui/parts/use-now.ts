import { useEffect, useState } from 'react';

const STEP_MS = 10_000;

/** Milliseconds since the epoch, at most ten seconds old: for sentences that say how long ago. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
