import type { ReactElement } from 'react';
import { Age } from '@krateyard/ui/parts/age.tsx';
import { StatusMark } from '@krateyard/ui/parts/status-mark.tsx';
import { STATUS_LOOKS } from '@krateyard/ui/words/status-vocabulary';
import type { Verdict } from '../facts/verdict.ts';

/** Is it well, since when, why not. */
export function VerdictLines({ verdict }: { readonly verdict: Verdict }): ReactElement {
  const { word, text, since, reasons } = verdict;
  return (
    <div className={`verdict verdict-${STATUS_LOOKS[word].tone}`}>
      <p>
        <StatusMark word={word} />
        <strong dir="auto">{text}</strong>
        {since !== undefined && <Age at={since} />}
      </p>
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason} dir="auto">
              {reason}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
