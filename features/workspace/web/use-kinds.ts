import { useEffect, useState } from 'react';
import { requestJson } from '@krateyard/ui/live/api-client';
import { settingsOwner } from '@krateyard/ui/settings/settings';
import type { KindList, KindSummary } from '../contract/resource-api.ts';

/** Of whoever is signed in: the next person starts with nothing. */
let known: { readonly person: string; readonly kinds: readonly KindSummary[] } = { person: '', kinds: [] };

const knownTo = (person: string): readonly KindSummary[] => (known.person === person ? known.kinds : []);

interface Question {
  readonly person: string;
  readonly stop: AbortController;
  readonly answer: Promise<KindList>;
  askers: number;
}
let open: Question | undefined;

/** Page and picker ask at about the same time: one question is enough. It ends with the last who wants to know. */
function askKinds(person: string): { readonly answer: Promise<KindList>; readonly leave: () => void } {
  const question = open?.person === person ? open : ask(person);
  open = question;
  question.askers += 1;
  return {
    answer: question.answer,
    leave: () => {
      question.askers -= 1;
      if (question.askers === 0) question.stop.abort();
    },
  };
}

function ask(person: string): Question {
  const stop = new AbortController();
  const answer = requestJson<KindList>('/api/resources', { signal: stop.signal });
  const question: Question = { person, stop, answer, askers: 0 };
  const over = (): void => {
    if (open === question) open = undefined;
  };
  stop.signal.addEventListener('abort', over);
  answer.then(over, over);
  return question;
}

/** The kinds that this person may list, asked for anew whenever `asked` changes; the last known ones meanwhile, and when it fails. */
export function useKinds(asked: unknown): readonly KindSummary[] {
  const [found, setFound] = useState(() => knownTo(settingsOwner()));
  useEffect(() => {
    let gone = false;
    const person = settingsOwner();
    const { answer, leave } = askKinds(person);
    answer.then(
      ({ items }) => {
        known = { person, kinds: items };
        if (!gone) setFound(items);
      },
      () => {
        // Who shows kinds says elsewhere what is wrong: pickers, tables.
      },
    );
    return () => {
      gone = true;
      leave();
    };
  }, [asked]);
  return found;
}
