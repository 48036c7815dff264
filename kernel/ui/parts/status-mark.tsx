import type { ReactElement } from 'react';
import { STATUS_LOOKS, type StatusLook, type StatusWord } from '../words/status-vocabulary.ts';

const SHAPES: Readonly<Record<StatusLook['shape'], ReactElement>> = {
  triangle: <path d="M6 1.5 11 10.500H1z" fill="currentColor" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2a4 4 0 0 0 0 8z" fill="currentColor" />
    </>
  ),
  diamond: <path d="M6 1.5 10.5 6 6 10.5 1.5 6z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  dot: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />,
};

/** The shape in its colour. The word beside it is what screen readers read. */
export function StatusMark({ word }: { readonly word: StatusWord }): ReactElement {
  const { tone, shape } = STATUS_LOOKS[word];
  return (
    <svg className={`status-mark tone-${tone}`} viewBox="0 0 12 12" aria-hidden="true" data-shape={shape}>
      {SHAPES[shape]}
    </svg>
  );
}

export function Status({ word, text }: { readonly word: StatusWord; readonly text: string }): ReactElement {
  return (
    <span className={`status status-${STATUS_LOOKS[word].tone}`}>
      <StatusMark word={word} />
      <span className="clip" dir="auto">
        {text}
      </span>
    </span>
  );
}
