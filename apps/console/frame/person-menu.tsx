import { useRef, useState, type ReactElement } from 'react';
import { Link } from 'wouter';
import { useStore } from '@krateyard/ui/live/use-store';
import { THEMES } from '@krateyard/ui/look/theme';
import { changeSettings, settings } from '@krateyard/ui/settings/settings';
import { Icon } from '@krateyard/ui/parts/icon.tsx';
import { useOutside } from '@krateyard/ui/parts/picker.tsx';
import { toast } from '@krateyard/ui/parts/toasts';
import type { Session } from '../session-api.ts';
import { leave } from '../session-store.ts';
import { strings } from '../strings.ts';
import { useKeepNamespaces } from './use-keep-namespaces.ts';

/** Who is signed in, the theme, and the way out. */
export function PersonMenu({ session }: { readonly session: Session }): ReactElement {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useOutside(root, open, () => setOpen(false));
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Esc closes from anywhere inside
    <div
      className="person-menu"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.preventDefault();
        setOpen(false);
        button.current?.focus();
      }}
    >
      <button
        type="button"
        ref={button}
        className="plain"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="person" />
        <span className="only-spoken">{strings.person}: </span>
        <span className="person-name clip">{session.user?.username}</span>
        <Icon name="chevron" />
      </button>
      {open && <PersonPanel user={session.user} onClose={() => setOpen(false)} />}
    </div>
  );
}

function PersonPanel(props: { readonly user: Session['user']; readonly onClose: () => void }): ReactElement {
  const { user, onClose } = props;
  const { theme: chosen } = useStore(settings);
  const keep = useKeepNamespaces();
  const out = (everywhere: boolean): void => {
    leave(everywhere).catch(() => toast('bad', strings.signOutFailed));
  };
  return (
    <div className="person-panel">
      <p>
        <b>{user?.username}</b>
        <small>{user?.groups.join(', ')}</small>
      </p>
      <fieldset>
        <legend>{strings.theme}</legend>
        {THEMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="theme"
              checked={chosen === name}
              onChange={() => changeSettings({ theme: name })}
            />
            {strings.themes[name]}
          </label>
        ))}
      </fieldset>
      <nav aria-label={strings.person} className="person-links">
        <Link href={keep('/settings')} onClick={onClose}>
          <Icon name="gear" />
          {strings.settings}
          <kbd aria-hidden="true">g ,</kbd>
        </Link>
        <Link href={keep('/me')} onClick={onClose}>
          <Icon name="key" />
          {strings.rights}
          <kbd aria-hidden="true">g m</kbd>
        </Link>
      </nav>
      <button type="button" onClick={() => out(false)}>
        <Icon name="out" />
        {strings.signOut}
      </button>
      <button type="button" className="plain" onClick={() => out(true)}>
        {strings.signOutEverywhere}
      </button>
    </div>
  );
}
