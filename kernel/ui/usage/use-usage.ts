import { useEffect, useSyncExternalStore, useMemo, useState } from 'react';
import { history } from '../plots/history.ts';
import type { TimedSample } from '../plots/session-history.ts';
import type { LiveStatus } from '../live/live-frames.ts';
import { useLiveSource } from '../live/live-context.ts';

/** `[at, cores, bytes]`. */
export type UsageSamples = readonly TimedSample[];

/** `pods`, `nodes`, or a kind whose pods are summed up. */
export type UsageKind = string;

/** How often the gateway has a sample; a longer silence is a gap. */
export const USAGE_PERIOD_MS = 15_000;

/** The series in the session's history. */
export const usageSeries = (kind: UsageKind, key: string): string => `usage ${kind} ${key}`;

export interface Usage {
  /** By key; empty where nothing has been measured. */
  readonly samplesOf: (key: string) => UsageSamples;
  /** Why there is none: not served, not allowed. Undefined while there is, or nobody knows yet. */
  readonly status: LiveStatus | undefined;
  readonly loading: boolean;
}

/** How long until usage that was refused is asked for again. */
const RETRY_MS = 60_000;

/**
 * Follows the usage of objects while the component is mounted: what was shown before in this session, then what the gateway still
 * knows, then each new sample. With no kind, or no keys, follows nothing.
 */
export function useUsage(kind: UsageKind | undefined, keys: readonly string[], last?: number): Usage {
  const source = useLiveSource();
  const signature = JSON.stringify(keys);
  const [state, setState] = useState<{ loading: boolean; status: LiveStatus | undefined }>(LOADING);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const followed = JSON.parse(signature) as string[];
    if (kind === undefined || followed.length === 0) return undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const subscription = source.subscribe(
      { parts: 'metrics', ask: { kind, keys: followed, ...(last !== undefined && { last }) } },
      {
        onMessage: (frame) => {
          if (frame.type === 'parts') {
            for (const [key, series] of Object.entries(frame.parts ?? {})) {
              history.add(usageSeries(kind, key), (series as { readonly samples: UsageSamples }).samples);
            }
            setState(KNOWN);
          } else if (frame.type === 'refused' || frame.type === 'ended') {
            setState({ loading: false, status: frame.status });
            retry ??= setTimeout(() => setAsked((count) => count + 1), RETRY_MS);
          }
        },
      },
    );
    return () => {
      clearTimeout(retry);
      subscription.close();
    };
  }, [source, kind, signature, last, asked]);
  useSeries(kind, signature);
  return useMemo(
    () => ({
      ...state,
      samplesOf: (key: string): UsageSamples =>
        kind === undefined || state.status ? NONE : history.series(usageSeries(kind, key)).get(),
    }),
    [state, kind],
  );
}

const LOADING = { loading: true, status: undefined };
const KNOWN = { loading: false, status: undefined };
const NONE: UsageSamples = [];

/** Renders when any of the series has grown. */
function useSeries(kind: UsageKind | undefined, signature: string): void {
  const stores = useMemo(
    () =>
      kind === undefined
        ? []
        : (JSON.parse(signature) as string[]).map((key) => history.series(usageSeries(kind, key))),
    [kind, signature],
  );
  useSyncExternalStore(
    (listener) => {
      const stops = stores.map((store) => store.subscribe(listener));
      return () => stops.forEach((stop) => stop());
    },
    () => stores.reduce((sum, store) => sum + (store.get().at(-1)?.[0] ?? 0), 0),
  );
}
