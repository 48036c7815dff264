import type { ReactElement } from 'react';
import { nameEnd } from './name-end.ts';
import './middle-cut.css';

/** Texts that begin alike and differ at their end: where there is no room the middle goes. The whole stands in the text. */
export function MiddleCut({ text }: { readonly text: string }): ReactElement {
  const at = nameEnd(text);
  return (
    <span className="middle-cut" dir="auto">
      <span className="middle-cut-start">{text.slice(0, at)}</span>
      {at < text.length && <span className="middle-cut-end">{text.slice(at)}</span>}
    </span>
  );
}
