import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';

/** Often enough to explain why nothing moves; each table says by itself how old it is. */
const ASK_MS = 10_000;

/** Whether the gateway says that the API server does not answer (its circuit breaker is open). Asked while connected and seen. */
export function useApiServerAway(connected: boolean): boolean {
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (!connected) return undefined;
    const stop = new AbortController();
    const ask = (): void => {
      if (document.visibilityState === 'hidden') return;
      requestJson<{ readonly connection?: string }>('/api/cluster', { signal: stop.signal })
        .then(({ connection }) => setAway(connection === 'open'))
        .catch(() => {
          // Whoever cannot be asked has said nothing about the API server.
        });
    };
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [connected]);
  return connected && away;
}
