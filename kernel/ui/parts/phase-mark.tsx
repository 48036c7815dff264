import type { ReactElement } from 'react';
import { strings } from '../strings.ts';
import './phase-mark.css';

/** Where the connection to something shared stands. */
export type Phase = keyof typeof strings.phases;

type Tone = 'ok' | 'warn' | 'bad' | 'off';

const TONES: Readonly<Record<Phase, Tone>> = {
  connecting: 'warn',
  live: 'ok',
  reconnecting: 'warn',
  waiting: 'warn',
  refused: 'bad',
  ended: 'off',
};

/** The phase as a mark and a word; `instead`: what is at the other end, where that says more. */
export function PhaseMark(props: {
  readonly phase: Phase;
  readonly instead?: { readonly state: string; readonly tone: Tone; readonly word: string } | undefined;
}): ReactElement {
  const { phase, instead } = props;
  return (
    <span
      className={`phase-mark tone-${instead?.tone ?? TONES[phase]}`}
      data-phase={phase}
      data-state={instead?.state}
      role="status"
    >
      <i aria-hidden="true" />
      <span>{instead?.word ?? strings.phases[phase]}</span>
    </span>
  );
}
