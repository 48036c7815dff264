import { requestJson } from '@krateyard/ui/live/api-client';

/** `/api/session`. */
export interface Session {
  readonly authenticated: boolean;
  readonly user?: {
    readonly username: string;
    readonly groups: readonly string[];
    readonly via: 'impersonate' | 'own';
  };
  readonly ways: readonly ('person' | 'token')[];
  readonly people: readonly { readonly name: string; readonly about: string }[];
  readonly cluster: { readonly name: string; readonly embedded: boolean };
  readonly namespace?: string;
}

export type Proof = { readonly person: string } | { readonly token: string } | { readonly ticket: string };

export const readSession = (signal?: AbortSignal): Promise<Session> =>
  requestJson<Session>('/api/session', signal && { signal });

export const signIn = (proof: Proof): Promise<Session> =>
  requestJson<Session>('/api/session', { method: 'POST', body: proof });

export const signOut = (everywhere: boolean): Promise<void> =>
  requestJson(`/api/session${everywhere ? '?everywhere=true' : ''}`, { method: 'DELETE' });
