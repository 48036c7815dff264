import type { ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { formatLocal, formatUtc, timeZone } from '../words/format-time.ts';

/** A moment in local time, UTC on hover. */
export function Time({ iso }: { readonly iso: string }): ReactElement {
  useStore(timeZone);
  return (
    <time dateTime={iso} title={formatUtc(iso)}>
      {formatLocal(iso)}
    </time>
  );
}
