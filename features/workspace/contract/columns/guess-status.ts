import type { StatusCell, StatusWord } from '../status-word.ts';

/** What the words of custom kinds mean, the first that fits: nobody tells us, but most use the same few. */
const MEANINGS: readonly (readonly [meaning: RegExp, word: StatusWord])[] = [
  [
    /fail|error|crash|backoff|lost|invalid|degraded|unhealthy|evicted|notready|not ready|expired|denied/i,
    'Failed',
  ],
  [
    /pending|creating|starting|stopping|restarting|provision|progress|terminat|waiting|schedul|migrat|updating|deleting|initiali|paus|queued|prepar/i,
    'Pending',
  ],
  [/stopp|halted|suspend|disabled|^off$|released|inactive|shutdown/i, 'Stopped'],
  [
    /run|ready|active|bound|available|succe|complete|healthy|established|^ok$|synced|online|deployed|issued|^up$/i,
    'Running',
  ],
];

/** Columns that tell how an object is. */
export function tellsStatus(title: string): boolean {
  return /^(status|phase|state)$/i.test(title.trim());
}

/** The status that a custom kind's own word belongs to. */
export function guessStatus(text: string): StatusCell {
  const word = MEANINGS.find(([meaning]) => meaning.test(text))?.[1] ?? 'Unknown';
  return { word, text };
}
