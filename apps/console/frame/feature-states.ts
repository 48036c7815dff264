import { useEffect } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import { Store } from '@krateyard/ui/live/store';
import { useStore } from '@krateyard/ui/live/use-store';

/** One of `/api/features`. */
export interface FeatureState {
  readonly name: string;
  readonly state: 'lit' | 'dark' | 'unknown';
  readonly missing?: readonly { readonly problem: string; readonly purpose: string }[];
}

const REFRESH_MS = 30_000;

/** By name; empty until the gateway has said. */
export const featureStates = new Store<ReadonlyMap<string, FeatureState>>(new Map());

/** Asks now and then, as long as it is used. */
export function useFeatureStates(): ReadonlyMap<string, FeatureState> {
  useEffect(() => {
    const stop = new AbortController();
    const ask = (): void => {
      requestJson<{ readonly features: readonly FeatureState[] }>('/api/features', { signal: stop.signal })
        .then(({ features }) => featureStates.set(new Map(features.map((one) => [one.name, one]))))
        .catch(() => {
          // What is known stays: a room does not go dark because a question failed.
        });
    };
    ask();
    const timer = setInterval(ask, REFRESH_MS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, []);
  return useStore(featureStates);
}
