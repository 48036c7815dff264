import type { ReactElement } from 'react';
import { formatLocal, formatUtc } from '../words/format-time.ts';

/** A moment in local time, UTC on hover. */
export function Time({ iso }: { readonly iso: string }): ReactElement {
  return (
    <time dateTime={iso} title={formatUtc(iso)}>
      {formatLocal(iso)}
    </time>
  );
}
