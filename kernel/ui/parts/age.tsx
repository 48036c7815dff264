import { useLayoutEffect, useRef, type ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { formatLocal, formatUtc, timeZone } from '../words/format-time.ts';
import { tickAge } from './age-ticker.ts';

/** How long ago, ticking; the local time and UTC on hover. */
export function Age({ at }: { readonly at: number }): ReactElement {
  useStore(timeZone);
  const element = useRef<HTMLTimeElement>(null);
  useLayoutEffect(() => (element.current ? tickAge(element.current, at) : undefined), [at]);
  const iso = new Date(at).toISOString();
  return <time ref={element} dateTime={iso} title={`${formatLocal(iso)}\n${formatUtc(iso)}`} />;
}
