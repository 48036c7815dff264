import type { ReactElement } from 'react';
import { useStore } from '../live/use-store.ts';
import { strings } from '../strings.ts';
import { announcement } from './announce.ts';
import { IconButton } from './icon-button.tsx';
import { dismissToast, toasts } from './toasts.ts';
import './toast-list.css';

/** Toasts, and the polite region that screen readers listen to. Once in the frame. */
export function ToastList(): ReactElement {
  const shown = useStore(toasts);
  const spoken = useStore(announcement);
  return (
    <>
      <div className="only-spoken" role="status" aria-live="polite">
        {spoken}
      </div>
      <ul className="toasts" aria-label={strings.notifications} aria-live="polite">
        {shown.map(({ id, tone, text, count, more, group }) => (
          <li key={id} className={`toast tone-${tone}`}>
            <span className="toast-text">
              {text}
              {count > 1 && !group && <b className="toast-count">{strings.times(count)}</b>}
            </span>
            {more && (
              <button
                type="button"
                onClick={() => {
                  dismissToast(id);
                  more.run();
                }}
              >
                {more.text}
              </button>
            )}
            <IconButton icon="close" label={strings.dismiss} onPress={() => dismissToast(id)} />
          </li>
        ))}
      </ul>
    </>
  );
}
