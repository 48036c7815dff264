import { useEffect, useState, type ReactElement } from 'react';
import { ConfirmDialog } from '@krateyard/ui/dialogs/confirm-dialog.tsx';
import { openDialog } from '@krateyard/ui/dialogs/dialogs';
import { requestJson } from '@krateyard/ui/live/api-client';
import { announce } from '@krateyard/ui/parts/announce';
import type { RevealedValue } from '../../../contract/resource-api.ts';
import { objectStrings as strings } from '../object-strings.ts';

/** How long a revealed value stays on screen. */
const SHOWN_SECONDS = 30;

/** One value of a Secret: masked until asked for, audited by the gateway, and hidden again by itself or when the page is left. */
export function SecretValue(props: {
  readonly namespace: string;
  readonly name: string;
  readonly entry: string;
}): ReactElement {
  const { namespace, name, entry } = props;
  const [value, setValue] = useState<RevealedValue>();
  const [left, setLeft] = useState(0);
  const hide = (): void => {
    setValue(undefined);
    announce(strings.revealHidden);
  };
  useEffect(() => {
    if (!value) return undefined;
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    const onHidden = (): void => {
      if (document.visibilityState === 'hidden') setValue(undefined);
    };
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onHidden);
    };
  }, [value]);
  useEffect(() => {
    if (value && left <= 0) hide();
  }, [value, left]);
  const ask = (): void => {
    openDialog(() => (
      <ConfirmDialog
        title={strings.revealTitle(entry)}
        effects={[strings.revealText]}
        verb={strings.reveal}
        tone="calm"
        onConfirm={async () => {
          const path = `/api/resource/secrets/${encodeURIComponent(name)}/reveal?ns=${encodeURIComponent(namespace)}`;
          const revealed = await requestJson<RevealedValue>(path, { method: 'POST', body: { key: entry } });
          setLeft(SHOWN_SECONDS);
          setValue(revealed);
        }}
      />
    ));
  };
  if (!value) {
    return (
      <>
        <span className="masked" aria-hidden="true">
          ••••••••
        </span>
        <button type="button" onClick={ask} aria-label={`${strings.reveal} ${entry}`}>
          {strings.reveal}
        </button>
      </>
    );
  }
  return (
    <>
      <small className="absent">
        {strings.hidesIn(left)}
        {value.encoding === 'base64' && `, ${strings.binary} (base64)`}
      </small>
      <button type="button" onClick={hide}>
        {strings.hide}
      </button>
      <pre dir="auto">{value.value}</pre>
    </>
  );
}
