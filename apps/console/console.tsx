import { useEffect, type ReactElement } from 'react';
import { signedOutAnswers } from '@krateyard/ui/live/api-client';
import { useStore } from '@krateyard/ui/live/use-store';
import { listenToKeys } from '@krateyard/ui/keys/keys';
import { Notice } from '@krateyard/ui/parts/notice.tsx';
import { ToastList } from '@krateyard/ui/parts/toast-list.tsx';
import { Frame } from './frame/frame.tsx';
import { session, sessionEnded } from './session-store.ts';
import { SignIn } from './sign-in.tsx';
import { strings } from './strings.ts';

/** The whole page: who is there decides what shows. */
export function Console(): ReactElement {
  const state = useStore(session);
  useEffect(() => listenToKeys(document), []);
  useEffect(() => signedOutAnswers.subscribe(() => void sessionEnded()), []);
  return (
    <>
      {state.phase === 'asking' && <p className="only-spoken">{strings.starting}</p>}
      {state.phase === 'leaving' && <p className="only-spoken">{strings.leaving}</p>}
      {state.phase === 'unreachable' && (
        <main>
          <Notice icon="unplugged" tone="warn" title={strings.noGatewayTitle}>
            <p>{strings.noGateway}</p>
          </Notice>
        </main>
      )}
      {state.phase === 'signed-out' && <SignIn session={state.session} why={state.why} />}
      {state.phase === 'signed-in' && <Frame key={state.session.user?.username} session={state.session} />}
      <ToastList />
    </>
  );
}
