import { ApiError, statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Store } from '@krateyard/ui/live/store';
import { takeSession } from './early-session.ts';
import { readSession, signIn, signOut, type Proof, type Session } from './session-api.ts';
import { strings } from './strings.ts';

/** Where the person stands with the gateway. */
export type SessionState =
  | { readonly phase: 'asking' }
  | { readonly phase: 'unreachable'; readonly status: LiveStatus }
  | { readonly phase: 'signed-out'; readonly session: Session; readonly why?: string }
  | { readonly phase: 'signed-in'; readonly session: Session }
  | { readonly phase: 'leaving'; readonly session: Session };

export const session = new Store<SessionState>({ phase: 'asking' });

const RETRY_MS = 2000;

/** Asks who is signed in, after redeeming a ticket that stands in the address; the ticket leaves the address bar first. */
export async function startSession(): Promise<void> {
  const ticket = takeTicket();
  if (ticket === undefined) return askSession();
  try {
    enter(await signIn({ ticket }));
  } catch (error) {
    await askSession(error instanceof ApiError && error.status.code === 401 ? strings.ticketBad : undefined);
  }
}

/** Keeps asking until the gateway answers. */
async function askSession(why?: string): Promise<void> {
  try {
    const found = await takeSession();
    if (found.authenticated) enter(found);
    else session.set({ phase: 'signed-out', session: found, ...(why !== undefined && { why }) });
  } catch (error) {
    session.set({ phase: 'unreachable', status: statusOf(error) });
    setTimeout(() => void askSession(why), RETRY_MS);
  }
}

/** Rejects with ApiError when the proof does not hold. */
export async function enterWith(proof: Proof): Promise<void> {
  enter(await signIn(proof));
}

/**
 * Ends the session. The page is taken away first, so that none of its requests meets a session that is over; when
 * signing out fails it comes back, and the promise rejects.
 */
export async function leave(everywhere: boolean): Promise<void> {
  const before = session.get();
  if (before.phase !== 'signed-in') return;
  session.set({ phase: 'leaving', session: before.session });
  // React takes the page away in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 0));
  try {
    await signOut(everywhere);
  } catch (error) {
    session.set(before);
    throw error;
  }
  await askSession();
}

/** For the socket client: whether a refused handshake means that the session is over. */
export async function checkSession(): Promise<'retry' | 'unauthenticated'> {
  try {
    return (await readSession()).authenticated ? 'retry' : 'unauthenticated';
  } catch {
    // Who cannot be asked has not said no.
    return 'retry';
  }
}

/** The server says that the session is over. */
export async function sessionEnded(): Promise<void> {
  if (session.get().phase === 'signed-in') await askSession(strings.sessionOver);
}

function enter(found: Session): void {
  session.set({ phase: 'signed-in', session: found });
}

function takeTicket(): string | undefined {
  const address = new URL(location.href);
  const ticket = address.searchParams.get('ticket');
  if (ticket === null) return undefined;
  address.searchParams.delete('ticket');
  history.replaceState(null, '', address.pathname + address.search);
  return ticket;
}
