import { readSession, type Session } from './session-api.ts';

let asked: Promise<Session> | undefined;

/** Asks who is signed in, before anything can show it. Not where a ticket stands in the address: that signs somebody in. */
export function askEarly(): void {
  if (new URLSearchParams(location.search).has('ticket')) return;
  asked = readSession();
  // Whoever takes it hears of its failure.
  asked.catch(() => {});
}

/** The answer to the early question, once; later a new question. */
export function takeSession(): Promise<Session> {
  const answer = asked ?? readSession();
  asked = undefined;
  return answer;
}
