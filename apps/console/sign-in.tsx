import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { statusOf } from '@krateyard/ui/live/api-client';
import type { LiveStatus } from '@krateyard/ui/live/live-frames';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { StatusWords } from '@krateyard/ui/parts/notice.tsx';
import type { Proof, Session } from './session-api.ts';
import { enterWith } from './session-store.ts';
import { strings } from './strings.ts';
import './sign-in.css';

/** The people of the embedded cluster as buttons, and a field for a token. Signing in returns to the address that was open. */
export function SignIn(props: {
  readonly session: Session;
  readonly why?: string | undefined;
}): ReactElement {
  const { session, why } = props;
  const [status, setStatus] = useState<LiveStatus>();
  const [busy, setBusy] = useState(false);
  const enter = (proof: Proof): void => {
    setBusy(true);
    setStatus(undefined);
    enterWith(proof).catch((error: unknown) => {
      setStatus(statusOf(error));
      setBusy(false);
    });
  };
  return (
    <main className="sign-in">
      <header>
        <img src="/mark.svg" alt="" width="32" height="32" />
        <div>
          <small>{strings.product}</small>
          <h1>
            {strings.signInTo} <b>{session.cluster.name}</b>
          </h1>
        </div>
      </header>
      {why !== undefined && <p role="status">{why}</p>}
      {session.people.length > 0 && <People session={session} busy={busy} enter={enter} />}
      <TokenForm alone={session.people.length === 0} busy={busy} enter={enter} />
      {status && (
        <div role="alert">
          <StatusWords status={status} />
        </div>
      )}
    </main>
  );
}

interface EnterProps {
  readonly busy: boolean;
  readonly enter: (proof: Proof) => void;
}

function People({ session, busy, enter }: EnterProps & { readonly session: Session }): ReactElement {
  return (
    <section aria-labelledby="people">
      <h2 id="people">{strings.signInPeople}</h2>
      <ul>
        {session.people.map(({ name, about }) => (
          <li key={name}>
            <button type="button" className="person" disabled={busy} onClick={() => enter({ person: name })}>
              <Icon name="person" />
              <span>
                <b>{name}</b>
                <small>{about}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function TokenForm({ alone, busy, enter }: EnterProps & { readonly alone: boolean }): ReactElement {
  const [token, setToken] = useState('');
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token.trim() !== '') enter({ token: token.trim() });
  };
  return (
    <form onSubmit={submit}>
      <h2>{strings.signInToken}</h2>
      {alone && <p>{strings.signInTokenOnly}</p>}
      <label htmlFor={id}>{strings.token}</label>
      <div className="token-line">
        <input
          id={id}
          type="password"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <button type="submit" className="primary" disabled={busy || token.trim() === ''}>
          {busy ? strings.signingIn : strings.signInButton}
        </button>
      </div>
      <small id={`${id}-hint`}>{strings.tokenHint}</small>
    </form>
  );
}
